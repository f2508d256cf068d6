/**
 * Rotary position embedding (Su et al., 2021, arXiv 2104.09864), in Hugging Face's layout: the components j and
 * j + d/2 of a head form the plane that is turned by the angle position · base^(−2j/d).
 *
 *     y = x ∘ cos + (x R) ∘ sin,   (x R)_j = −x_{j+d/2},  (x R)_{j+d/2} = x_j
 *
 * A rotation is orthogonal, so its gradient is the inverse rotation: dx = dy ∘ cos − (dy R) ∘ sin.
 *
 * **Shapes**  x, y: [N, H, d], rows are tokens; the tables cos, sin: [N, 1, d].
 */
import { Gradient } from "@rapo/distributions/tensor"
import * as tf from "@tensorflow/tfjs-core"

/** The angles of a batch of tokens, ready to be applied in every layer. */
export interface Rotation {
  readonly cos: tf.Tensor3D
  readonly sin: tf.Tensor3D
  /** R: [d, d]. */
  readonly halfTurn: tf.Tensor2D
}

/**
 * The rotation of tokens at given positions.
 *
 * **Domain**  headSize even; positions ≥ 0. Angles are computed in double precision.
 */
export const rotationAt = (positions: ArrayLike<number>, headSize: number, base: number): Rotation => {
  const half = headSize / 2
  const cos = new Float32Array(positions.length * headSize)
  const sin = new Float32Array(positions.length * headSize)
  for (let n = 0; n < positions.length; n++) {
    for (let j = 0; j < half; j++) {
      const angle = (positions[n] ?? 0) * base ** ((-2 * j) / headSize)
      const at = n * headSize + j
      cos[at] = cos[at + half] = Math.cos(angle)
      sin[at] = sin[at + half] = Math.sin(angle)
    }
  }
  const halfTurn = new Float32Array(headSize * headSize)
  for (let j = 0; j < half; j++) {
    halfTurn[(j + half) * headSize + j] = -1
    halfTurn[j * headSize + j + half] = 1
  }
  const shape: [number, number, number] = [positions.length, 1, headSize]
  return {
    cos: tf.tensor3d(cos, shape),
    sin: tf.tensor3d(sin, shape),
    halfTurn: tf.tensor2d(halfTurn, [headSize, headSize]),
  }
}

/** See the module header. */
export const rotate = (rotation: Rotation): ((x: tf.Tensor3D) => tf.Tensor3D) =>
  Gradient.withPullbacks(
    (x: tf.Tensor3D) => {
      const { cos, sin, halfTurn } = rotation
      const value: tf.Tensor3D = tf.add(tf.mul(x, cos), tf.mul(turn(x, halfTurn), sin))
      return { value, saved: [cos, sin, halfTurn] as const }
    },
    (dy, [cos, sin, halfTurn]) => [tf.sub(tf.mul(dy, cos), tf.mul(turn(dy, halfTurn), sin))] as const,
  )

const turn = (x: tf.Tensor3D, halfTurn: tf.Tensor2D): tf.Tensor3D =>
  tf.reshape(tf.matMul(tf.reshape(x, [-1, halfTurn.shape[0]]), halfTurn), x.shape)
