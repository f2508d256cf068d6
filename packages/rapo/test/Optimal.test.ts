import { Categorical } from "@rapo/distributions"
import * as fc from "fast-check"
import { isLeft } from "fp-ts/lib/Either.js"
import { expect, test } from "vitest"
import { Laws, Optimal, OptimalBinary, OptimalForward, OptimalReverse } from "../src/index.ts"
import * as arb from "./arbitraries.ts"

/**
 * Residuals are in units of α + range of r. ln δ is known to an ulp of its own size, at most 700 · 2⁻⁵³ ≈ 1e-13, and
 * sums of eight terms add a few roundings.
 */
const tolerance = 1e-12

/** A reference with mass q on the one correct of two outcomes. */
const binary = (q: number): Optimal.Problem =>
  arb.right(Optimal.problem(arb.right(Categorical.fromWeights([q, 1 - q])), [1, 0]))

// T4's table

const alphas = [0.1, 0.5, 1, 2]
const table: ReadonlyArray<{ q: number; forward: ReadonlyArray<number>; reverse: ReadonlyArray<number> }> = [
  {
    q: 0.5,
    forward: [0.95249, 0.80902, Math.SQRT1_2, 0.61803],
    reverse: [0.99996, 0.8808, 0.73106, 0.62246],
  },
  { q: 0.1, forward: [0.91098, 0.58541, 0.31623, 0.17082], reverse: [0.99959, 0.45085, 0.23197, 0.15483] },
  { q: 0.01, forward: [0.90111, 0.50981, 0.1, 0.01962], reverse: [0.99553, 0.06945, 0.02672, 0.01638] },
  { q: 1e-4, forward: [0.90001, 0.5001, 0.01, 2e-4], reverse: [0.68778, 7.38e-4, 2.72e-4, 1.65e-4] },
  { q: 1e-8, forward: [0.9, 0.5, 1e-4, 2e-8], reverse: [2.2e-4, 7.39e-8, 2.72e-8, 1.65e-8] },
]

/** The table has five decimals, or three significant digits where that is finer. */
const agrees = (printed: number, value: number): boolean =>
  Math.abs(printed - value) <= (printed < 1e-3 ? 0.006 * printed : 6e-6)

test("T4: the closed forms and the solvers reproduce theory's table", () => {
  for (const { q, forward, reverse } of table) {
    alphas.forEach((alpha, i) => {
      const f = forward[i] ?? NaN
      const r = reverse[i] ?? NaN
      expect(agrees(f, OptimalBinary.forward(q, alpha))).toBe(true)
      expect(agrees(r, OptimalBinary.reverse(q, alpha))).toBe(true)
      expect(agrees(f, Categorical.prob(arb.right(OptimalForward.optimum(binary(q), alpha)).policy, 0))).toBe(
        true,
      )
      expect(agrees(r, Categorical.prob(arb.right(OptimalReverse.optimum(binary(q), alpha)).policy, 0))).toBe(
        true,
      )
    })
  }
})

test("T4: the solvers agree with the closed forms for q from 1e-300 to 1", () => {
  const q = fc.oneof(
    fc.double({ min: -300, max: 0, noNaN: true }).map((e) => 10 ** e),
    fc.double({ min: 1e-3, max: 1, noNaN: true }),
  )
  fc.assert(
    fc.property(q, arb.alpha, (q, alpha) => {
      const near = (a: number, b: number): boolean => Math.abs(a - b) <= tolerance * Math.max(a, b)
      const forward = arb.right(OptimalForward.optimum(binary(q), alpha))
      const reverse = arb.right(OptimalReverse.optimum(binary(q), alpha))
      return (
        near(Categorical.prob(forward.policy, 0), OptimalBinary.forward(q, alpha)) &&
        near(Categorical.prob(reverse.policy, 0), OptimalBinary.reverse(q, alpha))
      )
    }),
  )
})

test("T4: the limits as q vanishes", () => {
  const q = 1e-300
  expect(OptimalBinary.forward(q, 0.25)).toBeCloseTo(0.75, 12)
  expect(OptimalBinary.forward(q, 1) / Math.sqrt(q)).toBeCloseTo(1, 12)
  expect(OptimalBinary.forward(q, 4) / q).toBeCloseTo(4 / 3, 12)
  expect(OptimalBinary.reverse(q, 1) / q).toBeCloseTo(Math.E, 12)
})

test("T4: forward is at least the reference and at least 1 - α", () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), arb.alpha, (q, alpha) => {
      const forward = OptimalBinary.forward(q, alpha)
      return forward <= 1 + tolerance && forward >= Math.max(q, 1 - alpha) * (1 - tolerance)
    }),
  )
})

test("T2, T3: the forward optimum satisfies the Karush-Kuhn-Tucker conditions", () => {
  fc.assert(
    fc.property(
      arb.problem,
      arb.alpha,
      (problem, alpha) => arb.right(OptimalForward.optimum(problem, alpha)).residual <= tolerance,
    ),
  )
})

test("T3: the multiplier is the expected reward plus α", () => {
  fc.assert(
    fc.property(arb.problem, arb.alpha, (problem, alpha) =>
      Laws.multiplierIdentity(tolerance)(problem, alpha, arb.right(OptimalForward.optimum(problem, alpha))),
    ),
  )
})

test("T2: no other policy earns more", () => {
  fc.assert(
    fc.property(
      arb.problemAndPolicy,
      arb.alpha,
      fc.double({ min: 0, max: 1, noNaN: true }),
      ([problem, other], alpha, t) => {
        const optimum = arb.right(OptimalForward.optimum(problem, alpha))
        const near = arb.right(
          Categorical.mixture(arb.right(Categorical.fromWeights([t, 1 - t])), [other, optimum.policy]),
        )
        return [other, near].every((policy) =>
          Laws.forwardOptimumUnbeaten(tolerance)(problem, alpha, optimum, policy),
        )
      },
    ),
  )
})

test("T2: the support is left exactly in the boundary case, which needs α < r_N - E_p[r]", () => {
  fc.assert(
    fc.property(arb.problem, arb.alpha, (problem, alpha) => {
      const { reference, rewards } = problem
      const optimum = arb.right(OptimalForward.optimum(problem, alpha))
      const off = rewards.filter((_, y) => Categorical.logProb(reference, y) === -Infinity)
      const leaves = rewards.some(
        (_, y) =>
          Categorical.logProb(reference, y) === -Infinity &&
          Categorical.logProb(optimum.policy, y) > -Infinity,
      )
      const boundary = optimum._tag === "Boundary"
      const allowed = Math.max(...off) - Optimal.expectedReward(reference, rewards)
      return leaves === boundary && (!boundary || alpha < allowed + tolerance)
    }),
  )
})

test("T2: the boundary case occurs, and splits what is left among the best outcomes", () => {
  const reference = arb.right(Categorical.fromProbabilities([0.5, 0.5, 0, 0]))
  const optimum = arb.right(OptimalForward.optimum(arb.right(Optimal.problem(reference, [0, 0, 1, 1])), 0.4))
  expect(optimum._tag).toBe("Boundary")
  expect(optimum.multiplier).toBe(1)
  Categorical.probabilities(optimum.policy).forEach((mass, y) =>
    expect(mass).toBeCloseTo([0.2, 0.2, 0.3, 0.3][y] ?? NaN, 12),
  )
})

test("T2: the expected reward falls as α grows", () => {
  fc.assert(
    fc.property(arb.problem, arb.alpha, arb.alpha, (problem, a, b) => {
      const reward = (alpha: number): number =>
        Optimal.expectedReward(arb.right(OptimalForward.optimum(problem, alpha)).policy, problem.rewards)
      return reward(Math.min(a, b)) >= reward(Math.max(a, b)) - 10 * tolerance
    }),
  )
})

test("T2: in the interior the best supported outcomes gain", () => {
  fc.assert(
    fc.property(arb.problem, arb.alpha, (problem, alpha) => {
      const { reference, rewards } = problem
      const optimum = arb.right(OptimalForward.optimum(problem, alpha))
      const best = Math.max(...Categorical.support(reference).map((y) => rewards[y] ?? NaN))
      return (
        optimum._tag === "Boundary" ||
        Categorical.support(reference).every(
          (y) =>
            rewards[y] !== best ||
            Categorical.logProb(optimum.policy, y) >= Categorical.logProb(reference, y) - tolerance * 1000,
        )
      )
    }),
  )
})

test("T2: a huge α leaves the reference, a tiny α takes the best outcome", () => {
  const reference = arb.right(Categorical.fromProbabilities([0.2, 0.3, 0.5]))
  const problem = arb.right(Optimal.problem(reference, [1, 0.5, 0]))
  expect(
    Categorical.getEq(1e-5).equals(arb.right(OptimalForward.optimum(problem, 1e6)).policy, reference),
  ).toBe(true)
  expect(Categorical.prob(arb.right(OptimalForward.optimum(problem, 1e-6)).policy, 0)).toBeCloseTo(1, 5)
})

test("T1: the reverse optimum is stationary, with and without entropy", () => {
  fc.assert(
    fc.property(arb.problem, arb.alpha, fc.oneof(fc.constant(0), arb.alpha), (problem, alpha, beta) => {
      // ln p reaches -700: r + α ln p loses as many digits as that is larger than α + range of r
      const { residual } = arb.right(OptimalReverse.optimum(problem, alpha, beta))
      return residual <= 1000 * tolerance
    }),
  )
})

test("T1: its value is attained, and no other policy earns more", () => {
  fc.assert(
    fc.property(
      arb.problemAndPolicy,
      arb.alpha,
      fc.oneof(fc.constant(0), arb.alpha),
      ([problem, other], alpha, beta) => {
        const optimum = arb.right(OptimalReverse.optimum(problem, alpha, beta))
        const slack = 100 * tolerance * (3 + alpha + beta)
        const attained = OptimalReverse.objective(problem, alpha, beta, optimum.policy)
        return (
          Math.abs(attained - optimum.value) <= slack &&
          OptimalReverse.objective(problem, alpha, beta, other) <= optimum.value + slack
        )
      },
    ),
  )
})

test("T1: the support is never left", () => {
  fc.assert(
    fc.property(arb.problem, arb.alpha, (problem, alpha) => {
      const { policy } = arb.right(OptimalReverse.optimum(problem, alpha))
      return problem.rewards.every(
        (_, y) => Categorical.logProb(problem.reference, y) > -Infinity || Categorical.prob(policy, y) === 0,
      )
    }),
  )
})

test("a policy that is not the optimum has a residual", () => {
  const problem = binary(0.3)
  expect(OptimalForward.residual(problem, 0.5, problem.reference)).toBeGreaterThan(0.01)
  expect(OptimalReverse.residual(problem, 0.5, 0, problem.reference)).toBeGreaterThan(0.01)
})

test("what makes no problem is refused with a sentence", () => {
  const { reference } = binary(0.5)
  const refused = [
    Optimal.problem(reference, [1]),
    Optimal.problem(reference, [1, NaN]),
    OptimalForward.optimum(binary(0.5), 0),
    OptimalForward.optimum(binary(0.5), NaN),
    OptimalReverse.optimum(binary(0.5), 1, -1),
  ]
  for (const result of refused) {
    expect(isLeft(result) && Optimal.showError(result.left)).toMatch(/outcome|must be finite/)
  }
})
