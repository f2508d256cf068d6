/**
 * From a table of the experiment file to the optimiser's constants.
 */
import type { OptimiserOptions } from "./Optimise.ts"

/** The fields that `[pretraining]` and `[training]` share. */
export const optimiserOptions = (table: {
  readonly beta1: number
  readonly beta2: number
  readonly epsilon: number
  readonly weight_decay: number
  readonly clip_norm: number
}): OptimiserOptions => ({
  beta1: table.beta1,
  beta2: table.beta2,
  epsilon: table.epsilon,
  weightDecay: table.weight_decay,
  clipNorm: table.clip_norm,
})
