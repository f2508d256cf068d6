/**
 * `Real` over tensors, pointwise with broadcasting, differentiated by the engine: the interpreter that trains.
 *
 * Where `min` or `max` is differentiated, give both operands one shape: tfjs 4.22 does not sum their gradients over
 * broadcast axes, as it does for the field's operations.
 *
 * Intermediate tensors are not disposed here: call inside `tf.tidy` or a gradient function.
 * Its precision is the engine's, float32.
 */
import * as tf from "@tensorflow/tfjs-core"
import type { Real as RealAlgebra } from "../Real.ts"

// instances

/**
 * A function, not a value: constants are tensors, and live only as long as the enclosing `tf.tidy`.
 *
 * @category instances
 * @since 0.1.0
 */
export const Real = (): RealAlgebra<tf.Tensor> => ({
  zero: tf.scalar(0),
  one: tf.scalar(1),
  add: (a, b) => tf.add(a, b),
  sub: (a, b) => tf.sub(a, b),
  mul: (a, b) => tf.mul(a, b),
  div: (a, b) => tf.div(a, b),
  degree: () => 1,
  mod: (a) => tf.zerosLike(a),
  of: (x) => tf.scalar(x),
  exp: (a) => tf.exp(a),
  log: (a) => tf.log(a),
  sqrt: (a) => tf.sqrt(a),
  min: (a, b) => tf.minimum(a, b),
  max: (a, b) => tf.maximum(a, b),
  stopGradient,
})

/**
 * The same values, cut off from the gradient.
 *
 * @category combinators
 * @since 0.1.0
 */
export const stopGradient = (a: tf.Tensor): tf.Tensor =>
  tf.customGrad((x) => ({
    value: tf.clone(x as tf.Tensor),
    gradFunc: (dy: tf.Tensor) => tf.zerosLike(dy),
  }))(a)
