/**
 * What a run shows, in sentences that follow from its numbers: gains and losses alike, and what they do not show.
 */
import type { Summary } from "../storage/Summary.ts"
import { baseFamily } from "./arms.ts"

type SummaryData = Omit<(typeof Summary)["Type"], "findings">
type Interval = SummaryData["comparisons"][number]["difference"]

/** The findings of a summary. */
export const findings = (summary: SummaryData): ReadonlyArray<string> => [
  ...(summary.quick
    ? ["A quick run: it shows that every stage works, and is too small to conclude from."]
    : []),
  ...(summary.status === "interrupted"
    ? ["The run was interrupted: arms that were not judged by then are missing."]
    : []),
  ...summary.arms.filter(({ chosen, family }) => chosen && family !== baseFamily).flatMap(armFindings),
  ...rapoFindings(summary),
  ...hardFindings(summary),
  ...summary.arms.flatMap(({ label, divergedAt }) =>
    divergedAt === null
      ? []
      : [`${label} diverged at step ${divergedAt}; what is judged is its policy before that.`],
  ),
  `One seed, one base model of ${summary.base.parameters.toLocaleString("en")} parameters. The intervals are over problems and not corrected for their number; they do not tell how another seed of training would fall.`,
]

/** `+0.080 [+0.050, +0.110]`. Exported for tests. */
export const signed = ({ mean, low, high }: Interval): string => {
  const show = (x: number): string => `${x < 0 ? "−" : "+"}${Math.abs(x).toFixed(3)}`
  return `${show(mean)} [${show(low)}, ${show(high)}]`
}

/** What an interval of a difference says. Exported for tests. */
export const verdictOn = ({ low, high }: Interval): "gains" | "loses" | "is not told apart" =>
  low > 0 ? "gains" : high < 0 ? "loses" : "is not told apart"

/** One sentence an arm: both ends of the curve on every set but Hard. */
const armFindings = (arm: SummaryData["arms"][number]): ReadonlyArray<string> => {
  const parts = arm.sets.flatMap(({ set, difference }) => {
    const [first, last] = [difference?.points[0], difference?.points.at(-1)]
    if (set === "hard" || first === undefined || last === undefined) return []
    return [`${set} pass@1 ${signed(first)}, pass@${difference?.k.at(-1) ?? 1} ${signed(last)}`]
  })
  return parts.length === 0 ? [] : [`${arm.label}, less the base: ${parts.join("; ")}.`]
}

/** One sentence a rival: where RAPO is ahead, where it is behind, and where the run cannot tell. */
const rapoFindings = (summary: SummaryData): ReadonlyArray<string> => {
  const label = (name: string): string => summary.arms.find((arm) => arm.name === name)?.label ?? name
  const rivals = [...new Set(summary.comparisons.map(({ against }) => against))]
  return rivals.map((against) => {
    const own = summary.comparisons.filter((comparison) => comparison.against === against)
    const named = (verdict: ReturnType<typeof verdictOn>, withNumbers: boolean): string =>
      own
        .filter(({ difference }) => verdictOn(difference) === verdict)
        .map(({ set, k, difference }) => `${set} pass@${k}${withNumbers ? ` ${signed(difference)}` : ""}`)
        .join(", ")
    const parts = [
      ["ahead in", named("gains", true)],
      ["behind in", named("loses", true)],
      ["not told apart in", named("is not told apart", false)],
    ].flatMap(([words, list]) => (list === "" ? [] : [`${words} ${list}`]))
    return `RAPO against ${label(against)}: ${parts.join("; ")}.`
  })
}

const hardFindings = ({ hard, arms }: SummaryData): ReadonlyArray<string> => {
  if (hard === null) return []
  const better = arms.filter(({ sets }) => {
    const last = sets.find(({ set }) => set === "hard")?.difference?.points.at(-1)
    return last !== undefined && verdictOn(last) === "gains"
  })
  return [
    `Hard: of ${hard.problems} problems that the base never solved in ${hard.samples} samples, a fresh draw of the base solves ${hard.solvedByFreshBase}. ` +
      (better.length === 0
        ? "No arm solves significantly more than that fresh draw."
        : `More than that fresh draw: ${better.map(({ label }) => label).join(", ")}.`),
  ]
}
