/**
 * The second model against the first, problem by problem: paired differences with a test, support, the Hard set.
 */
import { Seed } from "@rapo/distributions"
import { Hard, PassAtK, PassCurve, Permutation, Spread, Support } from "@rapo/eval"
import { type Either, left, right } from "fp-ts/lib/Either.js"
import type { BootstrapSettings, Comparison, ModelScore } from "../EvaluationSummary.ts"
import { orBug } from "./orBug.ts"

// model

/** The first problem that only one of the models has. */
export interface OtherProblems {
  readonly id: string
  /** The model that lacks it. */
  readonly lacking: "base" | "model"
}

// constructors

/** The comparison; refused where the models were asked different problems. The order of problems does not matter. */
export const compareModels = (
  base: ModelScore,
  model: ModelScore,
  { level, resamples, seed: integer }: BootstrapSettings,
): Either<OtherProblems, Comparison> => {
  const known = new Map(model.problems.map((problem) => [problem.id, problem]))
  const pairs = base.problems.map((problem) => [problem, known.get(problem.id)] as const)
  const absent = pairs.find(([, other]) => other === undefined)
  if (absent !== undefined) return left({ id: absent[0].id, lacking: "model" })
  const ids = new Set(base.problems.map(({ id }) => id))
  const extra = model.problems.find(({ id }) => !ids.has(id))
  if (extra !== undefined) return left({ id: extra.id, lacking: "base" })

  const seed = Seed.fromInteger(integer)
  const before: ReadonlyArray<PassAtK.Tally> = base.problems
  const after: ReadonlyArray<PassAtK.Tally> = pairs.flatMap(([, other]) =>
    other === undefined ? [] : [other],
  )
  const difference = orBug(PassCurve.difference(after, before, seed, level, resamples), PassCurve.showError)
  const [treated, untreated] = [after, before].map((tallies) =>
    orBug(PassAtK.passAtKs(difference.k)(tallies), PassAtK.showError),
  )
  const changes = orBug(Support.changes(before, after), Support.showError)
  const kinds = changes.map(({ change }) => change)
  const ratios = Support.intervals(kinds, seed, level, resamples)
  const named = (kind: Support.Change): ReadonlyArray<string> =>
    changes.filter(({ change }) => change === kind).map(({ id }) => id)
  return right({
    base: base.name,
    model: model.name,
    difference,
    effective: difference.k.map((_, j) =>
      Spread.effectiveCount((treated?.[j] ?? []).map((x, p) => x - (untreated?.[j]?.[p] ?? 0))),
    ),
    pValues: difference.k.map(
      (_, j) =>
        orBug(Permutation.test(treated?.[j] ?? [], untreated?.[j] ?? [], seed), Permutation.showError).pValue,
    ),
    support: {
      ...Support.countsOf(kinds),
      srr: ratios.srr ?? null,
      ndr: ratios.ndr ?? null,
      sds: ratios.sds ?? null,
      nscr: ratios.nscr ?? null,
    },
    newlySolved: named("expanded"),
    newlyLost: named("shrunk"),
    hard: hardSet(before, named("expanded").length),
  })
}

// numerics

/** Rates at which a problem is missed often, sometimes and hardly ever: multiples of 1/n. */
const multiples = [0.5, 1, 2, 3, 5]

const hardSet = (base: ReadonlyArray<PassAtK.Tally>, solved: number): Comparison["hard"] => {
  const samples = base.reduce((least, tally) => Math.min(least, tally.samples), Infinity)
  const problems = Hard.problems(base)
  const once = Hard.chance(samples, Math.min(1, 1 / samples))
  return {
    problems,
    samples,
    solved,
    chances: multiples
      .map((multiple) => Math.min(1, multiple / samples))
      .map((rate) => ({ rate, chance: Hard.chance(samples, rate) })),
    caveat:
      `Hard was selected by the base's own luck: a problem that the base solves once in ${samples} samples on average lands there ` +
      `with probability ${once.toFixed(2)}, and a fresh draw of the base would solve some of these ${problems.length} too. ` +
      "Judge gains on Hard beside a second draw of the base, not beside 0.",
  }
}
