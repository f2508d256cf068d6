/**
 * The forward-KL optimum (T2), with its certificate (T3).
 *
 *     max_π E_π[r] - α KL(p ‖ π)   at   π*(y) = α p(y) / (λ - r(y)) on S,   λ > r_S = max_S r
 *
 * - *Interior*: Σ_S α p/(λ-r) = 1 has one root λ₀ > r_S, and if nothing off the support earns more, r_N <= λ₀, then
 *   λ = λ₀ and π* = 0 off S.
 * - *Boundary*: r_N > λ₀. Then λ = r_N, and the mass that is left goes to the best outcomes off the support.
 *
 * So the support is left only in the boundary case, which needs α < r_N - E_p[r].
 *
 * Laws
 * 1. T3: λ = E_π*[r] + α in both cases; π*(y)(λ - r(y)) = α p(y) for every y, and λ >= r.
 * 2. E_π*[r] falls as α grows; α → ∞ gives p, α → 0 the best outcomes.
 * 3. Interior: π*(y) >= p(y) where r(y) = r_S.
 * 4. No policy has a higher value; the dual, g(λ) = λ - α + α Σ_S p ln(α/(λ-r)), meets it.
 *
 * **Numerics** solved for v = ln π*(best of S), in which ln Σ is nearly linear: Newton's method in a bracket, O(N) a step
 * without an exponential or a logarithm. With δ = λ - r_S = α p_best e^{-v}, λ - r = δ + (r_S - r) does not cancel, down to 1e-300. A
 * probability that underflows counts as 0 unless it is among the best.
 *
 * Source: *derived* (theory T2, T3).
 */
import { Categorical, LogSpace } from "@rapo/distributions"
import * as E from "fp-ts/lib/Either.js"
import { unsafeFromLogWeights } from "../internal/numbers.ts"
import type { Optimum } from "./Certificate.ts"
import { certify, kktResidual, unitOf } from "./Certificate.ts"
import type { Point } from "./internal/increasingRoot.ts"
import { increasingRoot } from "./internal/increasingRoot.ts"
import type { Outcomes } from "./internal/outcomes.ts"
import { outcomesOf } from "./internal/outcomes.ts"
import { expected, klOf, massesOf, mean, meanDifference, ratioOf } from "./internal/values.ts"
import * as Optimal from "./Optimal.ts"

// model

/**
 * @category models
 * @since 0.1.0
 */
export interface ForwardOptimum extends Optimum {
  /** ln δ = ln(λ - r_S), which keeps the digits that λ loses when δ is tiny. */
  readonly logGap: number
}

// constructors

/**
 * The optimum.
 *
 * **Shapes**  problem: N outcomes;  policy: [N].
 * **Fails with** `CoefficientNotPositive`.
 *
 * ```ts import.meta.vitest
 * import * as E from "fp-ts/lib/Either.js"
 * import { pipe } from "fp-ts/lib/function.js"
 * import { Categorical } from "@rapo/distributions"
 * import { Optimal, OptimalForward } from "@rapo/rapo"
 * const correct = pipe(
 *   Categorical.fromProbabilities([0.1, 0.9]),
 *   E.flatMap((reference): E.Either<unknown, Optimal.Problem> => Optimal.problem(reference, [1, 0])),
 *   E.flatMap((problem) => OptimalForward.optimum(problem, 0.5)),
 *   E.match(() => NaN, ({ policy }) => Categorical.prob(policy, 0)),
 * )
 * correct // ≈ 0.58541
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const optimum = (
  problem: Optimal.Problem,
  alpha: number,
): E.Either<Optimal.ProblemError, ForwardOptimum> =>
  E.map((alpha: number) => solve(problem, alpha))(Optimal.positiveCoefficient(alpha))

// destructors

/**
 * What a policy earns: E_π[r] - α KL(p ‖ π); -Infinity where it gives up part of the support.
 *
 * @category destructors
 * @since 0.1.0
 */
export const objective = (
  { reference, rewards }: Optimal.Problem,
  alpha: number,
  policy: Categorical.Categorical,
): number => expected(policy, rewards) - alpha * klOf(reference, policy)

/**
 * The Lagrange dual at λ = r_S + e^{logGap}: an upper bound on what any policy earns; +Infinity where λ < r_N.
 *
 *     g(λ) = λ - α + α Σ_S p ln(α/(λ - r)),   λ > r_S, λ >= r_N
 *
 * @category destructors
 * @since 0.1.0
 */
export const dual = (problem: Optimal.Problem, alpha: number, logGap: number): number => {
  const { size, logP, rewards, bestOn, bestOff } = outcomesOf(problem)
  const gap = Math.exp(logGap)
  if (bestOff - bestOn > gap * (1 + 4 * Number.EPSILON)) return Infinity
  const terms = new Float64Array(size)
  for (let y = 0; y < size; y++) {
    const l = logP[y] ?? -Infinity
    const below = bestOn - (rewards[y] ?? NaN)
    if (l > -Infinity)
      terms[y] = Math.exp(l) * (Math.log(alpha) - (below === 0 ? logGap : Math.log(gap + below)))
  }
  return bestOn + (gap - alpha) + alpha * LogSpace.sum(terms)
}

/**
 * How far any policy is from the optimum: its `kktResidual` with h = r + α p/π, in units of the problem. It knows nothing
 * of how the policy was found, and is 0 exactly at the optimum.
 *
 * @category destructors
 * @since 0.1.0
 */
export const residual = (
  problem: Optimal.Problem,
  alpha: number,
  policy: Categorical.Categorical,
): number => {
  const worths = marginals(problem, alpha, policy, massesOf(problem.reference), massesOf(policy))
  return kktResidual(policy, worths) / unitOf(problem.rewards, alpha)
}

// numerics

const marginals = (
  { reference, rewards }: Optimal.Problem,
  alpha: number,
  { logProbs }: Categorical.Categorical,
  referenceMasses: Float64Array,
  masses: Float64Array,
): Float64Array => {
  const worths = new Float64Array(rewards.length)
  for (let y = 0; y < worths.length; y++) {
    const logP = reference.logProbs[y] ?? NaN
    const reward = rewards[y] ?? NaN
    worths[y] =
      logP === -Infinity
        ? reward
        : reward + alpha * ratioOf(referenceMasses[y] ?? NaN, masses[y] ?? NaN, logP, logProbs[y] ?? NaN)
  }
  return worths
}

const solve = (problem: Optimal.Problem, alpha: number): ForwardOptimum => {
  const { reference, rewards } = problem
  const outcomes = outcomesOf(problem)
  const { bestOn, bestOff } = outcomes
  const referenceMasses = massesOf(reference)
  const supported = supportedOf(outcomes, referenceMasses, alpha)
  const leftover =
    bestOff > bestOn ? -excessAt(supported, supported.logBest - Math.log(bestOff - bestOn)).excess : 0
  const isBoundary = leftover > 0
  const logGap = isBoundary ? Math.log(bestOff - bestOn) : supported.logBest - logBestMass(supported, alpha)
  const logWeights = policyAt(outcomes, alpha, logGap, isBoundary ? Math.log(leftover) : -Infinity)
  const policy = unsafeFromLogWeights(logWeights)
  const masses = massesOf(policy)
  const value =
    mean(masses, rewards) - alpha * meanDifference(referenceMasses, reference.logProbs, policy.logProbs)
  const gap = Math.exp(logGap)
  return {
    _tag: isBoundary ? "Boundary" : "Interior",
    policy,
    multiplier: bestOn + gap,
    logGap,
    value,
    certificate: certify({
      masses,
      marginals: marginals(problem, alpha, policy, referenceMasses, masses),
      multiplier: bestOn + gap,
      dual: bestOn + (gap - alpha) + alpha * meanDifference(referenceMasses, logWeights, reference.logProbs),
      value,
      unit: unitOf(rewards, alpha),
    }),
  }
}

/** ln of π = α p/(λ - r) on the support, and of what is left for the best outcomes off it. */
const policyAt = (
  { logP, rewards, bestOn, bestOff, bestOffCount }: Outcomes,
  alpha: number,
  logGap: number,
  logLeftover: number,
): ReadonlyArray<number> => {
  const [gap, logAlpha, logShare] = [Math.exp(logGap), Math.log(alpha), logLeftover - Math.log(bestOffCount)]
  return rewards.map((reward, y) => {
    const l = logP[y] ?? -Infinity
    if (l === -Infinity) return reward === bestOff ? logShare : -Infinity
    return l + logAlpha - (reward === bestOn ? logGap : Math.log(gap + (bestOn - reward)))
  })
}

/** What the root needs of the support: the best outcomes as one, and mass and distance of each of the others. */
interface Supported {
  readonly alpha: number
  /** ln(α p(best of S)) */
  readonly logBest: number
  /** p of the others */
  readonly masses: Float64Array
  /** r_S - r of the others */
  readonly gaps: Float64Array
}

const supportedOf = (
  { size, logP, rewards, bestOn }: Outcomes,
  referenceMasses: Float64Array,
  alpha: number,
): Supported => {
  const best: Array<number> = []
  const [masses, gaps] = [new Float64Array(size), new Float64Array(size)]
  let others = 0
  for (let y = 0; y < size; y++) {
    const l = logP[y] ?? -Infinity
    const below = bestOn - (rewards[y] ?? NaN)
    if (l === -Infinity) continue
    if (below === 0) best.push(l)
    else {
      masses[others] = referenceMasses[y] ?? NaN
      gaps[others++] = below
    }
  }
  const logBest = Math.log(alpha) + LogSpace.logSumExp(best)
  return { alpha, logBest, masses: masses.subarray(0, others), gaps: gaps.subarray(0, others) }
}

/**
 * Σ_S π - 1 and the derivative of Σ_S π in v, where the best outcomes have the mass e^v, so that δ = α p_best e^{-v}.
 *
 * The 1 is taken away as Σ_S p, term by term: π - p = p (α - (λ-r))/(λ-r). Thus the excess keeps its digits where it is far
 * below 1, as for α = 1, where the best outcomes' √p hangs on them.
 */
const excessAt = (
  { alpha, logBest, masses, gaps }: Supported,
  v: number,
): { readonly excess: number; readonly slope: number } => {
  const delta = Math.exp(logBest - v)
  const best = Math.exp(v)
  let excess = best - Math.exp(logBest) / alpha
  let slope = best
  for (let i = 0; i < masses.length; i++) {
    const gap = gaps[i] ?? NaN
    const inverse = 1 / (delta + gap)
    const part = (masses[i] ?? NaN) * inverse
    excess += part * (alpha - gap - delta)
    slope += alpha * part * (delta * inverse)
  }
  return { excess, slope }
}

/**
 * ln of the mass that the best of S get when the support gets all. They get at least what the reference gives them
 * (law 3) and at most 1; and λ >= E_p[r] + α says the same from the other side.
 */
const logBestMass = (supported: Supported, alpha: number): number => {
  const low = supported.logBest - Math.log(alpha)
  const leastDelta = Math.max(alpha - mean(supported.masses, supported.gaps), 0)
  const high = Math.max(low, Math.min(0, supported.logBest - Math.log(leastDelta)))
  const point = (v: number): Point => {
    const { excess, slope } = excessAt(supported, v)
    return { value: Math.log1p(excess), slope: slope / (1 + excess) }
  }
  return increasingRoot(point, { low, high }, high)
}
