/**
 * What a surrogate or a regulariser sees of a batch: one number a token, over any `Tokenwise`, whether rows of numbers
 * or tensors. Each interpreter of a batch makes one; the formulas do not know which.
 */
import type { Reference } from "./Regulariser.ts"

// model

/**
 * Functions are quantities that only some objectives need, so that nothing is computed that is not.
 *
 * @category models
 * @since 0.1.0
 */
export interface Observed<A> {
  /** Whether π_old is π_θ, taken as constant. */
  readonly isOnPolicy: boolean
  /** ln π_θ(o_t) */
  readonly logProb: A
  /** ln π_θ(o_t) - ln π_old(o_t): 0, with gradient, when on-policy. */
  readonly logWeight: A
  /** ln π_old(o_t) - ln μ(o_t), a constant; undefined where the sampler μ is π_old. */
  readonly logCorrection: A | undefined
  /** mean_v [ ln π_θ(v) - ln π_old(v) ], off-policy. */
  readonly meanLogWeight: () => A
  /** The response's credit, given to its tokens. */
  readonly advantage: A
  /** The response's weight in the KL; undefined means 1. */
  readonly klWeight: A | undefined
  /** 1 on the tokens of demonstrations, else 0; undefined means none. */
  readonly isDemonstration: A | undefined
  /** Z of `DistributionMatching`. */
  readonly partition: () => A
  /** ln p(o_t) - ln π_θ(o_t), not clamped, with p the reference. */
  readonly logRatio: (reference: Reference) => A
  /** The exact KL over the vocabulary, in nats: forward is KL(p ‖ π_θ). */
  readonly divergence: (direction: "forward" | "reverse", reference: Reference) => A
}
