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
 * 4. No policy has a higher value.
 *
 * **Numerics** solved for ln δ, δ = λ - r_S, by bisection in log space: λ - r = δ + (r_S - r) without cancellation,
 * down to reference probabilities that underflow.
 *
 * Source: *derived* (theory T2, T3).
 */
import { Categorical, LogSpace } from "@rapo/distributions"
import * as E from "fp-ts/lib/Either.js"
import { maximum, range, unsafeFromLogWeights } from "../internal/numbers.ts"
import * as Optimal from "./Optimal.ts"

// model

/**
 * @category models
 * @since 0.1.0
 */
export interface ForwardOptimum {
  /** Whether the optimum stays on the reference's support (Interior) or leaves it (Boundary). */
  readonly _tag: "Interior" | "Boundary"
  readonly policy: Categorical.Categorical
  /** λ. */
  readonly multiplier: number
  /** ln δ = ln(λ - r_S), which keeps the digits that λ loses when δ is tiny. */
  readonly logGap: number
  /** The objective at the optimum. */
  readonly value: number
  /** How far the policy is from satisfying law 1: see `residual`. */
  readonly residual: number
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
): number =>
  rewards.reduce((total, reward, y) => {
    const p = Categorical.prob(reference, y)
    const kl = p === 0 ? 0 : p * (Categorical.logProb(reference, y) - Categorical.logProb(policy, y))
    return total + Categorical.prob(policy, y) * reward - alpha * kl
  }, 0)

/**
 * How far a policy is from the Karush-Kuhn-Tucker conditions, with λ read off the policy itself as E_π[r] + α:
 *
 *     max_y  |π(y)(λ - r(y)) - α p(y)|,  max(0, r(y) - λ)      in units of α + range of r
 *
 * It knows nothing of how the policy was found, and is 0 exactly at the optimum.
 *
 * @category destructors
 * @since 0.1.0
 */
export const residual = (
  { reference, rewards }: Optimal.Problem,
  alpha: number,
  policy: Categorical.Categorical,
): number => {
  const multiplier = Optimal.expectedReward(policy, rewards) + alpha
  const violations = rewards.map((reward, y) => {
    const identity =
      Categorical.prob(policy, y) * (multiplier - reward) - alpha * Categorical.prob(reference, y)
    return Math.max(Math.abs(identity), reward - multiplier)
  })
  return maximum(violations) / (alpha + range(rewards))
}

// numerics

/** ln p and r_S - r of the outcomes on the support, and where they stand. */
interface Supported {
  readonly logMass: ReadonlyArray<number>
  readonly gaps: ReadonlyArray<number>
}

const solve = (problem: Optimal.Problem, alpha: number): ForwardOptimum => {
  const { reference, rewards } = problem
  const logP = rewards.map((_, y) => Categorical.logProb(reference, y))
  const onSupport = (y: number): boolean => logP[y] !== -Infinity
  const bestOn = maximum(rewards.filter((_, y) => onSupport(y)))
  const bestOff = maximum(rewards.filter((_, y) => !onSupport(y)))
  const supported: Supported = {
    logMass: logP.filter((_, y) => onSupport(y)).map((l) => l + Math.log(alpha)),
    gaps: rewards.filter((_, y) => onSupport(y)).map((reward) => bestOn - reward),
  }
  const boundaryMass = bestOff > bestOn ? Math.exp(logTotal(supported, Math.log(bestOff - bestOn))) : Infinity
  const logGap = boundaryMass < 1 ? Math.log(bestOff - bestOn) : logRoot(supported, alpha)
  const winners = rewards.filter((reward, y) => !onSupport(y) && reward === bestOff).length
  const logLeftover = boundaryMass < 1 ? Math.log1p(-boundaryMass) - Math.log(winners) : -Infinity
  const policy = unsafeFromLogWeights(
    rewards.map((reward, y) => {
      const l = logP[y] ?? -Infinity
      if (l !== -Infinity) return l + Math.log(alpha) - LogSpace.logAddExp(logGap, Math.log(bestOn - reward))
      return reward === bestOff ? logLeftover : -Infinity
    }),
  )
  return {
    _tag: boundaryMass < 1 ? "Boundary" : "Interior",
    policy,
    multiplier: bestOn + Math.exp(logGap),
    logGap,
    value: objective(problem, alpha, policy),
    residual: residual(problem, alpha, policy),
  }
}

/** ln Σ_S α p / (δ + gap), strictly falling in ln δ. */
const logTotal = ({ logMass, gaps }: Supported, logDelta: number): number =>
  LogSpace.logSumExp(logMass.map((l, i) => l - LogSpace.logAddExp(logDelta, Math.log(gaps[i] ?? 0))))

/**
 * The root of `logTotal` = 0. Bracket: at δ = α the total is at most Σ p = 1; at δ = α p(best outcome), that outcome
 * alone makes the total at least 1. Bisection stops when no double lies between the ends: at most 64 steps or so,
 * for every sign and exponent of ln δ.
 */
const logRoot = (supported: Supported, alpha: number): number => {
  let low = maximum(supported.logMass.filter((_, i) => supported.gaps[i] === 0))
  let high = Math.max(low, Math.log(alpha))
  for (;;) {
    const middle = low + (high - low) / 2
    if (!(low < middle && middle < high)) return middle
    if (logTotal(supported, middle) > 0) low = middle
    else high = middle
  }
}
