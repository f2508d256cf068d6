import { Categorical, Seed } from "@rapo/distributions"
import * as fc from "fast-check"
import { isLeft } from "fp-ts/lib/Either.js"
import { expect, test } from "vitest"
import {
  Optimal,
  OptimalForward,
  OptimalForwardEntropy,
  OptimalLaws,
  OptimalReverse,
  WrightOmega,
} from "../../src/index.ts"
import * as arb from "../arbitraries/optimal.ts"

/**
 * In units of the problem: ln δ is known to an ulp of its own size, at most 700 · 2⁻⁵³ ≈ 1e-13, and sums of eight terms add
 * a few roundings.
 */
const tolerance = 1e-12

const forward = (problem: Optimal.Problem, alpha: number): OptimalForward.ForwardOptimum =>
  arb.right(OptimalForward.optimum(problem, alpha))

const isOff = ({ reference }: Optimal.Problem, y: number): boolean =>
  Categorical.logProb(reference, y) === -Infinity

test("[T2] the forward optimum is certified, for p from 1e-300, α from 1e-6 to 1e6", () => {
  fc.assert(
    fc.property(arb.problem, arb.coefficient, (problem, alpha) =>
      OptimalLaws.isCertified(tolerance)(problem, alpha, forward(problem, alpha)),
    ),
    { numRuns: 1000 },
  )
})

test("[T2] no other policy earns more, far or near", () => {
  fc.assert(
    fc.property(arb.problemAndPolicy, arb.coefficient, arb.double(0, 1), ([problem, other], alpha, t) => {
      const optimum = forward(problem, alpha)
      const weights = arb.right(Categorical.fromWeights([t, 1 - t]))
      const close = arb.right(Categorical.mixture(weights, [other, optimum.policy]))
      return [other, close].every((policy) =>
        OptimalLaws.isUnbeaten(tolerance)(
          problem,
          alpha,
          optimum,
          (pi) => OptimalForward.objective(problem, alpha, pi),
          policy,
        ),
      )
    }),
    { numRuns: 500 },
  )
})

test("[T2] weak duality: for every λ the dual bounds what any policy earns", () => {
  fc.assert(
    fc.property(
      arb.problemAndPolicy,
      arb.coefficient,
      arb.double(-20, 20),
      ([problem, other], alpha, logGap) => {
        const bound = OptimalForward.dual(problem, alpha, logGap)
        return (
          OptimalForward.objective(problem, alpha, other) <=
          bound + tolerance * (1 + alpha + Math.exp(logGap))
        )
      },
    ),
    { numRuns: 500 },
  )
})

test("[T2] the support is left exactly in the boundary case, which needs α < r_N - E_p[r]", () => {
  fc.assert(
    fc.property(arb.problem, arb.coefficient, (problem, alpha) => {
      const optimum = forward(problem, alpha)
      const off = problem.rewards.filter((_, y) => isOff(problem, y))
      const leaves = problem.rewards.some(
        (_, y) => isOff(problem, y) && Categorical.logProb(optimum.policy, y) > -Infinity,
      )
      const allowed = Math.max(...off) - Optimal.expectedReward(problem.reference, problem.rewards)
      return leaves === (optimum._tag === "Boundary") && (!leaves || alpha < allowed + 4 * tolerance)
    }),
    { numRuns: 500 },
  )
})

test("[T2] the boundary case splits what is left among the best outcomes", () => {
  const reference = arb.right(Categorical.fromProbabilities([0.5, 0.5, 0, 0]))
  const optimum = forward(arb.right(Optimal.problem(reference, [0, 0, 1, 1])), 0.4)
  expect(optimum._tag).toBe("Boundary")
  expect(optimum.multiplier).toBe(1)
  Categorical.probabilities(optimum.policy).forEach((mass, y) =>
    expect(mass).toBeCloseTo([0.2, 0.2, 0.3, 0.3][y] ?? NaN, 12),
  )
})

test("[T2] a huge α leaves the reference, a tiny α takes the best outcome", () => {
  const reference = arb.right(Categorical.fromProbabilities([0.2, 0.3, 0.5]))
  const problem = arb.right(Optimal.problem(reference, [1, 0.5, 0]))
  expect(OptimalLaws.samePolicy(1e-5)(forward(problem, 1e6).policy, reference)).toBe(true)
  expect(Categorical.prob(forward(problem, 1e-6).policy, 0)).toBeCloseTo(1, 5)
})

test("[T3] the multiplier is the expected reward plus α, in both cases", () => {
  fc.assert(
    fc.property(arb.problem, arb.coefficient, (problem, alpha) =>
      OptimalLaws.multiplierIdentity(tolerance)(problem, alpha, forward(problem, alpha)),
    ),
    { numRuns: 500 },
  )
})

test("[T3] the expected reward does not grow with α", () => {
  fc.assert(
    fc.property(arb.problem, arb.coefficient, arb.coefficient, (problem, a, b) => {
      const reward = (alpha: number): number =>
        Optimal.expectedReward(forward(problem, alpha).policy, problem.rewards)
      return reward(Math.min(a, b)) >= reward(Math.max(a, b)) - 10 * tolerance
    }),
  )
})

test("[T3] in the interior the best supported outcomes gain", () => {
  fc.assert(
    fc.property(arb.problem, arb.coefficient, (problem, alpha) => {
      const optimum = forward(problem, alpha)
      const best = Math.max(...Categorical.support(problem.reference).map((y) => problem.rewards[y] ?? NaN))
      return (
        optimum._tag === "Boundary" ||
        problem.rewards.every(
          (reward, y) =>
            isOff(problem, y) ||
            reward < best ||
            Categorical.prob(optimum.policy, y) >= Categorical.prob(problem.reference, y) * (1 - tolerance),
        )
      )
    }),
  )
})

test("[T5] the optimum with entropy is certified, and every outcome is possible", () => {
  fc.assert(
    fc.property(arb.problem, arb.coefficient, arb.coefficient, (problem, alpha, beta) => {
      const optimum = arb.right(OptimalForwardEntropy.optimum(problem, alpha, beta))
      return (
        OptimalLaws.isCertified(tolerance)(problem, alpha + beta, optimum) &&
        OptimalLaws.entropyMultiplierIdentity(tolerance)(problem, alpha, beta, optimum) &&
        optimum.policy.logProbs.every((l) => l > -Infinity)
      )
    }),
    { numRuns: 1000 },
  )
})

test("[T5] with entropy no other policy earns more", () => {
  fc.assert(
    fc.property(
      arb.problemAndPolicy,
      arb.coefficient,
      arb.coefficient,
      arb.double(0, 1),
      ([problem, other], alpha, beta, t) => {
        const optimum = arb.right(OptimalForwardEntropy.optimum(problem, alpha, beta))
        const weights = arb.right(Categorical.fromWeights([t, 1 - t]))
        const close = arb.right(Categorical.mixture(weights, [other, optimum.policy]))
        return [other, close].every((policy) =>
          OptimalLaws.isUnbeaten(tolerance)(
            problem,
            alpha + beta,
            optimum,
            (pi) => OptimalForwardEntropy.objective(problem, alpha, beta, pi),
            policy,
          ),
        )
      },
    ),
    { numRuns: 500 },
  )
})

test("[T5] β → 0 is the optimum without entropy, α → 0 is softmax(r/β)", () => {
  fc.assert(
    fc.property(arb.fullProblem, arb.mildCoefficient, (problem, coefficient) => {
      const withLittle = arb.right(OptimalForwardEntropy.optimum(problem, coefficient, 1e-10)).policy
      const softmax = arb.right(Categorical.fromLogits(problem.rewards.map((r) => r / coefficient)))
      const ofEntropy = arb.right(OptimalForwardEntropy.optimum(problem, 1e-10, coefficient)).policy
      // the policy moves by at most the small coefficient over the curvature, α p/π² >= 1e-3
      return (
        OptimalLaws.samePolicy(1e-6)(withLittle, forward(problem, coefficient).policy) &&
        OptimalLaws.samePolicy(1e-6)(ofEntropy, softmax) &&
        OptimalLaws.samePolicy(0)(
          arb.right(OptimalForwardEntropy.optimum(problem, coefficient, 0)).policy,
          forward(problem, coefficient).policy,
        )
      )
    }),
  )
})

test("[T5] Wright's ω solves its equation to 4 ulp from -1e3 to 1e300, and increases", () => {
  const argument = fc.oneof(
    arb.double(-1000, 1000),
    arb.double(-6, 6),
    arb.double(0, 300).map((e) => 10 ** e),
  )
  fc.assert(fc.property(argument, OptimalLaws.omegaSolves(4)), { numRuns: 5000 })
  fc.assert(
    fc.property(
      argument,
      argument,
      (a, b) => WrightOmega.omega(Math.min(a, b)) <= WrightOmega.omega(Math.max(a, b)),
    ),
  )
  // Over the whole table, its ends and the first doubles outside it.
  const tabulated = fc.oneof(
    arb.double(-40, 58),
    fc.constantFrom(-38, 56, -38 - 2 ** -47, 56 + 2 ** -47, -38 + 2 ** -47, 56 - 2 ** -47, 0, 1e5, -800),
  )
  fc.assert(fc.property(tabulated, OptimalLaws.omegaSolves(4)), { numRuns: 20_000 })
})

test("[T5] Wright's ω beside a point: Taylor's polynomial errs by d⁶/500 at most", () => {
  // What the two values of ω and the argument x + d are rounded by; below -700 ω itself underflows.
  const rounding = 16 * Number.EPSILON
  fc.assert(
    fc.property(arb.double(-700, 700), arb.double(-0.1, 0.1), (x, d) => {
      const w = WrightOmega.omega(x + d)
      const error = Math.abs(WrightOmega.omegaBeside(WrightOmega.omega(x), x + d - x) - w)
      return error <= (d ** 6 / 500 + rounding * Math.max(1, Math.abs(x))) * w
    }),
    { numRuns: 5000 },
  )
})

test("[T5] with many outcomes, of which a sample is taken first, the optimum is as exact as with few", () => {
  const draw = Seed.generator(Seed.fromInteger(3))
  for (const [alpha, beta] of [
    [0.5, 0.1],
    [1e-3, 1],
    [1e4, 1e-2],
    [1, 1e-4],
  ] as const) {
    const logits = Array.from({ length: 20_000 }, () =>
      draw.uniform() < 0.01 ? -Infinity : 30 * draw.uniform(),
    )
    const problem = arb.right(
      Optimal.problem(
        arb.right(Categorical.fromLogits(logits)),
        logits.map(() => draw.uniform()),
      ),
    )
    const { policy, certificate } = arb.right(OptimalForwardEntropy.optimum(problem, alpha, beta))
    expect(certificate.kktResidual).toBeLessThan(1e-12)
    expect(certificate.identity).toBeLessThan(1e-12)
    expect(OptimalForwardEntropy.residual(problem, alpha, beta, policy)).toBeLessThan(1e-12)
  }
})

test("a policy that is not the optimum has a residual", () => {
  const problem = arb.right(Optimal.problem(arb.right(Categorical.fromProbabilities([0.3, 0.7])), [1, 0]))
  expect(OptimalForward.residual(problem, 0.5, problem.reference)).toBeGreaterThan(0.01)
  expect(OptimalReverse.residual(problem, 0.5, 0, problem.reference)).toBeGreaterThan(0.01)
  expect(OptimalForwardEntropy.residual(problem, 0.5, 0.1, problem.reference)).toBeGreaterThan(0.01)
})

test("what makes no problem is refused with a sentence", () => {
  const reference = arb.right(Categorical.fromProbabilities([0.5, 0.5]))
  const problem = arb.right(Optimal.problem(reference, [1, 0]))
  const refused = [
    Optimal.problem(reference, [1]),
    Optimal.problem(reference, [1, NaN]),
    OptimalForward.optimum(problem, 0),
    OptimalForward.optimum(problem, NaN),
    OptimalForwardEntropy.optimum(problem, 1, -1),
    OptimalReverse.optimum(problem, 1, Infinity),
  ]
  for (const result of refused) {
    expect(isLeft(result) && Optimal.showError(result.left)).toMatch(/outcome|must be finite/)
  }
})
