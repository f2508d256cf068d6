/**
 * The optimum for any strictly convex f-divergence (T10), from its dual.
 *
 *     max_π E_π[r] - α D_f(π ‖ p)   at   π*(y) = p(y) (f*)′((r(y) - λ)/α) on S
 *     λ minimises   g(λ) = λ + α E_p[f*((r - λ)/α)]   over   λ >= r_N - α f′(∞)
 *
 * Mass off the support costs α f′(∞) a unit. Where that is finite and the reward off the support is worth it, the bound on
 * λ is attained (`Boundary`), and the best outcomes off the support take what is left, in equal shares.
 *
 * | f | π/p on S | is |
 * |---|---|---|
 * | `kl` | e^{(r-λ)/α} | T1, λ = α ln Z |
 * | `reverseKl` | α/(λ + α - r) | T2, its multiplier being λ + α; f′(∞) = 1 gives its boundary case |
 * | `pearson` | max(0, 1 + (r-λ)/2α) | linear: outcomes with r <= λ - 2α lose all their mass |
 *
 * Laws: λ = E_π*[r - α f′(π/p)]; no policy has a higher value; the gap g(λ) - J(π*) is 0.
 *
 * **Numerics** bisection for v = ln(π/p) of the best outcomes, in which s = f′(e^v) - (r_S - r)/α of the others follows
 * without cancellation; between the last two doubles the policies are interpolated, for with α = 1e-6 one unit in the last
 * place of λ is worth 1e-10 of probability. Reference probabilities of the best down to 1e-300.
 *
 * Source: Fenchel duality; for general f known in this form, e.g. arXiv 2309.16240. *Derived* here: the boundary case.
 */
import { Categorical, Float64, LogSpace } from "@rapo/distributions"
import { FDivergence } from "@rapo/divergences"
import * as E from "fp-ts/lib/Either.js"
import { pipe } from "fp-ts/lib/function.js"
import { unsafeFromLogWeights } from "../internal/numbers.ts"
import type { Optimum } from "./Certificate.ts"
import { certify, kktResidual, unitOf } from "./Certificate.ts"
import { bisect } from "./internal/increasingRoot.ts"
import type { Outcomes } from "./internal/outcomes.ts"
import { outcomesOf } from "./internal/outcomes.ts"
import { expected, massesOf } from "./internal/values.ts"
import * as Optimal from "./Optimal.ts"

// constructors

/**
 * The optimum.
 *
 * **Shapes**  problem: N outcomes;  policy: [N].
 * **Fails with** `CoefficientNotPositive`; `DivergenceNotStrictlyConvex`, for which the dual has no gradient.
 *
 * ```ts import.meta.vitest
 * import * as E from "fp-ts/lib/Either.js"
 * import { pipe } from "fp-ts/lib/function.js"
 * import { Categorical } from "@rapo/distributions"
 * import { FDivergence } from "@rapo/divergences"
 * import { Optimal, OptimalFDivergence } from "@rapo/rapo"
 * const correct = pipe(
 *   Categorical.fromProbabilities([0.1, 0.9]),
 *   E.flatMap((reference): E.Either<unknown, Optimal.Problem> => Optimal.problem(reference, [1, 0])),
 *   E.flatMap((problem) => OptimalFDivergence.optimum(FDivergence.reverseKl, problem, 0.5)),
 *   E.match(() => NaN, ({ policy }) => Categorical.prob(policy, 0)),
 * )
 * correct // ≈ 0.58541
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const optimum = (
  divergence: FDivergence.FDivergence,
  problem: Optimal.Problem,
  alpha: number,
): E.Either<Optimal.ProblemError, Optimum> =>
  divergence.strictlyConvex
    ? pipe(
        Optimal.positiveCoefficient(alpha),
        E.map((alpha) => solve(divergence, problem, alpha)),
      )
    : E.left({ _tag: "DivergenceNotStrictlyConvex", name: divergence.name })

// destructors

/**
 * What a policy earns: E_π[r] - α D_f(π ‖ p).
 *
 * @category destructors
 * @since 0.1.0
 */
export const objective = (
  divergence: FDivergence.FDivergence,
  { reference, rewards }: Optimal.Problem,
  alpha: number,
  policy: Categorical.Categorical,
): number => expected(policy, rewards) - alpha * divergenceOf(divergence, policy, reference)

/**
 * The Lagrange dual: an upper bound on what any policy earns; +Infinity where λ < r_N - α f′(∞).
 *
 *     g(λ) = λ + α Σ_S p f*((r - λ)/α)
 *
 * @category destructors
 * @since 0.1.0
 */
export const dual = (
  divergence: FDivergence.FDivergence,
  problem: Optimal.Problem,
  alpha: number,
  multiplier: number,
): number => {
  const { logP, rewards, bestOff } = outcomesOf(problem)
  // The bound itself is allowed, which rounding must not forbid.
  const slack = 4 * Number.EPSILON * (Math.abs(multiplier) + alpha)
  if ((bestOff - multiplier - slack) / alpha > divergence.slopeAtInfinity) return Infinity
  const conjugates = logP.map((l, y) =>
    l === -Infinity
      ? 0
      : LogSpace.timesLog(Math.exp(l), divergence.conjugate(((rewards[y] ?? NaN) - multiplier) / alpha)),
  )
  return multiplier + alpha * LogSpace.sum(conjugates)
}

/**
 * How far any policy is from the optimum: its `kktResidual` with h = r - α f′(π/p), in units of the problem.
 *
 * **Domain** a ratio π/p that underflows counts as the smallest normal double.
 *
 * @category destructors
 * @since 0.1.0
 */
export const residual = (
  divergence: FDivergence.FDivergence,
  problem: Optimal.Problem,
  alpha: number,
  policy: Categorical.Categorical,
): number =>
  kktResidual(policy, marginals(divergence, problem, alpha, policy)) / unitOf(problem.rewards, alpha)

// numerics

/** Below it doubles lose digits, and so would f′. */
const smallestNormal = 2 ** -1022

const divergenceOf = (
  divergence: FDivergence.FDivergence,
  p: Categorical.Categorical,
  q: Categorical.Categorical,
): number => {
  const value = FDivergence.divergence(divergence)(p, q)
  if (E.isLeft(value)) throw new Error("a problem's reference and policies have one size")
  return value.right
}

const marginals = (
  divergence: FDivergence.FDivergence,
  { reference, rewards }: Optimal.Problem,
  alpha: number,
  policy: Categorical.Categorical,
): ReadonlyArray<number> =>
  rewards.map((reward, y) => {
    const logP = Categorical.logProb(reference, y)
    if (logP === -Infinity) return reward - alpha * divergence.slopeAtInfinity
    const ratio = Math.max(Math.exp(Categorical.logProb(policy, y) - logP), smallestNormal)
    return reward - alpha * divergence.derivative(ratio)
  })

/** A policy on the support by its ratios π/p, where the best outcomes have `ratio` and s = (r - λ)/α = `slope`. */
interface Candidate {
  readonly slope: number
  readonly ratio: number
  readonly ratios: ReadonlyArray<number>
  /** Σ_S π */
  readonly mass: number
}

const solve = (divergence: FDivergence.FDivergence, problem: Optimal.Problem, alpha: number): Optimum => {
  const outcomes = outcomesOf(problem)
  const { logP, rewards, bestOn, bestOff, bestOffCount } = outcomes
  const slope = divergence.slopeAtInfinity - (bestOff - bestOn) / alpha
  const bound = candidate(divergence, outcomes, alpha, slope, divergence.conjugateDerivative(slope))
  const isBoundary = bestOff > bestOn && bound.mass < 1
  const chosen = isBoundary ? bound : interior(divergence, outcomes, alpha)
  const logShare = isBoundary ? Math.log((1 - bound.mass) / bestOffCount) : -Infinity
  const policy = unsafeFromLogWeights(
    logP.map((l, y) => {
      if (l === -Infinity) return rewards[y] === bestOff ? logShare : -Infinity
      return l + Math.log(chosen.ratios[y] ?? NaN)
    }),
  )
  const value = objective(divergence, problem, alpha, policy)
  const multiplier = isBoundary ? bestOff - alpha * divergence.slopeAtInfinity : bestOn - alpha * chosen.slope
  return {
    _tag: isBoundary ? "Boundary" : "Interior",
    policy,
    multiplier,
    value,
    certificate: certify({
      masses: massesOf(policy),
      marginals: marginals(divergence, problem, alpha, policy),
      multiplier,
      dual: multiplier + alpha * conjugateMean(divergence, outcomes, alpha, chosen),
      value,
      unit: unitOf(rewards, alpha),
    }),
  }
}

const candidate = (
  divergence: FDivergence.FDivergence,
  { logP, rewards, bestOn }: Outcomes,
  alpha: number,
  slope: number,
  ratio: number,
): Candidate => {
  const ratios = rewards.map((reward) =>
    reward === bestOn ? ratio : divergence.conjugateDerivative(slope - (bestOn - reward) / alpha),
  )
  return { slope, ratio, ratios, mass: massOf(logP, ratios) }
}

const massOf = (logP: ReadonlyArray<number>, ratios: ReadonlyArray<number>): number =>
  logP.reduce((mass, l, y) => (l === -Infinity ? mass : mass + Math.exp(l) * (ratios[y] ?? NaN)), 0)

/** The best outcomes get at least what the reference gives them, and at most 1. */
const interior = (divergence: FDivergence.FDivergence, outcomes: Outcomes, alpha: number): Candidate => {
  const best = outcomes.logP.filter((_, y) => outcomes.rewards[y] === outcomes.bestOn)
  const at = (v: number): Candidate =>
    candidate(divergence, outcomes, alpha, divergence.derivative(Math.exp(v)), Math.exp(v))
  const range = { low: 0, high: Math.max(0, -LogSpace.logSumExp(best)) }
  const { low, high } = bisect((v) => at(v).mass - 1, range)
  return between(outcomes, at(low), at(high))
}

/** The mixture of two neighbouring candidates whose mass is 1. */
const between = ({ logP }: Outcomes, low: Candidate, high: Candidate): Candidate => {
  const share = (1 - low.mass) / (high.mass - low.mass)
  if (!(share > 0 && share <= 1)) return low
  const mix = (a: number, b: number): number => a + share * (b - a)
  const ratios = low.ratios.map((ratio, y) => mix(ratio, high.ratios[y] ?? NaN))
  return {
    slope: mix(low.slope, high.slope),
    ratio: mix(low.ratio, high.ratio),
    ratios,
    mass: massOf(logP, ratios),
  }
}

/**
 * E_p f*(s). For the best outcomes, whose s may round to f′(∞) where f* is infinite, by f*(s) = s t - f(t), t = π/p.
 */
const conjugateMean = (
  divergence: FDivergence.FDivergence,
  { logP, rewards, bestOn }: Outcomes,
  alpha: number,
  { slope, ratio }: Candidate,
): number => {
  const direct = divergence.conjugate(slope)
  const best = direct < Infinity ? direct : slope * ratio - divergence.generator(Float64.Real)(ratio)
  return LogSpace.sum(
    logP.map((l, y) => {
      if (l === -Infinity) return 0
      const gap = bestOn - (rewards[y] ?? NaN)
      return LogSpace.timesLog(Math.exp(l), gap === 0 ? best : divergence.conjugate(slope - gap / alpha))
    }),
  )
}
