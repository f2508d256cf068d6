/**
 * Where every outcome's marginal value of E r - α KL(p ‖ π) + β H is λ, solved for λ: what `ForwardKLEntropy` rests on.
 *
 *     on S    u + ln u = ln(αp/β) + δ/β + (best - r)/β + 1,   π = αp/(βu);      off S  π = e^{-δ/β - (best - r)/β - 1}
 *     Σ π = 1,   δ = λ - best
 *
 * A pass over all outcomes is what time goes to, so there is one with ω to the last digit, one or two with a rough ω, and those ω
 * are kept for the policy.
 */
import type { Problem } from "../Optimal.ts"
import { omega, omegaBeside, roughOmega } from "../WrightOmega.ts"
import type { Bracket, Point } from "./increasingRoot.ts"
import { increasingRoot } from "./increasingRoot.ts"

// model

/** The root and the policy there, not normalised: its total differs from 1 by rounding. */
export interface Stationary {
  readonly best: number
  /** λ - best */
  readonly gap: number
  readonly weights: Float64Array
  readonly logWeights: ReadonlyArray<number>
}

// constructors

/** **Domain** α > 0, β > 0; `referenceMasses` [N], the reference's probabilities. */
export const stationary = (
  problem: Problem,
  referenceMasses: Float64Array,
  alpha: number,
  beta: number,
): Stationary => {
  const equation = equationOf(problem, referenceMasses, alpha, beta)
  const solution = root(equation, bracketOf(equation, alpha))
  return { best: equation.best, gap: solution.gap, ...weightsAt(equation, solution) }
}

// numerics

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
  { reference, rewards }: Problem,
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
): Pick<Stationary, "logWeights" | "weights"> => {
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
