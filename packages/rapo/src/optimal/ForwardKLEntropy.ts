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
 * outcome; ln Σ π is nearly linear in v. Halley's method in a bracket, from the root for a sample of the outcomes.
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
import { omega, omegaBeside, roughOmega } from "./WrightOmega.ts"

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
  const referenceMasses = massesOf(reference)
  const equation = equationOf(problem, referenceMasses, alpha, beta)
  const solution = root(equation, bracketOf(equation, alpha))
  const { gap } = solution
  const { logWeights, weights } = weightsAt(equation, solution)
  const policy = unsafeFromLogWeights(logWeights)
  // ln Σ π_λ: what normalising took away
  const mode = Categorical.mode(policy)
  const logTotal = (logWeights[mode] ?? NaN) - Categorical.logProb(policy, mode)
  const total = Math.exp(logTotal)
  const masses = weights.map((weight) => weight / total)
  const value =
    mean(masses, rewards) -
    alpha * meanDifference(referenceMasses, reference.logProbs, policy.logProbs) -
    beta * mean(masses, policy.logProbs)
  const multiplier = equation.best + gap
  return {
    _tag: "Interior",
    policy,
    multiplier,
    value,
    certificate: certify({
      masses,
      marginals: marginals(problem, alpha, beta, policy, referenceMasses, masses),
      multiplier,
      // g(λ) = λ - α + β Σ π_λ + α Σ_S p ln(π_λ/p)
      dual:
        equation.best +
        (gap - alpha) +
        beta * total +
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
  /** αp/β, 0 where it or p is too small to have all its digits */
  readonly pulls: Float64Array
  /** (best - r)/β + 1 */
  readonly offsets: Float64Array
  /** Where r is best; among those, where p is greatest. */
  readonly pivot: number
}

const equationOf = (
  { reference, rewards }: Optimal.Problem,
  referenceMasses: Float64Array,
  alpha: number,
  beta: number,
): Equation => {
  const logP = reference.logProbs
  let pivot = 0
  for (let y = 1; y < rewards.length; y++) {
    const lead = (rewards[y] ?? NaN) - (rewards[pivot] ?? NaN)
    if (lead > 0 || (lead === 0 && (logP[y] ?? NaN) > (logP[pivot] ?? NaN))) pivot = y
  }
  const best = rewards[pivot] ?? NaN
  const [ratio, logRatio] = [alpha / beta, Math.log(alpha) - Math.log(beta)]
  const [logPulls, pulls] = [new Float64Array(rewards.length), new Float64Array(rewards.length)]
  const offsets = new Float64Array(rewards.length)
  for (let y = 0; y < offsets.length; y++) {
    const mass = referenceMasses[y] ?? NaN
    const pull = mass * ratio
    logPulls[y] = (logP[y] ?? NaN) + logRatio
    pulls[y] = mass > leastMass && pull > leastMass ? pull : 0
    offsets[y] = (best - (rewards[y] ?? NaN)) / beta + 1
  }
  return { beta, best, logPulls, pulls, offsets, pivot }
}

/** δ where the pivot has the mass e^v: the pivot's own stationarity, solved for λ. */
const gapAt = ({ beta, logPulls, pivot }: Equation, v: number): number =>
  beta * (Math.exp((logPulls[pivot] ?? NaN) - v) - v - 1)

/** Below it a product may have lost digits to underflow. */
const leastMass = 1e-290

/** ln π of an outcome at δ. */
const logPolicyAt = ({ beta, logPulls, offsets }: Equation, y: number, gap: number): number => {
  const level = gap / beta + (offsets[y] ?? NaN)
  const logPull = logPulls[y] ?? NaN
  return logPolicyOf(logPull, level, omega(logPull + level))
}

/** ln π from u = ω(ln(αp/β) + level). */
const logPolicyOf = (logPull: number, level: number, u: number): number => {
  if (logPull === -Infinity) return -level
  // ln π = ln(αp/β) - ln u = u - level: whichever has more digits, and the second, which is faster, where both have
  return u < Math.max(0.5, Math.abs(logPull)) ? u - level : logPull - Math.log(u)
}

/** π from the same. */
const policyOf = (pull: number, level: number, u: number): number =>
  pull > 0 ? pull / u : Math.exp(u - level)

/**
 * ln Σ π over every `every`-th outcome, each counted `every` times, and its derivatives in v, from those in s = δ/β:
 *
 *     dπ/ds = -π/(1+u),   d²π/ds² = π(1+2u)/(1+u)³,   ds/dv = -(αp/β e^{-v} + 1)
 *
 * `omegas` is given the u of each outcome.
 */
const point = (
  equation: Equation,
  omegaOf: (x: number) => number,
  every: number,
  v: number,
  omegas: Float64Array,
): Point => {
  const { beta, logPulls, pulls, offsets, pivot } = equation
  const shift = gapAt(equation, v) / beta
  let [mass, fall, bend] = [0, 0, 0]
  for (let y = 0; y < offsets.length; y += every) {
    const level = shift + (offsets[y] as number)
    const u = omegaOf((logPulls[y] as number) + level)
    omegas[y] = u
    const policy = policyOf(pulls[y] as number, level, u)
    const t = 1 / (1 + u)
    mass += policy
    fall += policy * t
    bend += policy * t * t * (2 - t)
  }
  const pull = Math.exp((logPulls[pivot] ?? NaN) - v)
  const [first, second] = [-fall / mass, bend / mass]
  return {
    value: Math.log(every * mass),
    slope: -first * (pull + 1),
    curvature: (second - first * first) * (pull + 1) ** 2 + first * pull,
  }
}

/** λ, as δ, and each outcome's u at a δ so near it that `omegaBeside` loses no digit. */
interface Solution {
  readonly gap: number
  readonly nearGap: number
  readonly omegas: Float64Array
}

/** π at δ and its logarithm, not normalised. */
const weightsAt = (
  equation: Equation,
  { gap, nearGap, omegas }: Solution,
): { readonly logWeights: ReadonlyArray<number>; readonly weights: Float64Array } => {
  const { beta, logPulls, pulls, offsets } = equation
  const [shift, change] = [gap / beta, (gap - nearGap) / beta]
  const logWeights: Array<number> = []
  const weights = new Float64Array(offsets.length)
  for (let y = 0; y < weights.length; y++) {
    const logPull = logPulls[y] as number
    const level = shift + (offsets[y] as number)
    const before = omegas[y] as number
    const u = Math.abs(change) < nearby ? omegaBeside(before, change) : omega(logPull + level)
    logWeights.push(logPolicyOf(logPull, level, u))
    weights[y] = policyOf(pulls[y] as number, level, u)
  }
  return { logWeights, weights }
}

/** A change of δ/β of which the fourth power is lost in rounding. */
const nearby = 1e-4

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
 * with ω to the last digit, where one pass is left to do. ln Σ π bends by less than its slope, so a step leaves about its
 * third power as the error.
 */
const root = (equation: Equation, bracket: Bracket): Solution => {
  const omegas = new Float64Array(equation.offsets.length)
  let last = NaN
  const stage = (omegaOf: (x: number) => number, every: number, guess: number, lastStep: number): number =>
    increasingRoot(
      (v) => {
        last = v
        return point(equation, omegaOf, every, v, omegas)
      },
      bracket,
      guess,
      lastStep,
    )
  if (equation.best === -Infinity) return { gap: NaN, nearGap: NaN, omegas }
  const sampled = stage(roughOmega, Math.ceil(equation.offsets.length / sampleSize), bracket.low, 1e-2)
  const v = stage(omega, 1, stage(roughOmega, 1, sampled, 3e-2), 1e-5)
  return { gap: gapAt(equation, v), nearGap: gapAt(equation, last), omegas }
}

/** Outcomes of the first stage: so many that what they say is right to some percent, and few beside 100,000. */
const sampleSize = 4096
