/**
 * What was found, in sentences, the doubts too.
 */
import { Interval } from "@rapo/eval"
import type { Comparison, ModelScore } from "../EvaluationSummary.ts"

/** Of one model. */
export const modelFindings = ({
  name,
  problems,
  pass,
  effective,
  details,
}: ModelScore): ReadonlyArray<string> => {
  const [first, last] = [pass.points[0], pass.points.at(-1)]
  const never = problems.filter(({ correct }) => correct === 0).length
  return [
    ...(first === undefined || last === undefined
      ? []
      : [
          `${name}: pass@1 is ${Interval.show(first)}, pass@${pass.k.at(-1)} is ${Interval.show(last)}, over ${problems.length} problems.`,
        ]),
    ...(never === 0 ? [] : [`${name} never solved ${never} of ${problems.length} problems.`]),
    ...(details === null
      ? []
      : [
          `${name}: ${share(details.verdicts.Unparseable, details)} of the samples have no answer that can be read, ${share(details.finish.length, details)} were cut off at the limit of tokens.`,
        ]),
    ...warning(
      `${name}: nearly all problems agree`,
      pass.k,
      effective,
      `where some problems can never be solved and none of them is among these ${problems.length}, the mean may be off by ${Math.min(1, 3 / problems.length).toFixed(3)} by the rule of three.`,
    ),
  ]
}

/** Of the second model against the first. */
export const comparisonFindings = ({
  base,
  model,
  difference,
  effective,
  pValues,
  support,
  hard,
}: Comparison): ReadonlyArray<string> => {
  const at = (j: number): ReadonlyArray<string> => {
    const point = difference.points[j]
    return point === undefined
      ? []
      : [
          `pass@${difference.k[j]} of ${model} minus that of ${base} is ${Interval.show(point)} (p = ${(pValues[j] ?? 1).toPrecision(2)}): ${
            Interval.excludesZero(point) ? "settled at this level" : "not settled at this level"
          }.`,
        ]
  }
  return [
    ...new Set([...at(0), ...at(difference.points.length - 1)]),
    ...warning(
      "The difference rests on few problems",
      difference.k,
      effective,
      "look at them by name, and at the permutation test.",
    ),
    `${model} newly solves ${count(support.expanded)} and no longer solves ${support.shrunk}; both solve ${support.preserved}, neither ${support.out}.`,
    ...(hard.problems.length === 0
      ? []
      : [`Of ${count(hard.problems.length)} that ${base} never solved, ${model} solves ${hard.solved}.`]),
  ]
}

const count = (problems: number): string => `${problems} ${problems === 1 ? "problem" : "problems"}`

/** Fewer effective problems than this, and an interval may not hold its level: see docs/coverage.md. */
const fewEffective = 5

/** Nothing where all k have enough. */
const warning = (
  what: string,
  ks: ReadonlyArray<number>,
  effective: ReadonlyArray<number>,
  advice: string,
): ReadonlyArray<string> => {
  const few = ks.filter((_, j) => (effective[j] ?? 0) < fewEffective)
  return few.length === 0
    ? []
    : [
        `${what} at k = ${few.join(", ")} (fewer than ${fewEffective} effective ones): the interval there may miss more often than it says; ${advice}`,
      ]
}

const share = (part: number, { verdicts }: NonNullable<ModelScore["details"]>): string => {
  const all = verdicts.Correct + verdicts.Wrong + verdicts.Unparseable + verdicts.TimedOut
  return `${((100 * part) / Math.max(1, all)).toFixed(1)} %`
}
