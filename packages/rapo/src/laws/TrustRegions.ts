/** Laws of trust regions, corrections and shapings: predicates over numbers. */
import { Float64 } from "@rapo/distributions"
import type { Correction } from "../Correction.ts"
import { factor } from "../Correction.ts"
import { longWrong, overConfident } from "../Shaping.ts"
import type { TrustRegion } from "../TrustRegion.ts"
import { clipRatio, surrogate } from "../TrustRegion.ts"

const R = Float64.Real

/** clip(clip(r)) = clip(r), and r <= s implies clip(r) <= clip(s). */
export const clipIsIdempotentAndMonotone = (region: TrustRegion, r: number, s: number): boolean => {
  const clip = (x: number): number => clipRatio(R)(region, x)
  return clip(clip(r)) === clip(r) && clip(Math.min(r, s)) <= clip(Math.max(r, s))
}

/** The surrogate is at most r A, where no dual clip raises it; a dual clip c holds it above c A where A < 0. */
export const surrogateIsPessimistic = (region: TrustRegion, ratio: number, advantage: number): boolean => {
  const value = surrogate(R)(region, ratio, advantage)
  const free = ratio * advantage
  if (region._tag === "None") return value === free
  if (region.dual === undefined || advantage >= 0) return value <= free
  return value >= region.dual * advantage && value <= Math.max(free, region.dual * advantage)
}

/** At r = 1 the surrogate is A. */
export const surrogateOnPolicy = (region: TrustRegion, advantage: number): boolean =>
  surrogate(R)(region, 1, advantage) === advantage

/** DOTS+RR's clip of r = π/μ around w = π_old/μ is w times the clipped surrogate of π/π_old. */
export const replayClipIsWeighted =
  (tolerance: number) =>
  (epsilon: number, ratio: number, weight: number, advantage: number): boolean => {
    const r = ratio * weight
    const clipped = Math.min(Math.max(r, weight * (1 - epsilon)), weight * (1 + epsilon))
    const written = -Math.max(-advantage * r, -advantage * clipped)
    const region: TrustRegion = { _tag: "Clip", low: epsilon, high: epsilon }
    const computed = factor(R)({ _tag: "Weighted" })(weight) * surrogate(R)(region, ratio, advantage)
    return Math.abs(written - computed) <= tolerance * (1 + Math.abs(written))
  }

/** A factor is w or 0 or the bound, is never above w, and is 1 where the sampler is π_old. */
export const correctionOnlyLowers = (correction: Correction, weight: number): boolean => {
  const value = factor(R)(correction)(weight)
  const isOne = factor(R)(correction)(1) === 1
  switch (correction._tag) {
    case "None":
      return isOne && value === 1
    case "Weighted":
      return isOne && value === weight
    case "Truncated":
      return isOne && value === Math.min(weight, correction.maximum)
    case "Masked":
      return isOne && value === (weight < correction.low || weight > correction.high ? 0 : weight)
  }
}

/** OverConfidence leaves A >= 0, lowers A < 0 the more the larger c, and is the identity at a = 0. */
export const overConfidenceOnlyPunishes = (
  strength: number,
  advantage: number,
  logRatio: number,
  other: number,
): boolean => {
  const at = (a: number, c: number): number => overConfident(R)(a, advantage, c)
  const [low, high] = [Math.min(logRatio, other), Math.max(logRatio, other)]
  return (
    at(0, logRatio) === advantage &&
    at(strength, logRatio) <= advantage &&
    (advantage < 0 || at(strength, logRatio) === advantage) &&
    at(strength, high) <= at(strength, low)
  )
}

/** LongWrong multiplies by 1 up to the typical length, then by more the longer, up to 2. */
export const longWrongOnlyGrows = (base: number, excess: number, other: number): boolean => {
  const [short, long] = [Math.min(excess, other), Math.max(excess, other)].map((x) => longWrong(base, x))
  return (
    short !== undefined &&
    long !== undefined &&
    1 <= short &&
    short <= long &&
    long <= 2 &&
    (excess > 0 || longWrong(base, excess) === 1)
  )
}
