/**
 * The low-rank part of an adapted linear map (Hu et al., 2021, arXiv 2106.09685, §4.1).
 *
 *     y = x W + b + s·(x A) B          s = α/r
 *
 *     dA = s·xᵀ (dy Bᵀ) = s·dW Bᵀ,     dB = s·(x A)ᵀ dy = s·Aᵀ dW,     dx gains s·(dy Bᵀ) Aᵀ
 *
 * where dW = xᵀ dy would be the gradient of the full matrix. Adapters stand among a model's parameters under names of
 * their own, so the policy is `{ ...base, ...adapters }` and the model without them is `base`: one set of weights is both
 * the policy and its reference.
 *
 * **Shapes**  x: [N, in]; A: [in, r]; B: [r, out]; s: scalar; y: [N, out].
 */
import * as tf from "@tensorflow/tfjs-core"
import { linear } from "../ops/linear.ts"
import type { Parameters } from "../Parameters.ts"
import { adapterNames } from "./adapterNames.ts"

/** y, plus the adapter's part where `parameters` hold one for the linear layer `module`; exactly y while B = 0. */
export const addAdapter = (
  parameters: Parameters,
  module: string,
  x: tf.Tensor2D,
  y: tf.Tensor2D,
): tf.Tensor2D => {
  const names = adapterNames(module)
  const [a, b, scale] = [parameters[names.a], parameters[names.b], parameters[names.scale]]
  if (a === undefined || b === undefined || scale === undefined) return y
  // The scale acts on r numbers a row, not on `out`.
  return tf.add(y, linear(tf.mul(linear(x, a as tf.Tensor2D), scale), b as tf.Tensor2D))
}
