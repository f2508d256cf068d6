/**
 * The f-divergences: how differently two distributions weigh the same outcomes, one convex function each.
 *
 *     D_f(p ‖ q) = Σ_i q_i f(p_i/q_i),   f convex on (0, ∞), f(1) = 0
 *
 * | member | f(t) | f*(s) | D |
 * |---|---|---|---|
 * | `kl` | t ln t − t + 1 | eˢ − 1 | Σ p ln(p/q) |
 * | `reverseKl` | −ln t + t − 1 | −ln(1 − s) | Σ q ln(q/p) |
 * | `jeffreys` | (t − 1) ln t | by Wright's ω | Σ (p − q) ln(p/q) |
 * | `jensenShannon` | ½ [t ln(2t/(1+t)) + ln(2/(1+t))] | −½ ln(2 − e^{2s}) | ½ KL(p‖m) + ½ KL(q‖m), m = (p+q)/2 |
 * | `totalVariation` | ½ \|t − 1\| | max(s, −½), s ≤ ½ | ½ Σ \|p − q\| |
 * | `pearson` | (t − 1)² | s + s²/4, s ≥ −2 | Σ (p − q)²/q |
 * | `neyman` | (t − 1)²/t | 2 − 2 √(1 − s) | Σ (p − q)²/p |
 * | `squaredHellinger` | ½ (√t − 1)² | s/(1 − 2s) | ½ Σ (√p − √q)² |
 * | `alpha(α)` | (t^α − αt + α − 1)/(α(α−1)) | ((1 + (α−1)s)^{α/(α−1)} − 1)/α | (Σ p^α q^{1−α} − 1)/(α(α−1)) |
 *
 * All generators are written so that f ≥ 0 and f′(1) = 0, which adding c (t − 1) achieves without changing D.
 *
 * Laws (`Laws.ts`), up to rounding
 * 1. F1 Gibbs: D_f ≥ 0, and = 0 if and only if p = q where f is strictly convex at 1 (total variation too is 0 only there).
 * 2. F2 data processing: D_f(pW ‖ qW) ≤ D_f(p ‖ q) for every stochastic matrix W.
 * 3. F3 joint convexity: D_f(Σ w p ‖ Σ w q) ≤ Σ w D_f(p ‖ q).
 * 4. F8 duality: D_{f°}(p ‖ q) = D_f(q ‖ p); f(t) + f*(s) ≥ s t, with equality at s = f′(t); D_f ≥ E_p g − E_q f*(g).
 * 5. F9 gradients in logits: see `LogitGradient`.
 *
 * The file is a table of contents: `f/` has the model, the members, the dual and the value.
 * Sources: Csiszár (1967), Stud. Sci. Math. Hung. 2; Liese & Vajda (2006), IEEE Trans. Inf. Theory 52(10), for the limits
 * and conjugates; Nguyen, Wainwright & Jordan (2010), IEEE Trans. Inf. Theory 56(11), for the variational bound.
 */

export type { FDivergence } from "./f/Model.ts"

export { alpha } from "./f/Alpha.ts"
export { jeffreys } from "./f/Jeffreys.ts"
export { jensenShannon } from "./f/JensenShannon.ts"
export { kl } from "./f/Kl.ts"
export { neyman } from "./f/Neyman.ts"
export { pearson } from "./f/Pearson.ts"
export { reverseKl } from "./f/ReverseKl.ts"
export { squaredHellinger } from "./f/SquaredHellinger.ts"
export { totalVariation } from "./f/TotalVariation.ts"

export { divergence } from "./f/Divergence.ts"
export { reverse } from "./f/Reverse.ts"
