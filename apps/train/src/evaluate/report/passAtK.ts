/**
 * The answer of `rapo passk`: pass@k at the k that are asked for.
 */
import { Seed } from "@rapo/distributions"
import { PassAtK, PassCurve } from "@rapo/eval"
import { type Either, left, right } from "fp-ts/lib/Either.js"
import type { BootstrapSettings } from "../EvaluationSummary.ts"
import { orBug } from "./orBug.ts"
import type { CountFault, Counted } from "./parseCounts.ts"

/** What is printed. */
export interface PassAtKAnswer {
  readonly k: Readonly<Record<string, { readonly mean: number; readonly lo: number; readonly hi: number }>>
  readonly problems: number
}

/** `wanted` is a list such as "1,8,64"; empty for the powers of two that all problems have samples for. */
export const passAtK = (
  counts: ReadonlyArray<Counted>,
  wanted: string,
  { level, resamples, seed }: BootstrapSettings,
): Either<CountFault, PassAtKAnswer> => {
  const words = wanted.trim() === "" ? [] : wanted.split(",").map((word) => word.trim())
  const bad = words.find((word) => !/^[1-9]\d{0,8}$/u.test(word))
  if (bad !== undefined)
    return left({
      field: "--k",
      problem: `${JSON.stringify(bad)} is not a whole number above 0`,
      remedy: "Give a list such as --k 1,8,64.",
    })
  const ks = words.length === 0 ? PassAtK.commonPowersOfTwo(counts) : [...new Set(words.map(Number))]
  const largest = ks.reduce((most, k) => Math.max(most, k), 0)
  const few = counts.find(({ samples }) => samples < largest)
  if (few !== undefined)
    return left({
      field: `line ${few.line}`,
      problem: `pass@${largest} needs at least ${largest} samples, and problem ${few.id} has ${few.samples}`,
      remedy: "Draw more samples, or ask for a smaller k.",
    })
  const curve = orBug(PassCurve.at(ks, counts, Seed.fromInteger(seed), level, resamples), PassCurve.showError)
  return right({
    k: Object.fromEntries(
      curve.k.flatMap((k, j) => {
        const point = curve.points[j]
        return point === undefined ? [] : [[`${k}`, { mean: point.mean, lo: point.low, hi: point.high }]]
      }),
    ),
    problems: counts.length,
  })
}
