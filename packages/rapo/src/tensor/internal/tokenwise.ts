/**
 * `Tokenwise` over tensors [B, T] with a mask. Every reduction is given back to each token, so that formulas see one
 * shape: the engine's gradients of `minimum` and `maximum` do not reduce over broadcast axes (tfjs 4.22).
 */
import * as tf from "@tensorflow/tfjs-core"
import { Real as TensorReal } from "@rapo/distributions/tensor"
import type { Tokenwise } from "../../Tokenwise.ts"
import type { Given } from "../Batch.ts"

/** A batch's algebra and, since weights need them too, its responses' lengths, [B, 1], at least 1. */
export const tokenwise = (
  batch: Given,
): { readonly W: Tokenwise<tf.Tensor>; readonly lengths: tf.Tensor } => {
  const lengths = tf.maximum(tf.sum(batch.mask, 1, true), 1)
  const total = (perToken: tf.Tensor): tf.Tensor => tf.sum(tf.mul(perToken, batch.mask), 1, true)
  const W: Tokenwise<tf.Tensor> = {
    ...TensorReal.Real(),
    total: (perToken) => toTokens(total(perToken), batch),
    share: (perToken) => tf.div(perToken, lengths),
    next: (perToken) => {
      const [rows, time] = batch.mask.shape
      const later = tf.slice(tf.mul(perToken, batch.mask), [0, 1], [rows, time - 1])
      return tf.concat([later, tf.zeros([rows, 1])], 1)
    },
    relativeToPeers: (perToken) => toTokens(relative(total(perToken), batch), batch),
  }
  return { W, lengths }
}

/** A number a response, given to each of its tokens: [B, 1] to [B, T]. */
export const toTokens = (perResponse: tf.Tensor, { mask }: Given): tf.Tensor => tf.mul(perResponse, mask)

/** [B, 1] to [B, 1]: x less the mean of the group's other x, which is G/(G-1) (x - the group's mean). */
const relative = (totals: tf.Tensor, { mask, groupSize }: Given): tf.Tensor => {
  const size = groupSize ?? mask.shape[0]
  if (size === 1) return tf.zerosLike(totals)
  const groups = tf.reshape(totals, [-1, size])
  const deviations = tf.sub(groups, tf.mean(groups, 1, true))
  return tf.reshape(tf.mul(deviations, size / (size - 1)), [-1, 1])
}
