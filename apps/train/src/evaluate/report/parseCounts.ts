/**
 * From the text of `counts.jsonl` or `samples.ndjson` to a tally of each problem.
 *
 *     {"id": "p1", "n": 1024, "c": 3}                          a line a problem
 *     {"problem": "p1", "sample": 0, "verdict": "Correct", …}  a line a sample
 *
 * A file is of one kind. Faults are named by their line; a last line of samples that was cut short by a crash is left out.
 */
import type { PassAtK } from "@rapo/eval"
import { type Either, left, right } from "fp-ts/lib/Either.js"

// model

/** A problem's tally, and the line where it stands (for samples, the first). */
export type Counted = PassAtK.Tally & { readonly line: number }

/** A fault of a line. */
export interface CountFault {
  readonly field: string
  readonly problem: string
  readonly remedy: string
}

// constructors

/** See the module header. */
export const parseCounts = (text: string): Either<CountFault, ReadonlyArray<Counted>> => {
  const counted = new Map<string, Counted>()
  const places = new Map<string, number>()
  const lines = text.split("\n")
  let kind: Kind | undefined
  for (const [index, each] of lines.entries()) {
    if (each.trim() === "") continue
    const line = index + 1
    const record = objectOf(each)
    if (record === undefined) {
      if (kind === "samples" && line === lines.length) continue
      return left(fault(line, "", "is not a JSON object", formats))
    }
    const own: Kind = "verdict" in record ? "samples" : "counts"
    if (kind !== undefined && own !== kind)
      return left(
        fault(
          line,
          "",
          `holds ${article[own]}, and the lines before hold ${article[kind]}`,
          "Give one file of each kind.",
        ),
      )
    kind = own
    const added = own === "counts" ? countOf(record, line) : sampleOf(record, line)
    if ("remedy" in added) return left(added)
    const other = places.get(added.key)
    if (other !== undefined)
      return left(
        fault(
          line,
          own === "counts" ? "id" : "sample",
          `${added.name} stands in line ${other} too`,
          "Leave one of the lines out.",
        ),
      )
    places.set(added.key, line)
    const before = counted.get(added.tally.id)
    counted.set(
      added.tally.id,
      before === undefined
        ? { ...added.tally, line }
        : {
            ...before,
            samples: before.samples + added.tally.samples,
            correct: before.correct + added.tally.correct,
          },
    )
  }
  return counted.size === 0
    ? left({ field: "", problem: "holds no counts", remedy: formats })
    : right([...counted.values()])
}

// numerics

type Kind = "counts" | "samples"

interface Added {
  readonly tally: PassAtK.Tally
  /** Unique in the file. */
  readonly key: string
  readonly name: string
}

const formats =
  'Each line is {"id": "…", "n": samples, "c": correct ones}, or a line of the samples.ndjson of `rapo eval`.'

const article: Readonly<Record<Kind, string>> = { counts: "the counts of a problem", samples: "a sample" }

const fault = (line: number, field: string, problem: string, remedy: string): CountFault => ({
  field: field === "" ? `line ${line}` : `line ${line}: ${field}`,
  problem,
  remedy,
})

const objectOf = (text: string): Readonly<Record<string, unknown>> | undefined => {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : undefined
  } catch {
    return undefined
  }
}

const countOf = (record: Readonly<Record<string, unknown>>, line: number): Added | CountFault => {
  const { id, n, c } = record
  if (typeof id !== "string" || id === "") return missing(line, "id", id, "a text that is not empty")
  if (!isCount(n) || n === 0) return missing(line, "n", n, "a whole number above 0")
  if (!isCount(c)) return missing(line, "c", c, "a whole number from 0 to n")
  if (c > n)
    return fault(
      line,
      "c",
      `${c} correct samples of ${n} (problem ${id})`,
      "c counts the correct ones among the n samples.",
    )
  return { tally: { id, samples: n, correct: c }, key: id, name: `problem ${id}` }
}

const sampleOf = (record: Readonly<Record<string, unknown>>, line: number): Added | CountFault => {
  const { problem, sample, seed, verdict } = record
  if (typeof problem !== "string" || problem === "")
    return missing(line, "problem", problem, "a text that is not empty")
  if (!isCount(sample)) return missing(line, "sample", sample, "the sample's index, a whole number")
  if (typeof verdict !== "string" || !verdicts.has(verdict))
    return missing(line, "verdict", verdict, `one of ${[...verdicts].join(", ")}`)
  const of = isCount(seed) ? ` with seed ${seed}` : ""
  return {
    tally: { id: problem, samples: 1, correct: verdict === "Correct" ? 1 : 0 },
    key: JSON.stringify([problem, isCount(seed) ? seed : null, sample]),
    name: `sample ${sample} of problem ${problem}${of}`,
  }
}

const verdicts = new Set(["Correct", "Wrong", "Unparseable", "TimedOut"])

const isCount = (value: unknown): value is number =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= 0

const missing = (line: number, field: string, value: unknown, wanted: string): CountFault =>
  fault(
    line,
    field,
    value === undefined ? "is missing" : `is ${JSON.stringify(value)}`,
    `It must be ${wanted}.`,
  )
