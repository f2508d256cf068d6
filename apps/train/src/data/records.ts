/**
 * The records of a data file, each with its place, and what is said when one is not as it should be.
 */
import * as E from "fp-ts/lib/Either.js"

// model

/** What is wrong, and where: "line 12: answer". */
export interface DatasetFault {
  readonly _tag: "DatasetFault"
  readonly place: string
  readonly problem: string
  readonly remedy: string
  /** Whether the record can be left out. */
  readonly isSkippable: boolean
}

/** A record as it was parsed, and where it stands. */
export interface Entry {
  readonly place: string
  readonly number: number
  readonly value: E.Either<DatasetFault, unknown>
}

// constructors

/** The records of a text: JSON, an array of them, or JSONL, one a line; empty lines are none. */
export const recordsOf = (text: string): ReadonlyArray<Entry> => {
  if (text.trimStart().startsWith("[")) {
    const parsed = parseJson(text, "")
    if (E.isLeft(parsed)) return [{ place: "", number: 1, value: parsed }]
    return (parsed.right as ReadonlyArray<unknown>).map((value, i) => ({
      place: `record ${i + 1}`,
      number: i + 1,
      value: E.right(value),
    }))
  }
  return text.split("\n").flatMap((line, i): ReadonlyArray<Entry> => {
    const place = `line ${i + 1}`
    return line.trim() === "" ? [] : [{ place, number: i + 1, value: parseJson(line, place) }]
  })
}

const parseJson = (text: string, place: string): E.Either<DatasetFault, unknown> =>
  E.tryCatch(
    (): unknown => JSON.parse(text),
    (cause) =>
      fault(place, "", `is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`, {
        remedy: "A data set is JSONL, a record a line, or JSON, an array of records. Was it copied whole?",
        isSkippable: false,
      }),
  )

/** A fault; skippable, if nothing else is said. `field` may be empty. */
export const fault = (
  place: string,
  field: string,
  problem: string,
  { remedy, isSkippable = true }: { readonly remedy: string; readonly isSkippable?: boolean },
): DatasetFault => ({
  _tag: "DatasetFault",
  place: [place, field].filter((part) => part !== "").join(": "),
  problem,
  remedy,
  isSkippable,
})

// destructors

/** `line 12: answer: is empty`. */
export const showFault = ({ place, problem }: DatasetFault): string => `${place}: ${problem}`
