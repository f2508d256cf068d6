import { Categorical } from "@rapo/distributions"
import { FDivergence } from "@rapo/divergences"
import * as fc from "fast-check"
import { isLeft } from "fp-ts/lib/Either.js"
import { expect, test } from "vitest"
import {
  BestOfN,
  Certificate,
  Optimal,
  OptimalBinary,
  OptimalFDivergence,
  OptimalForward,
  OptimalGdc,
  OptimalLaws,
  OptimalReverse,
  OptimalTotalVariation,
  TokenLevel,
} from "../../src/index.ts"
import * as arb from "../arbitraries/optimal.ts"

/** In units of the problem: ln p reaches -690, and sums of eight terms add a few roundings. */
const tolerance = 1e-12

/** f′ and its inverse, composed, lose some digits where the ratio π/p is far from 1. */
const inverseTolerance = 1e-10

test("[T1] the reverse optimum is certified, with and without entropy", () => {
  fc.assert(
    fc.property(
      arb.problem,
      arb.coefficient,
      fc.oneof(fc.constant(0), arb.coefficient),
      (problem, alpha, beta) =>
        OptimalLaws.isCertified(tolerance)(
          problem,
          alpha + beta,
          arb.right(OptimalReverse.optimum(problem, alpha, beta)),
        ),
    ),
    { numRuns: 1000 },
  )
})

test("[T1] its value is (α+β) ln Z and is attained; no other policy earns more", () => {
  fc.assert(
    fc.property(
      arb.problemAndSupported,
      arb.coefficient,
      fc.oneof(fc.constant(0), arb.coefficient),
      ([problem, other], alpha, beta) => {
        const optimum = arb.right(OptimalReverse.optimum(problem, alpha, beta))
        const scale = OptimalLaws.scaleOf(problem, alpha + beta)
        return (
          Math.abs((alpha + beta) * optimum.logPartition - optimum.value) <= 10 * tolerance * scale &&
          OptimalLaws.isUnbeaten(tolerance)(
            problem,
            alpha + beta,
            optimum,
            (pi) => OptimalReverse.objective(problem, alpha, beta, pi),
            other,
          )
        )
      },
    ),
    { numRuns: 500 },
  )
})

test("[T1] weak duality: for every λ the dual bounds what any policy earns", () => {
  fc.assert(
    fc.property(
      arb.problemAndSupported,
      arb.mildCoefficient,
      arb.double(-5, 5),
      ([problem, other], alpha, multiplier) =>
        OptimalReverse.objective(problem, alpha, 0, other) <=
        OptimalReverse.dual(problem, alpha, 0, multiplier) * (1 + tolerance) + 10 * tolerance,
    ),
  )
})

test("[T1] the support is never left", () => {
  fc.assert(
    fc.property(arb.problem, arb.coefficient, (problem, alpha) => {
      const { policy } = arb.right(OptimalReverse.optimum(problem, alpha))
      return problem.rewards.every(
        (_, y) => Categorical.logProb(problem.reference, y) > -Infinity || Categorical.prob(policy, y) === 0,
      )
    }),
  )
})

const strict = (n: number): fc.Arbitrary<Optimal.Problem> =>
  fc
    .tuple(arb.fullCategoricalOf(n, 10), fc.shuffledSubarray([...Array(n).keys()], { minLength: n }))
    .map(([reference, rewards]) => arb.right(Optimal.problem(reference, rewards)))

test("[T9] best-of-N is within ln N - (N-1)/N of its reference, ties or not", () => {
  fc.assert(
    fc.property(arb.problem, fc.integer({ min: 1, max: 5000 }), (problem, draws) =>
      OptimalLaws.bestOfNBound(tolerance)(problem, draws, arb.right(BestOfN.policy(problem, draws))),
    ),
    { numRuns: 500 },
  )
})

test("[T9] with rewards in strict order it is F^N - F⁻^N", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 6 }).chain(strict),
      fc.integer({ min: 1, max: 20 }),
      (problem, n) => {
        const best = arb.right(BestOfN.policy(problem, n))
        const upTo = (reward: number): number =>
          Categorical.expectation(problem.reference, (y) => ((problem.rewards[y] ?? NaN) <= reward ? 1 : 0))
        return problem.rewards.every(
          (reward, y) =>
            Math.abs(Categorical.prob(best, y) - (upTo(reward) ** n - upTo(reward - 1) ** n)) <=
            100 * tolerance,
        )
      },
    ),
  )
})

test("[T9] it is the law of the best of N draws, by enumeration, the first at a tie", () => {
  fc.assert(
    fc.property(arb.categoricalOf(4, 5), fc.integer({ min: 1, max: 4 }), (reference, n) => {
      const rewards = [1, 0, 1, 0.5]
      const best = arb.right(BestOfN.policy(arb.right(Optimal.problem(reference, rewards)), n))
      const found = [0, 0, 0, 0]
      for (let code = 0; code < 4 ** n; code++) {
        const draws = Array.from({ length: n }, (_, i) => Math.floor(code / 4 ** i) % 4)
        const winner = draws.reduce((a, b) => ((rewards[b] ?? NaN) > (rewards[a] ?? NaN) ? b : a))
        const mass = draws.reduce((product, y) => product * Categorical.prob(reference, y), 1)
        found[winner] = (found[winner] ?? NaN) + mass
      }
      return found.every((mass, y) => Math.abs(mass - Categorical.prob(best, y)) <= tolerance)
    }),
  )
})

test("[T9] with binary reward the correct mass is pass@N, down to 1e-300", () => {
  fc.assert(
    fc.property(arb.double(-300, 0), fc.integer({ min: 1, max: 100_000 }), (e, n) => {
      const q = 10 ** e
      const reference = arb.right(Categorical.fromWeights([q, 1 - q]))
      const best = arb.right(BestOfN.policy(arb.right(Optimal.problem(reference, [1, 0])), n))
      const pass = OptimalBinary.passAtK(q, n)
      return Math.abs(Categorical.prob(best, 0) - pass) <= tolerance * pass
    }),
  )
})

test("[T10] every strictly convex f has a certified optimum", () => {
  fc.assert(
    fc.property(arb.divergence, arb.problem, arb.coefficient, (divergence, problem, alpha) => {
      const optimum = arb.right(OptimalFDivergence.optimum(divergence, problem, alpha))
      return OptimalLaws.isCertified(inverseTolerance)(problem, alpha, optimum)
    }),
    { numRuns: 2000 },
  )
})

test("[T10] no other policy earns more under any f", () => {
  fc.assert(
    fc.property(
      arb.divergence,
      arb.problemAndPolicy,
      arb.coefficient,
      (divergence, [problem, other], alpha) =>
        OptimalLaws.isUnbeaten(inverseTolerance)(
          problem,
          alpha,
          arb.right(OptimalFDivergence.optimum(divergence, problem, alpha)),
          (pi) => OptimalFDivergence.objective(divergence, problem, alpha, pi),
          other,
        ),
    ),
    { numRuns: 500 },
  )
})

test("[T10] weak duality: for every λ the dual bounds what any policy earns", () => {
  fc.assert(
    fc.property(
      arb.divergence,
      arb.problemAndPolicy,
      arb.mildCoefficient,
      arb.double(-5, 5),
      (divergence, [problem, other], alpha, multiplier) => {
        const bound = OptimalFDivergence.dual(divergence, problem, alpha, multiplier)
        const value = OptimalFDivergence.objective(divergence, problem, alpha, other)
        return value <= bound + inverseTolerance * (1 + Math.abs(bound))
      },
    ),
    { numRuns: 500 },
  )
})

/** r_N - E_p[r], below which α must be for the support to be left. */
const thresholdOf = ({ reference, rewards }: Optimal.Problem): number =>
  Math.max(...rewards.filter((_, y) => Categorical.logProb(reference, y) === -Infinity)) -
  Optimal.expectedReward(reference, rewards)

test("[T10] T1 is its instance for f = t ln t - t + 1, and T2, boundary case too, for f = t - 1 - ln t", () => {
  fc.assert(
    fc.property(arb.problem, arb.coefficient, (problem, alpha) => {
      const scale = OptimalLaws.scaleOf(problem, alpha)
      const reverse = arb.right(OptimalReverse.optimum(problem, alpha))
      const forward = arb.right(OptimalForward.optimum(problem, alpha))
      const asReverse = arb.right(OptimalFDivergence.optimum(FDivergence.kl, problem, alpha))
      const asForward = arb.right(OptimalFDivergence.optimum(FDivergence.reverseKl, problem, alpha))
      return (
        OptimalLaws.samePolicy(1e-8)(asReverse.policy, reverse.policy) &&
        OptimalLaws.samePolicy(1e-8)(asForward.policy, forward.policy) &&
        // where α is r_N - E_p[r] to the last digit, rounding decides the case, and the policies are one
        (asForward._tag === forward._tag || Math.abs(alpha - thresholdOf(problem)) <= tolerance) &&
        Math.abs(asReverse.multiplier - reverse.multiplier) <= inverseTolerance * scale &&
        Math.abs(asForward.multiplier + alpha - forward.multiplier) <= inverseTolerance * scale
      )
    }),
    { numRuns: 500 },
  )
})

test("[T10] total variation is refused by the dual and solved by exchange, with a certificate", () => {
  const refused = OptimalFDivergence.optimum(
    FDivergence.totalVariation,
    arb.right(Optimal.problem(arb.right(Categorical.uniform(2)), [0, 1])),
    1,
  )
  expect(isLeft(refused) && Optimal.showError(refused.left)).toContain("OptimalTotalVariation")
  fc.assert(
    fc.property(arb.problemAndPolicy, arb.coefficient, ([problem, other], alpha) => {
      const optimum = arb.right(OptimalTotalVariation.optimum(problem, alpha))
      return (
        OptimalLaws.isCertified(tolerance)(problem, alpha, optimum) &&
        OptimalLaws.isUnbeaten(tolerance)(
          problem,
          alpha,
          optimum,
          (pi) => OptimalFDivergence.objective(FDivergence.totalVariation, problem, alpha, pi),
          other,
        )
      )
    }),
    { numRuns: 500 },
  )
})

test("[T14] E r - β KL(π‖p) = β ln Z - β KL(π‖p*) for every policy on the support", () => {
  fc.assert(
    fc.property(arb.problemAndSupported, arb.coefficient, ([problem, policy], beta) =>
      OptimalLaws.gdcIdentity(tolerance)(problem, beta, arb.right(OptimalGdc.target(problem, beta)), policy),
    ),
    { numRuns: 500 },
  )
})

const sequenceValue = (tree: TokenLevel.Tree, alpha: number, policy: TokenLevel.Tree): number =>
  OptimalForward.objective(arb.right(TokenLevel.sequences(tree)), alpha, TokenLevel.distribution(policy))

test("[T15] a per-token forward KL rests below the sequence optimum, in the sequence objective", () => {
  const shortfalls: Array<number> = []
  fc.assert(
    fc.property(arb.tree, arb.mildCoefficient, (tree, alpha) => {
      const optimum = arb.right(OptimalForward.optimum(arb.right(TokenLevel.sequences(tree)), alpha))
      const tokens = arb.right(TokenLevel.tokenOptimum(tree, alpha))
      const shortfall = optimum.value - sequenceValue(tree, alpha, tokens)
      shortfalls.push(shortfall)
      return shortfall >= -100 * tolerance * (1 + alpha)
    }),
  )
  // and not only up to rounding: with T > 1 it is another policy
  expect(Math.max(...shortfalls)).toBeGreaterThan(1e-3)
})

test("[T15] for sequences of one token both are T2", () => {
  fc.assert(
    fc.property(arb.fullProblem, arb.mildCoefficient, ({ reference, rewards }, alpha) => {
      const tree = TokenLevel.branch(reference, rewards.map(TokenLevel.leaf))
      const token = TokenLevel.distribution(arb.right(TokenLevel.tokenOptimum(tree, alpha)))
      const whole = arb.right(OptimalForward.optimum(arb.right(TokenLevel.sequences(tree)), alpha))
      return OptimalLaws.samePolicy(tolerance)(token, whole.policy)
    }),
  )
})

test("[T15] theory's toy: V = 3, T = 3, α = .2, correct mass .174: the sequence optimum has .841, the tokens' less", () => {
  // One correct sequence of three equal steps; what theory's own instance was is not recorded, and the sequence's .841
  // does not depend on it.
  const step = 0.174 ** (1 / 3)
  const next = arb.right(Categorical.fromProbabilities([step, (1 - step) / 2, (1 - step) / 2]))
  const wrong = (depth: number): TokenLevel.Tree =>
    depth === 0
      ? TokenLevel.leaf(0)
      : TokenLevel.branch(next, [wrong(depth - 1), wrong(depth - 1), wrong(depth - 1)])
  const tree = [0, 1, 2].reduce<TokenLevel.Tree>(
    (right, depth) => TokenLevel.branch(next, [right, wrong(depth), wrong(depth)]),
    TokenLevel.leaf(1),
  )
  const alpha = 0.2
  const problem = arb.right(TokenLevel.sequences(tree))
  const correct = (policy: Categorical.Categorical): number => Categorical.prob(policy, 0)
  expect(problem.rewards.length).toBe(27)
  expect(correct(problem.reference)).toBeCloseTo(0.174, 12)
  expect(correct(arb.right(OptimalForward.optimum(problem, alpha)).policy)).toBeCloseTo(0.841, 3)
  const tokens = TokenLevel.distribution(arb.right(TokenLevel.tokenOptimum(tree, alpha)))
  expect(correct(tokens)).toBeCloseTo(0.766, 3)
})

test("a certificate sees what is wrong", () => {
  const policy = arb.right(Categorical.fromProbabilities([0.5, 0.5, 0]))
  expect(Certificate.kktResidual(policy, [1, 1, 0])).toBe(0)
  expect(Certificate.kktResidual(policy, [1, 1, 3])).toBe(2)
  expect(Certificate.kktResidual(policy, [2, 0, 0])).toBe(1)
  expect(Certificate.kktResidual(policy, [1, -Infinity, 0])).toBe(Infinity)
  expect(Certificate.kktResidual(policy, [1, 1, Infinity])).toBe(Infinity)
})

test("fewer draws than one are refused with a sentence", () => {
  const problem = arb.right(Optimal.problem(arb.right(Categorical.uniform(2)), [0, 1]))
  const refused = BestOfN.policy(problem, 0.5)
  expect(isLeft(refused) && Optimal.showError(refused.left)).toMatch(/draws must be finite and at least 1/)
})
