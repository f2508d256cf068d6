/**
 * Shapings: what an advantage is multiplied by, for what its response is besides right or wrong.
 *
 *     OverConfidence a    A < 0:  A · (1 + a · softplus(c)),          c = sg ln( π_θ(y|x) / π_ref(y|x) )
 *     LongWrong b         A < 0, wrong, longer than L⁺:  A · (2 - b^{-(|o| - L⁺)}),   L⁺ mean length of the group's right
 *
 * OverConfidence punishes a wrong answer the more, the more the policy believes in it compared with the reference. That
 * negative advantages grow by softplus(c_i) is the paper's (ACE, arXiv 2602.21420, abstract); the exact form, a, that c
 * is a constant, and that it enters as 1 + a·softplus are *ours*, inferred. LongWrong is APO's STCR (arXiv 2506.21655,
 * code Indolent-Kawhi/View-R1), b = 1.00001 there; without a right answer in the group it does nothing.
 *
 * Laws (`Laws.ts`)
 * 1. A shaping never changes an advantage's sign, leaves A >= 0 alone and makes no A < 0 smaller in size.
 * 2. OverConfidence is monotone in c and the identity at a = 0; LongWrong at most doubles, and is monotone in |o|.
 */
import { Real } from "@rapo/distributions"
import { softplus } from "./internal/softplus.ts"

// model

/**
 * @category models
 * @since 0.1.0
 */
export type Shaping =
  | { readonly _tag: "None" }
  | { readonly _tag: "OverConfidence"; readonly strength: number }
  | { readonly _tag: "LongWrong"; readonly base: number }

// constructors

/**
 * @category constructors
 * @since 0.1.0
 */
export const none: Shaping = { _tag: "None" }

// combinators

/**
 * An advantage, given the response's log-ratio c to the reference.
 *
 *     A + min(A, 0) · a · softplus(c)
 *
 * **Gradient** none: c is taken as a constant.
 *
 * ```ts import.meta.vitest
 * import { Float64 } from "@rapo/distributions"
 * import { Shaping } from "@rapo/rapo"
 * Shaping.overConfident(Float64.Real)(1, -2, 0) // ≈ -3.386294
 * Shaping.overConfident(Float64.Real)(1, 2, 0) // => 2
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const overConfident =
  <A>(R: Real.Real<A>) =>
  (strength: number, advantage: A, logRatio: A): A => {
    const surplus = softplus(R)(R.stopGradient(logRatio))
    return R.add(advantage, R.mul(R.min(advantage, R.zero), R.mul(R.of(strength), surplus)))
  }

/**
 * What a wrong response's advantage is multiplied by for being `excess` tokens longer than right ones are on average.
 *
 * ```ts import.meta.vitest
 * import { Shaping } from "@rapo/rapo"
 * Shaping.longWrong(2, 1) // => 1.5
 * Shaping.longWrong(2, -7) // => 1
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const longWrong = (base: number, excess: number): number =>
  excess > 0 ? 2 - Math.pow(base, -excess) : 1
