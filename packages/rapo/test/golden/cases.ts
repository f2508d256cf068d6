/** Comparison with values that other frameworks computed, read from a folder beside the repository where it exists. */
import * as fs from "node:fs"
import * as path from "node:path"

/** Numbers, or lists of them, to any depth. */
export type Nested = number | ReadonlyArray<Nested>

/**
 * One value of another framework beside ours. Where they differ, `explained` is what their convention makes of our parts:
 * it must equal theirs, and ours must not, so that a documented difference can neither grow nor silently vanish.
 */
export type Case =
  | { readonly _tag: "Reproduced"; readonly name: string; readonly holds: boolean; readonly detail: string }
  | {
      readonly _tag: "Differs"
      readonly name: string
      readonly holds: boolean
      readonly detail: string
      readonly why: string
    }

export type Matrix = ReadonlyArray<ReadonlyArray<number>>

const folder = path.resolve(import.meta.dirname, "../../../../../shared/data/golden")

/** The file's data, if it is beside the repository; a line says where it is not. */
export const read = (file: string): unknown => {
  const full = path.join(folder, file)
  if (fs.existsSync(full)) return JSON.parse(fs.readFileSync(full, "utf8")) as unknown
  console.log(`golden: ${file} is not beside this repository, so nothing was compared`)
  return undefined
}

const flat = (values: Nested): ReadonlyArray<number> =>
  typeof values === "number" ? [values] : values.flatMap(flat)

/** The largest difference, relative to numbers above 1; infinite where the shapes differ. */
const distance = (ours: Nested, theirs: Nested): number => {
  const [a, b] = [flat(ours), flat(theirs)]
  if (a.length !== b.length) return Infinity
  const gaps = a.map((x, i) => Math.abs(x - (b[i] ?? NaN)) / Math.max(1, Math.abs(b[i] ?? NaN)))
  return gaps.reduce((x, y) => (Number.isNaN(y) ? Infinity : Math.max(x, y)), 0)
}

export const reproduced = (name: string, ours: Nested, theirs: Nested, tolerance: number): Case => {
  const gap = distance(ours, theirs)
  return { _tag: "Reproduced", name, holds: gap <= tolerance, detail: `differs by ${gap}` }
}

export const differs = (
  name: string,
  why: string,
  { ours, explained, theirs }: { readonly ours: Nested; readonly explained: Nested; readonly theirs: Nested },
  tolerance: number,
): Case => {
  const [unexplained, apart] = [distance(explained, theirs), distance(ours, theirs)]
  return {
    _tag: "Differs",
    name,
    why,
    holds: unexplained <= tolerance && apart > tolerance,
    detail: `explained up to ${unexplained}, apart by ${apart}`,
  }
}

/** The names of the cases that do not hold, and how far off they are. */
export const failures = (cases: ReadonlyArray<Case>): ReadonlyArray<string> =>
  cases.filter(({ holds }) => !holds).map(({ name, detail }) => `${name}: ${detail}`)

/** One line that counts a file's cases. */
export const tally = (file: string, cases: ReadonlyArray<Case>): string => {
  const held = (tag: Case["_tag"]): number => cases.filter((c) => c._tag === tag && c.holds).length
  return `golden ${file}: ${held("Reproduced")} of ${cases.length} cases reproduced, ${held("Differs")} differ as documented`
}

/** Position (b, t) of a matrix. */
export const at = (matrix: Matrix, b: number, t: number): number => matrix[b]?.[t] ?? NaN

export const mapMatrix = (matrix: Matrix, f: (x: number, b: number, t: number) => number): Matrix =>
  matrix.map((row, b) => row.map((x, t) => f(x, b, t)))

export const sumOf = (xs: ReadonlyArray<number>): number => xs.reduce((a, b) => a + b, 0)

/** Σ w x. */
export const weightedSum = (weights: Matrix, values: Matrix): number =>
  sumOf(mapMatrix(weights, (w, b, t) => w * at(values, b, t)).flat())
