/**
 * The records of a data file, each with its place, and what is said when one is not as it should be.
 */
import * as E from "fp-ts/lib/Either.js"

// model

/**
 * How much a fault takes with it: an "unusable" record (its answer is empty, the verifier cannot read it, its problem stands there
 * twice) is always left out; a "malformed" one (a field is missing, an id stands there twice) hints at the wrong file or field, and
 * is left out on demand; of a "broken" file nothing is used.
 */
export type Severity = "unusable" | "malformed" | "broken"

/** What is wrong, and where: "line 12: answer". */
export interface DatasetFault {
  readonly _tag: "DatasetFault"
  readonly place: string
  readonly problem: string
  readonly remedy: string
  readonly severity: Severity
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
    return numbered("record", parsed.right as ReadonlyArray<unknown>)
  }
  return text.split("\n").flatMap((line, i): ReadonlyArray<Entry> => {
    const place = `line ${i + 1}`
    return line.trim() === "" ? [] : [{ place, number: i + 1, value: parseJson(line, place) }]
  })
}

/** Values that are parsed already, each named by its number: "row 3". */
export const numbered = (word: string, values: ReadonlyArray<unknown>): ReadonlyArray<Entry> =>
  values.map((value, i) => ({ place: `${word} ${i + 1}`, number: i + 1, value: E.right(value) }))

const parseJson = (text: string, place: string): E.Either<DatasetFault, unknown> =>
  E.tryCatch(
    (): unknown => JSON.parse(text),
    (cause) =>
      fault(
        "broken",
        place,
        "",
        `is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`,
        "A data set is JSONL, a record a line; JSON, an array of records; or Parquet. Was it copied whole?",
      ),
  )

/** A fault. `place` and `field` may be empty. */
export const fault = (
  severity: Severity,
  place: string,
  field: string,
  problem: string,
  remedy: string,
): DatasetFault => ({
  _tag: "DatasetFault",
  place: [place, field].filter((part) => part !== "").join(": "),
  problem,
  remedy,
  severity,
})

// destructors

/** `line 12: answer: is empty`. */
export const showFault = ({ place, problem }: DatasetFault): string =>
  place === "" ? problem : `${place}: ${problem}`
