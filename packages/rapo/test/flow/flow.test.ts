import { Categorical } from "@rapo/distributions"
import type { Estimator } from "@rapo/divergences"
import { FDivergence } from "@rapo/divergences"
import * as fc from "fast-check"
import { isLeft, isRight } from "fp-ts/lib/Either.js"
import { expect, test } from "vitest"
import {
  Drift,
  GradientFlow,
  LiteralKF,
  Optimal,
  OptimalBinary,
  OptimalForward,
  OptimalForwardEntropy,
  OptimalReverse,
} from "../../src/index.ts"
import * as arb from "../arbitraries/optimal.ts"

/** What the flow is asked to come to: total variation below this. */
const closeness = 1e-6

const totalVariation = (p: Categorical.Categorical, q: Categorical.Categorical): number =>
  arb.right(FDivergence.divergence(FDivergence.totalVariation)(p, q))

const restOf = (training: Drift.Training, problem: Optimal.Problem): Categorical.Categorical =>
  arb.right(GradientFlow.rest(training)(problem)).policy

const forward = (problem: Optimal.Problem, alpha: number): Categorical.Categorical =>
  arb.right(OptimalForward.optimum(problem, alpha)).policy

const reverse = (problem: Optimal.Problem, alpha: number): Categorical.Categorical =>
  arb.right(OptimalReverse.optimum(problem, alpha)).policy

/** α from .1 to 3: smaller ones let the reward win so clearly that every penalty ends near the best outcome. */
const alpha = arb.double(-1, 0.5).map((e) => 10 ** e)

const flows = { numRuns: 40 }

const reaches =
  (training: (alpha: number) => Drift.Training, optimum: typeof forward) =>
  (problem: Optimal.Problem, alpha: number): boolean =>
    totalVariation(restOf(training(alpha), problem), optimum(problem, alpha)) < closeness

const estimated =
  (estimator: Estimator.EstimatorName) =>
  (alpha: number): Drift.Training =>
    Drift.estimated(estimator, alpha)

test("[T11] the flow of the exact forward and reverse objectives reaches their closed forms", () => {
  fc.assert(
    fc.property(
      arb.fullProblem,
      alpha,
      reaches((a) => Drift.exact("forward", a), forward),
    ),
    flows,
  )
  fc.assert(
    fc.property(
      arb.fullProblem,
      alpha,
      reaches((a) => Drift.exact("reverse", a), reverse),
    ),
    flows,
  )
})

test("[T11] the weighted kF reaches the forward optimum", () => {
  fc.assert(fc.property(arb.fullProblem, alpha, reaches(estimated("fkl-weighted"), forward)), flows)
})

test("[T11] the weighted k3, k2 as a loss and k1 in the reward reach the reverse optimum", () => {
  for (const name of ["k3-weighted", "rkl-k2-loss", "rkl-k1-reward"] as const)
    fc.assert(fc.property(arb.fullProblem, alpha, reaches(estimated(name), reverse)), flows)
})

test("[T11] with an entropy bonus the flow reaches T5 and T1 with entropy", () => {
  fc.assert(
    fc.property(arb.fullProblem, alpha, arb.double(0.05, 1), (problem, a, beta) => {
      const ofForward = arb.right(OptimalForwardEntropy.optimum(problem, a, beta)).policy
      const ofReverse = arb.right(OptimalReverse.optimum(problem, a, beta)).policy
      return (
        totalVariation(restOf(Drift.estimated("fkl-weighted", a, beta), problem), ofForward) < closeness &&
        totalVariation(restOf(Drift.exact("reverse", a, beta), problem), ofReverse) < closeness
      )
    }),
    flows,
  )
})

test("[T11] plain gradient ascent in the logits comes to the same place", () => {
  const problem = arb.right(
    Optimal.problem(arb.right(Categorical.fromProbabilities([0.2, 0.3, 0.5])), [1, 0.5, 0]),
  )
  const options = { ...GradientFlow.defaults, metric: "euclidean" as const }
  const { policy } = arb.right(GradientFlow.rest(Drift.exact("forward", 0.5), options)(problem))
  expect(totalVariation(policy, forward(problem, 0.5))).toBeLessThan(closeness)
})

test("[T12] the literal kF rests at p exp(-W((λ-r)/α)), the branch -1 where π > e·p", () => {
  fc.assert(
    fc.property(arb.fullProblem, alpha, (problem, a) => {
      const policy = restOf(Drift.estimated("fkl-naive", a), problem)
      const formula = LiteralKF.fromMultiplier(problem, a, policy)
      // W has a square-root singularity where π = e·p: what is solved to 1e-9 is known to 1e-4 there
      return policy.logProbs.every((l, y) => {
        const fromBranchPoint = Math.abs(Categorical.logProb(problem.reference, y) - l + 1)
        return Math.abs(l - (formula[y] ?? NaN)) <= 1e-6 / Math.min(1, fromBranchPoint)
      })
    }),
    flows,
  )
})

test("[T12] and that is not the forward optimum", () => {
  const distances = fc
    .sample(
      fc.tuple(
        arb.fullProblem,
        arb.double(-1, 0).map((e) => 10 ** e),
      ),
      { numRuns: 40, seed: 12 },
    )
    .filter(([{ rewards }]) => Math.max(...rewards) - Math.min(...rewards) > 0.5)
    .map(([problem, a]) =>
      totalVariation(restOf(Drift.estimated("fkl-naive", a), problem), forward(problem, a)),
    )
  expect(distances.length).toBeGreaterThan(10)
  expect(Math.min(...distances)).toBeGreaterThan(100 * closeness)
})

const binary = (q: number): Optimal.Problem =>
  arb.right(Optimal.problem(arb.right(Categorical.fromProbabilities([q, 1 - q])), [1, 0]))

test("[T12] theory's table: true forward, literal kF and reverse from q = .02", () => {
  const table = [
    [0.1, 0.902, 0.828, 0.998],
    [0.3, 0.708, 0.67, 0.364],
    [0.6, 0.428, 0.531, 0.098],
    [1, 0.141, 0.412, 0.053],
    [2, 0.039, 0.217, 0.033],
    [4, 0.026, 0.028, 0.026],
  ] as const
  for (const [a, ofForward, ofLiteral, ofReverse] of table) {
    const correct = (name: Estimator.EstimatorName): number =>
      Categorical.prob(restOf(Drift.estimated(name, a), binary(0.02)), 0)
    expect(Math.abs(correct("fkl-weighted") - ofForward)).toBeLessThan(6e-4)
    expect(Math.abs(correct("fkl-naive") - ofLiteral)).toBeLessThan(6e-4)
    expect(Math.abs(correct("k3-weighted") - ofReverse)).toBeLessThan(6e-4)
  }
})

test("[T12] amplification by more than e is on the other branch: W₀ alone is not the rest point", () => {
  const problem = binary(0.02)
  const policy = restOf(Drift.estimated("fkl-naive", 0.6), problem)
  expect(Categorical.prob(policy, 0)).toBeGreaterThan(Math.E * 0.02)
  const [logRatio] = problem.reference.logProbs.map((l, y) => l - Categorical.logProb(policy, y))
  const x = (logRatio ?? NaN) * Math.exp(logRatio ?? NaN)
  expect(LiteralKF.lambertW(-1, x)).toBeCloseTo(logRatio ?? NaN, 9)
  expect(LiteralKF.lambertW(0, x)).toBeGreaterThan(-1)
})

test("[T13] back-propagated k3, GRPO's penalty, flows to the forward optimum", () => {
  fc.assert(fc.property(arb.fullProblem, alpha, reaches(estimated("k3-naive"), forward)), flows)
})

test("[T13] and not to the reverse optimum that its value estimates", () => {
  for (const a of [0.3, 1, 2]) {
    const policy = restOf(Drift.estimated("k3-naive", a), binary(0.02))
    expect(Categorical.prob(policy, 0)).toBeCloseTo(OptimalBinary.forward(0.02, a), 6)
    expect(Math.abs(Categorical.prob(policy, 0) - OptimalBinary.reverse(0.02, a))).toBeGreaterThan(5e-3)
  }
})

test("[T12] Lambert's W solves w e^w = x on both branches", () => {
  const solves = (w: number, x: number): boolean =>
    Math.abs(w * Math.exp(w) - x) <= 8 * Number.EPSILON * (1 + Math.abs(w)) * Math.abs(x)
  fc.assert(
    fc.property(
      arb.double(-300, 300).map((e) => 10 ** e),
      (x) => solves(LiteralKF.lambertW(0, x), x),
    ),
  )
  fc.assert(
    fc.property(arb.double(1e-300, 1 / Math.E), (x) => {
      const [w, v] = [LiteralKF.lambertW(0, -x), LiteralKF.lambertW(-1, -x)]
      return w >= -1 - 1e-7 && v <= -1 + 1e-7 && solves(w, -x) && solves(v, -x)
    }),
  )
})

test("the literal objective rises along its flow's end", () => {
  fc.assert(
    fc.property(arb.fullProblem, alpha, (problem, a) => {
      const policy = restOf(Drift.estimated("fkl-naive", a), problem)
      return (
        LiteralKF.objective(problem, a, policy) >= LiteralKF.objective(problem, a, problem.reference) - 1e-9
      )
    }),
    flows,
  )
})

test("a flow that may not take its time says so", () => {
  const hurried = GradientFlow.rest(Drift.exact("forward", 1), { ...GradientFlow.defaults, mostSteps: 2 })(
    binary(0.02),
  )
  expect(isRight(hurried)).toBe(false)
  expect(isLeft(hurried) && GradientFlow.showError(hurried.left)).toContain("After 2 steps")
})

test("Lambert's W is no number outside its branches, and -1 where they meet", () => {
  fc.assert(
    fc.property(
      fc.double({ min: -100, max: -1 / Math.E - 1e-9, noNaN: true }),
      (x) => Number.isNaN(LiteralKF.lambertW(0, x)) && Number.isNaN(LiteralKF.lambertW(-1, x)),
    ),
  )
  expect([0, 1e-9, 5].map((x) => LiteralKF.lambertW(-1, x))).toEqual([NaN, NaN, NaN])
  expect(LiteralKF.lambertW(0, 0)).toBe(0)
  expect(LiteralKF.lambertW(0, -1 / Math.E)).toBeCloseTo(-1, 7)
  expect(LiteralKF.lambertW(-1, -1 / Math.E)).toBeCloseTo(-1, 7)
})

test("what the literal kF ascends, by hand", () => {
  const reference = arb.right(Categorical.fromProbabilities([0.5, 0.5]))
  const policy = arb.right(Categorical.fromProbabilities([0.2, 0.8]))
  const problem = arb.right(Optimal.problem(reference, [1, 3]))
  // E_π[r] = 2.6;  E_p[ln²(p/π)] = (ln² 2.5 + ln² 0.625)/2
  const squares = (Math.log(2.5) ** 2 + Math.log(0.625) ** 2) / 2
  expect(LiteralKF.objective(problem, 0.4, policy)).toBeCloseTo(2.6 - 0.2 * squares, 12)
})
