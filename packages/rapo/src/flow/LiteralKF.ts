/**
 * Where the literal kF rests (T12): not at the forward optimum.
 *
 *     E_π[r] - α · ½ E_p[l²],  l = ln(p/π):     at rest   α l e^l = λ - r,      λ = E_π[r] + α E_p[l]
 *     π = p e^{-W((λ-r)/α)},   W = W₀ where π <= e·p,  W = W₋₁ where π > e·p
 *
 * The penalty ½ p ln²(p/π) is convex in π only up to π = e·p; beyond, pulling back weakens, and Lambert's other branch
 * holds. At a maximum at most one outcome can be beyond: of two, mass could be moved from one to the other at a gain. So
 * the penalty stops amplification by more than e only while α is large, and which rest point is reached may depend on
 * where training started.
 *
 * Source: *derived* (theory E5, T12; the second branch found here).
 */
import { Categorical, LogSpace } from "@rapo/distributions"
import type { Problem } from "../optimal/Optimal.ts"
import { expected } from "../optimal/internal/values.ts"

// destructors

/**
 * What the literal kF's training ascends, on average: E_π[r] - (α/2) E_p[ln²(p/π)].
 *
 * **Domain** a policy that is positive wherever the reference is; else -Infinity.
 *
 * @category destructors
 * @since 0.1.0
 */
export const objective = (
  { reference, rewards }: Problem,
  alpha: number,
  policy: Categorical.Categorical,
): number =>
  expected(policy, rewards) -
  (alpha / 2) *
    LogSpace.sum(
      Categorical.support(reference).map(
        (y) =>
          Categorical.prob(reference, y) *
          (Categorical.logProb(reference, y) - Categorical.logProb(policy, y)) ** 2,
      ),
    )

/**
 * The policy that the formula gives back from a policy's own λ and branches: itself, exactly where the flow rests.
 *
 * **Shapes**  policy: [N];  result: [N], log-probabilities, not normalised.
 * **Domain**  reference and policy of full support. NaN where (λ-r)/α < -1/e, which no rest point has.
 *
 * @category destructors
 * @since 0.1.0
 */
export const fromMultiplier = (
  { reference, rewards }: Problem,
  alpha: number,
  policy: Categorical.Categorical,
): ReadonlyArray<number> => {
  const logRatios = rewards.map((_, y) => Categorical.logProb(reference, y) - Categorical.logProb(policy, y))
  const multiplier =
    expected(policy, rewards) + alpha * Categorical.expectation(reference, (y) => logRatios[y] ?? NaN)
  return rewards.map((reward, y) => {
    const branch = (logRatios[y] ?? NaN) < -1 ? -1 : 0
    return Categorical.logProb(reference, y) - lambertW(branch, (multiplier - reward) / alpha)
  })
}

/**
 * Lambert's W: the w with w e^w = x, w >= -1 on branch 0 and w <= -1 on branch -1.
 *
 * **Domain** x >= -1/e on branch 0; -1/e <= x < 0 on branch -1; else NaN.
 * **Source** Corless et al. (1996), Adv. Comput. Math. 5; Halley's iteration.
 *
 * ```ts import.meta.vitest
 * import { LiteralKF } from "@rapo/rapo"
 * LiteralKF.lambertW(0, 1) // ≈ 0.56714329
 * LiteralKF.lambertW(-1, -0.1) // ≈ -3.57715206
 * LiteralKF.lambertW(-1, 1) // => NaN
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
export const lambertW = (branch: 0 | -1, x: number): number => {
  if (x < -1 / Math.E || (branch === -1 && x >= 0)) return NaN
  let w = startOf(branch, x)
  for (let step = 0; step < mostSteps; step++) {
    const scaled = Math.exp(w)
    const excess = w * scaled - x
    const change = excess / (scaled * (w + 1) - ((w + 2) * excess) / (2 * w + 2))
    // At the branch point itself the derivative is 0, and w = -1 is the answer.
    if (!Number.isFinite(change)) break
    w -= change
    if (Math.abs(change) <= Number.EPSILON * Math.abs(w)) break
  }
  return w
}

// numerics

/** Halley's steps from the starts below; a handful is enough away from the branch point, where they are linear. */
const mostSteps = 100

/** Near the branch point the expansion in √(2(1+ex)), elsewhere the asymptotes. */
const startOf = (branch: 0 | -1, x: number): number => {
  const root = Math.sqrt(Math.max(0, 2 * (1 + Math.E * x)))
  if (x < -0.2) return branch === 0 ? -1 + root - (root * root) / 3 : -1 - root - (root * root) / 3
  if (branch === -1) return Math.log(-x) - Math.log(-Math.log(-x))
  return x < 2 ? Math.log1p(x) : Math.log(x) - Math.log(Math.log(x))
}
