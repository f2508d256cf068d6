/**
 * Where every outcome's marginal value of E r - α KL(p ‖ π) + β H is λ, solved for λ: what `ForwardKLEntropy` rests on.
 *
 *     on S    u + ln u = ln(αp/β) + δ/β + (best - r)/β + 1,   π = αp/(βu);      off S  π = e^{-δ/β - (best - r)/β - 1}
 *     Σ π = 1,   δ = λ - best
 *
 * A pass over all outcomes is what time goes to: there are two, from the root for a sample, and the ω of the last are kept for
 * the policy.
 */
import type { Problem } from "../Optimal.ts"
import { omega, omegaBeside } from "../WrightOmega.ts"
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

/** The stationarity condition. Nothing that depends on an outcome is stored: to fetch it would take longer than to compute it. */
interface Equation {
  readonly logP: ReadonlyArray<number>
  readonly masses: Float64Array
  readonly rewards: ReadonlyArray<number>
  readonly beta: number
  readonly best: number
  /** α/β and its logarithm */
  readonly ratio: number
  readonly logRatio: number
  /** Where r is best; among those, where p is greatest. */
  readonly pivot: number
}

const equationOf = (
  { reference, rewards }: Problem,
  masses: Float64Array,
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
  return { logP, masses, rewards, beta, best, ratio, logRatio, pivot }
}

/** ln(αp/β), -Infinity off the support. */
const logPullOf = ({ logP, logRatio }: Equation, y: number): number => (logP[y] as number) + logRatio

/** αp/β, 0 where it or p is too small to have all its digits. */
const pullOf = ({ masses, ratio }: Equation, y: number): number => {
  const mass = masses[y] as number
  const pull = mass * ratio
  return mass > leastMass && pull > leastMass ? pull : 0
}

/** Below it a product may have lost digits to underflow. */
const leastMass = 1e-290

/** (best - r)/β + 1: δ/β and this are the level of an outcome. */
const offsetOf = ({ best, rewards, beta }: Equation, y: number): number =>
  (best - (rewards[y] as number)) / beta + 1

/** δ where the pivot has the mass e^v: the pivot's own stationarity, solved for λ. */
const gapAt = (equation: Equation, v: number): number =>
  equation.beta * (Math.exp(logPullOf(equation, equation.pivot) - v) - v - 1)

/** ln π of an outcome at δ. */
const logPolicyAt = (equation: Equation, y: number, gap: number): number => {
  const level = gap / equation.beta + offsetOf(equation, y)
  const logPull = logPullOf(equation, y)
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
const point = (equation: Equation, every: number, v: number, omegas: Float64Array): Point => {
  const shift = gapAt(equation, v) / equation.beta
  let [mass, fall, bend] = [0, 0, 0]
  for (let y = 0; y < omegas.length; y += every) {
    const level = shift + offsetOf(equation, y)
    const u = omega(logPullOf(equation, y) + level)
    omegas[y] = u
    const policy = policyOf(pullOf(equation, y), level, u)
    const t = 1 / (1 + u)
    mass += policy
    fall += policy * t
    bend += policy * t * t * (2 - t)
  }
  const pull = Math.exp(logPullOf(equation, equation.pivot) - v)
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

/** π at δ and its logarithm, not normalised. The weights take the place of the solution's ω, which are not needed again. */
const weightsAt = (
  equation: Equation,
  { gap, nearGap, omegas: weights }: Solution,
): Pick<Stationary, "logWeights" | "weights"> => {
  const { beta, logP } = equation
  const [shift, change] = [gap / beta, (gap - nearGap) / beta]
  const isNear = Math.abs(change) < nearby
  const logWeights = logP.slice()
  for (let y = 0; y < weights.length; y++) {
    const logPull = logPullOf(equation, y)
    const level = shift + offsetOf(equation, y)
    const u = isNear ? omegaBeside(weights[y] as number, change) : omega(logPull + level)
    logWeights[y] = logPolicyOf(logPull, level, u)
    weights[y] = policyOf(pullOf(equation, y), level, u)
  }
  return { logWeights, weights }
}

/** A change of δ/β of which the sixth power is lost in rounding. */
const nearby = 2 ** -9

/** The bracket of λ, max_y(r + αp) - β <= λ <= max r + α + β ln N - β, as one of v. */
const bracketOf = (equation: Equation, alpha: number): Bracket => {
  const { beta, masses, pivot } = equation
  const highest = alpha + beta * Math.log(masses.length) - beta
  let lowest = -Infinity
  for (let y = 0; y < masses.length; y++) {
    lowest = Math.max(lowest, beta * (pullOf(equation, y) - offsetOf(equation, y)))
  }
  const low = logPolicyAt(equation, pivot, highest)
  const high = Math.min(0, logPolicyAt(equation, pivot, lowest))
  // The bracket's ends are rounded: what they lose is far below a unit in v.
  return { low: low - 1e-9 * (1 + Math.abs(low)), high: Math.max(low, high) }
}

/**
 * The root in two stages: for a sample of the outcomes, and from there for all of them. ln Σ π bends by less than its slope, so a
 * step leaves about its third power as the error: two passes over all outcomes are the rule.
 */
const root = (equation: Equation, bracket: Bracket): Solution => {
  const omegas = new Float64Array(equation.masses.length)
  if (equation.best === -Infinity) return { gap: NaN, nearGap: NaN, omegas }
  let last = NaN
  const stage = (every: number, guess: number, lastStep: number): number =>
    increasingRoot(
      (v) => {
        last = v
        return point(equation, every, v, omegas)
      },
      bracket,
      guess,
      lastStep,
    )
  const sampled = stage(Math.ceil(omegas.length / sampleSize), bracket.low, 1e-2)
  const v = stage(1, sampled, 1e-5)
  return { gap: gapAt(equation, v), nearGap: gapAt(equation, last), omegas }
}

/** Outcomes of the first stage: so many that what they say is right to some percent, and few beside 100,000. */
const sampleSize = 4096
