/**
 * Forward KL with an entropy bonus (T5): one optimum, of full support.
 *
 *     max_π E_π[r] - α KL(p ‖ π) + β H(π)
 *     on S    u + ln u = ln(αp/β) + (λ+β-r)/β,   π*(y) = αp(y)/(βu)    (u is Wright's ω; u = αp/(βπ))
 *     off S   π*(y) = e^{(r-λ)/β - 1} > 0
 *
 * Laws
 * 1. λ = E_π*[r] + α + β H(π*) - β; every outcome is possible, on the support and off it.
 * 2. β → 0 gives `OptimalForward`, which β = 0 is; α → 0 gives softmax(r/β).
 * 3. No policy has a higher value; the dual, g(λ) = λ - α + β Σ π_λ + α Σ_S p ln(π_λ/p), meets it.
 *
 * **Numerics** solved for v = ln π(best), λ - r_best = α p e^{-v} - βv - β, so that λ - r does not cancel for any other
 * outcome; ln Σ π is nearly linear in v. Newton's method in a bracket, from the root for a sample of the outcomes.
 *
 * Source: *derived* (theory T5).
 */
import { Categorical } from "@rapo/distributions"
import * as E from "fp-ts/lib/Either.js"
import { pipe } from "fp-ts/lib/function.js"
import { unsafeFromLogWeights } from "../internal/numbers.ts"
import type { Optimum } from "./Certificate.ts"
import { certify, kktResidual, unitOf } from "./Certificate.ts"
import * as Forward from "./ForwardKL.ts"
import type { Bracket, Point } from "./internal/increasingRoot.ts"
import { increasingRoot } from "./internal/increasingRoot.ts"
import { entropyBonus, massesOf, mean, meanDifference, ratioOf } from "./internal/values.ts"
import * as Optimal from "./Optimal.ts"
import { omega, roughOmega } from "./WrightOmega.ts"

// constructors

/**
 * The optimum; for β = 0 that of `OptimalForward`. With β > 0 it is always `Interior`.
 *
 * **Shapes**  problem: N outcomes;  policy: [N].
 * **Fails with** `CoefficientNotPositive` for α, `EntropyCoefficientNegative` for β.
 *
 * ```ts import.meta.vitest
 * import * as E from "fp-ts/lib/Either.js"
 * import { pipe } from "fp-ts/lib/function.js"
 * import { Categorical } from "@rapo/distributions"
 * import { Optimal, OptimalForwardEntropy } from "@rapo/rapo"
 * const unsupported = pipe(
 *   Categorical.fromProbabilities([0, 1]),
 *   E.flatMap((reference): E.Either<unknown, Optimal.Problem> => Optimal.problem(reference, [0, 0])),
 *   E.flatMap((problem) => OptimalForwardEntropy.optimum(problem, 1, 1)),
 *   E.match(() => NaN, ({ policy }) => Categorical.prob(policy, 0)),
 * )
 * unsupported // ≈ 0.2178
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const optimum = (
  problem: Optimal.Problem,
  alpha: number,
  beta: number,
): E.Either<Optimal.ProblemError, Optimum> =>
  pipe(
    Optimal.entropyCoefficient(beta),
    E.flatMap((beta) =>
      beta === 0
        ? Forward.optimum(problem, alpha)
        : pipe(
            Optimal.positiveCoefficient(alpha),
            E.map((alpha) => solve(problem, alpha, beta)),
          ),
    ),
  )

// destructors

/**
 * What a policy earns: E_π[r] - α KL(p ‖ π) + β H(π).
 *
 * @category destructors
 * @since 0.1.0
 */
export const objective = (
  problem: Optimal.Problem,
  alpha: number,
  beta: number,
  policy: Categorical.Categorical,
): number => Forward.objective(problem, alpha, policy) + entropyBonus(beta, policy)

/**
 * How far any policy is from the optimum: its `kktResidual` with h = r + α p/π - β ln π - β, in units of the problem.
 *
 * @category destructors
 * @since 0.1.0
 */
export const residual = (
  problem: Optimal.Problem,
  alpha: number,
  beta: number,
  policy: Categorical.Categorical,
): number => {
  const worths = marginals(problem, alpha, beta, policy, massesOf(problem.reference), massesOf(policy))
  return kktResidual(policy, worths) / unitOf(problem.rewards, alpha + beta)
}

// numerics

const marginals = (
  { reference, rewards }: Optimal.Problem,
  alpha: number,
  beta: number,
  { logProbs }: Categorical.Categorical,
  referenceMasses: Float64Array,
  masses: Float64Array,
): Float64Array => {
  const worths = new Float64Array(rewards.length)
  for (let y = 0; y < worths.length; y++) {
    const logP = reference.logProbs[y] ?? NaN
    const logPolicy = logProbs[y] ?? NaN
    const pull =
      logP === -Infinity ? 0 : alpha * ratioOf(referenceMasses[y] ?? NaN, masses[y] ?? NaN, logP, logPolicy)
    worths[y] = (rewards[y] ?? NaN) + pull - beta * logPolicy - beta
  }
  return worths
}

const solve = (problem: Optimal.Problem, alpha: number, beta: number): Optimum => {
  const { reference, rewards } = problem
  const equation = equationOf(problem, alpha, beta)
  const gap = gapAt(equation, root(equation, bracketOf(equation, alpha)))
  const logWeights = rewards.map((_, y) => logPolicyAt(equation, y, gap))
  const policy = unsafeFromLogWeights(logWeights)
  const [masses, referenceMasses] = [massesOf(policy), massesOf(reference)]
  const value =
    mean(masses, rewards) -
    alpha * meanDifference(referenceMasses, reference.logProbs, policy.logProbs) -
    beta * mean(masses, policy.logProbs)
  const multiplier = equation.best + gap
  const mode = Categorical.mode(policy)
  return {
    _tag: "Interior",
    policy,
    multiplier,
    value,
    certificate: certify({
      masses,
      marginals: marginals(problem, alpha, beta, policy, referenceMasses, masses),
      multiplier,
      // g(λ) = λ - α + β Σ π_λ + α Σ_S p ln(π_λ/p), where Σ π_λ is what normalising took away
      dual:
        equation.best +
        (gap - alpha) +
        beta * Math.exp((logWeights[mode] ?? NaN) - Categorical.logProb(policy, mode)) +
        alpha * meanDifference(referenceMasses, logWeights, reference.logProbs),
      value,
      unit: unitOf(rewards, alpha + beta),
    }),
  }
}

/** The stationarity condition with everything that does not depend on λ computed once; δ = λ - best. */
interface Equation {
  readonly beta: number
  readonly best: number
  /** ln(αp/β), -Infinity off the support */
  readonly logPulls: Float64Array
  /** αp/β */
  readonly pulls: Float64Array
  /** (best - r)/β + 1 */
  readonly offsets: Float64Array
  /** Where r is best; among those, where p is greatest. */
  readonly pivot: number
}

const equationOf = ({ reference, rewards }: Optimal.Problem, alpha: number, beta: number): Equation => {
  const logP = reference.logProbs
  let pivot = 0
  for (let y = 1; y < rewards.length; y++) {
    const lead = (rewards[y] ?? NaN) - (rewards[pivot] ?? NaN)
    if (lead > 0 || (lead === 0 && (logP[y] ?? NaN) > (logP[pivot] ?? NaN))) pivot = y
  }
  const [best, logRatio] = [rewards[pivot] ?? NaN, Math.log(alpha) - Math.log(beta)]
  const [logPulls, pulls] = [new Float64Array(rewards.length), new Float64Array(rewards.length)]
  const offsets = new Float64Array(rewards.length)
  for (let y = 0; y < offsets.length; y++) {
    const logPull = (logP[y] ?? NaN) + logRatio
    logPulls[y] = logPull
    pulls[y] = Math.exp(logPull)
    offsets[y] = (best - (rewards[y] ?? NaN)) / beta + 1
  }
  return { beta, best, logPulls, pulls, offsets, pivot }
}

/** δ where the pivot has the mass e^v: the pivot's own stationarity, solved for λ. */
const gapAt = ({ beta, logPulls, pivot }: Equation, v: number): number =>
  beta * (Math.exp((logPulls[pivot] ?? NaN) - v) - v - 1)

/** ln π of an outcome at δ. */
const logPolicyAt = ({ beta, logPulls, offsets }: Equation, y: number, gap: number): number => {
  const pull = logPulls[y] ?? NaN
  const level = gap / beta + (offsets[y] ?? NaN)
  if (pull === -Infinity) return -level
  const u = omega(pull + level)
  // ln π = ln(αp/β) - ln u = u - level: whichever has more digits, and the second, which is faster, where both have
  return u < Math.max(0.5, Math.abs(pull)) ? u - level : pull - Math.log(u)
}

/** ln Σ π over every `every`-th outcome, each counted `every` times, and its derivative in v: dπ/dδ = -π/(β(1+u)), dδ/dv = -(αp e^{-v} + β). */
const point = (equation: Equation, omegaOf: (x: number) => number, every: number, v: number): Point => {
  const { beta, logPulls, pulls, offsets, pivot } = equation
  const shift = gapAt(equation, v) / beta
  let mass = 0
  let fall = 0
  for (let y = 0; y < offsets.length; y += every) {
    const level = shift + (offsets[y] as number)
    const u = omegaOf((logPulls[y] as number) + level)
    const policy = u > leastOmega ? (pulls[y] as number) / u : Math.exp(u - level)
    mass += policy
    fall += policy / (1 + u)
  }
  return {
    value: Math.log(every * mass),
    slope: (fall / mass) * (Math.exp((logPulls[pivot] ?? NaN) - v) + 1),
  }
}

/** Below this ω, αp may have lost its digits to underflow. */
const leastOmega = 1e-280

/** The bracket of λ, max_y(r + αp) - β <= λ <= max r + α + β ln N - β, as one of v. */
const bracketOf = (equation: Equation, alpha: number): Bracket => {
  const { beta, pulls, offsets, pivot } = equation
  const highest = alpha + beta * Math.log(offsets.length) - beta
  let lowest = -Infinity
  for (let y = 0; y < offsets.length; y++) {
    lowest = Math.max(lowest, beta * ((pulls[y] ?? NaN) - (offsets[y] ?? NaN)))
  }
  const low = logPolicyAt(equation, pivot, highest)
  const high = Math.min(0, logPolicyAt(equation, pivot, lowest))
  // The bracket's ends are rounded: what they lose is far below a unit in v.
  return { low: low - 1e-9 * (1 + Math.abs(low)), high: Math.max(low, high) }
}

/**
 * The root in three stages, each from the last one's: for a sample of the outcomes; for all of them, with the rough ω; and
 * with ω to the last digit, where one pass is left to do. ln Σ π bends by less than its slope, so a step leaves less than its
 * square as the error.
 */
const root = (equation: Equation, bracket: Bracket): number => {
  if (equation.best === -Infinity) return NaN
  const stage = (omegaOf: (x: number) => number, every: number, guess: number, lastStep: number): number =>
    increasingRoot((v) => point(equation, omegaOf, every, v), bracket, guess, lastStep)
  const sampled = stage(roughOmega, Math.ceil(equation.offsets.length / sampleSize), bracket.low, 1e-2)
  return stage(omega, 1, stage(roughOmega, 1, sampled, 1e-3), 1e-8)
}

/** Outcomes of the first stage: so many that what they say is right to some percent, and few beside 100,000. */
const sampleSize = 4096
