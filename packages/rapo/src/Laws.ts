/**
 * The laws of this package as predicates: each takes values and answers whether the law holds for them, up to a
 * rounding tolerance that the caller names. The tests feed them with random values.
 */
import { Categorical } from "@rapo/distributions"
import type { Phi } from "./Phi.ts"
import * as PhiFunctions from "./Phi.ts"
import { literal, logPartition, tokenLevel } from "./ReweightedReference.ts"

export * from "./laws/Advantages.ts"
export * from "./laws/Aggregations.ts"
export * from "./laws/TrustRegions.ts"

type Numbers = ReadonlyArray<number>

const total = (xs: Numbers): number => xs.reduce((a, b) => a + b, 0)

// φ and the reweighted reference

/** φ_min <= φ(r) <= φ(s) <= 1 for r <= s, up to one rounding. */
export const phiIsMonotone =
  (tolerance: number) =>
  (phi: Phi, r: number, s: number): boolean => {
    const low = PhiFunctions.at(phi, Math.min(r, s))
    const high = PhiFunctions.at(phi, Math.max(r, s))
    return low <= high && phi.minimum <= low && high <= 1 + tolerance
  }

/** The entropy of the token-level reference does not increase with the reward, for φ does not decrease. */
export const reweightingFlattensByReward =
  (tolerance: number) =>
  (phi: Phi, logits: Numbers, r: number, s: number): boolean => {
    const entropy = (reward: number): number =>
      -total(tokenLevel(phi, reward, logits).map((l) => Math.exp(l) * l))
    return entropy(Math.min(r, s)) >= entropy(Math.max(r, s)) - tolerance
  }

/** φ(r) = φ_min up to r_min, and 1 from r_max on. */
export const phiReachesItsEnds =
  (tolerance: number) =>
  (phi: Phi, beyond: number): boolean =>
    Math.abs(PhiFunctions.at(phi, phi.rewardLow - Math.abs(beyond)) - phi.minimum) <= tolerance &&
    Math.abs(PhiFunctions.at(phi, phi.rewardHigh + Math.abs(beyond)) - 1) <= tolerance

/** The token-level reference is the softmax at temperature 1/φ: its own normaliser is all there is of Z. */
export const tokenLevelIsTemperature =
  (tolerance: number) =>
  (phi: Phi, logits: Numbers, reward: number): boolean => {
    const power = PhiFunctions.at(phi, reward)
    const logZ = Math.log(total(logits.map((z) => Math.exp(power * z))))
    return tokenLevel(phi, reward, logits).every(
      (l, v) => Math.abs(l - (power * (logits[v] ?? NaN) - logZ)) <= tolerance,
    )
  }

/** φ(wrong) = 0, φ(right) = 1: Z = #wrong + q, and the correct mass falls to q/Z. */
export const literalCollapses =
  (tolerance: number) =>
  (reference: Categorical.Categorical, correct: ReadonlyArray<boolean>): boolean => {
    const phi = PhiFunctions.binary(0)
    const rewards = correct.map(Number)
    const q = Categorical.expectation(reference, (y) => rewards[y] ?? NaN)
    const wrong = Categorical.support(reference).filter((y) => correct[y] === false).length
    const Z = wrong + q
    const found = Categorical.expectation(literal(phi, reference, rewards), (y) => rewards[y] ?? NaN)
    return (
      Math.abs(Math.exp(logPartition(phi, reference, rewards)) - Z) <= tolerance * Z &&
      Math.abs(found - q / Z) <= tolerance
    )
  }

/** One reward for all outcomes: the literal reference is the escort of that reward's φ. */
export const literalOfOneRewardIsEscort =
  (tolerance: number) =>
  (phi: Phi, reference: Categorical.Categorical, reward: number): boolean =>
    Categorical.getEq(tolerance).equals(
      literal(
        phi,
        reference,
        Categorical.probabilities(reference).map(() => reward),
      ),
      Categorical.escort(reference, PhiFunctions.at(phi, reward)),
    )
