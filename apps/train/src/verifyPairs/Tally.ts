/**
 * What is counted while verdicts are printed, and the table that ends them. It does not grow with the input.
 */
import type { Judged, VerdictName } from "./judgeLine.ts"

/** How often each verdict was given: in all, and where right or wrong was expected. Changed by `count` alone. */
export interface Tally {
  readonly all: Record<VerdictName, number>
  readonly expectedRight: Record<VerdictName, number>
  readonly expectedWrong: Record<VerdictName, number>
  readonly rules: Map<string, number>
  broken: number
  firstBroken: number | undefined
}

/** The verdicts, as the tables order them. */
const verdicts: ReadonlyArray<VerdictName> = ["correct", "wrong", "unparseable", "timeout"]

const none = (): Record<VerdictName, number> => ({ correct: 0, wrong: 0, unparseable: 0, timeout: 0 })

/** Nothing counted yet. */
export const make = (): Tally => ({
  all: none(),
  expectedRight: none(),
  expectedWrong: none(),
  rules: new Map(),
  broken: 0,
  firstBroken: undefined,
})

/** Counts a line. */
export const count = (tally: Tally, judged: Judged): void => {
  if (judged._tag === "Broken") {
    tally.broken++
    tally.firstBroken ??= judged.number
    return
  }
  const { verdict, rule } = judged.row
  tally.all[verdict]++
  if (judged.expected !== undefined) (judged.expected ? tally.expectedRight : tally.expectedWrong)[verdict]++
  if (rule !== null) tally.rules.set(rule, (tally.rules.get(rule) ?? 0) + 1)
}

const sum = (counts: Readonly<Record<VerdictName, number>>): number =>
  verdicts.reduce((total, verdict) => total + counts[verdict], 0)

/** How many lines were pairs. */
export const pairs = ({ all }: Tally): number => sum(all)

/** Verdicts by frequency, the rules that decided, and how fast it went. */
export const table = (tally: Tally, seconds: number): string => {
  const total = pairs(tally)
  const rules = [...tally.rules].toSorted(([a, m], [b, n]) => n - m || a.localeCompare(b))
  const rows = [
    ...verdicts.map((verdict) => [verdict, `${tally.all[verdict]}`, share(tally.all[verdict], total)]),
    ["pairs", `${total}`, ""],
    ...(tally.broken > 0 ? [["broken lines", `${tally.broken}`, ""]] : []),
    ...(rules.length > 0 ? [["", "", ""]] : []),
    ...rules.map(([rule, times]) => [`by ${rule}`, `${times}`, share(times, total)]),
  ]
  const rate = total / Math.max(seconds, 1e-9)
  return `${aligned(rows)}\n\n${Math.round(rate)} pairs/s, ${seconds.toFixed(2)} s in all`
}

/** Expected verdicts against given ones. Agreement: correct exactly where right was expected. */
export const confusion = ({ expectedRight, expectedWrong, all }: Tally): string => {
  const stated = sum(expectedRight) + sum(expectedWrong)
  const row = (name: string, counts: Readonly<Record<VerdictName, number>>): ReadonlyArray<string> => [
    name,
    ...verdicts.map((verdict) => `${counts[verdict]}`),
  ]
  const agreed = expectedRight.correct + sum(expectedWrong) - expectedWrong.correct
  const without = sum(all) - stated
  return [
    aligned([["expected", ...verdicts], row("correct", expectedRight), row("wrong", expectedWrong)]),
    "",
    `agreement ${agreed}/${stated}${stated === 0 ? "" : ` (${share(agreed, stated)})`}, ` +
      `false positives ${expectedWrong.correct}, false negatives ${sum(expectedRight) - expectedRight.correct}` +
      (without === 0 ? "" : `; ${without} pairs expect nothing`),
  ].join("\n")
}

/** A line about a verdict that is not the expected one; undefined where they agree. */
export const disagreement = (judged: Judged): string | undefined => {
  if (judged._tag === "Broken" || judged.expected === undefined) return undefined
  const { id, verdict, gold, answer, rule, reason } = judged.row
  if (judged.expected === (verdict === "correct")) return undefined
  return (
    `line ${judged.number}, id ${id}: expected ${judged.expected ? "correct" : "wrong"}, is ${verdict} ` +
    `(${rule ?? reason}): gold ${shown(gold)}, answer ${answer === null ? "none" : shown(answer)}`
  )
}

const shown = (text: string): string => JSON.stringify(text.length > 100 ? `${text.slice(0, 99)}…` : text)

const share = (part: number, total: number): string =>
  total === 0 ? "" : `${((100 * part) / total).toFixed(1)}%`

/** The first column to the left, the others to the right. */
const aligned = (rows: ReadonlyArray<ReadonlyArray<string>>): string => {
  const widths = rows.reduce<ReadonlyArray<number>>(
    (widest, row) => row.map((cell, k) => Math.max(cell.length, widest[k] ?? 0)),
    [],
  )
  return rows
    .map((row) =>
      row
        .map((cell, k) => (k === 0 ? cell.padEnd(widths[k] ?? 0) : cell.padStart(widths[k] ?? 0)))
        .join("  ")
        .trimEnd(),
    )
    .join("\n")
}
