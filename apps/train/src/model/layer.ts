/**
 * One layer of Qwen2: attention and a gated feed-forward block, each added to what came in.
 *
 *     a  = h + W_o attention(rotate(W_q x + b_q), rotate(W_k x + b_k), W_v x + b_v),   x = rmsNorm(h)
 *     h' = a + W_down swiGlu(W_gate y, W_up y),                                         y = rmsNorm(a)
 *
 * **Shapes**  B sequences, T new tokens, S = past + T; H heads of size d, Hkv key–value heads, r = H/Hkv.
 */
import * as tf from "@tensorflow/tfjs-core"
import { addAdapter } from "./lora/addAdapter.ts"
import { batchedMatMul, batchedTimesTransposed } from "./ops/batchedMatMul.ts"
import { linear } from "./ops/linear.ts"
import { rmsNorm } from "./ops/rmsNorm.ts"
import { type Rotation, rotate, rotationAt } from "./ops/rotary.ts"
import { swiGlu } from "./ops/swiGlu.ts"
import { type Parameters, parameter } from "./Parameters.ts"
import { type Qwen2Config, headSize } from "./Qwen2Config.ts"

// model

/** Keys and values of one layer, each [B·Hkv, S·d]: a row is one head of one sequence, its tokens in order. */
export interface LayerCache {
  readonly keys: tf.Tensor2D
  readonly values: tf.Tensor2D
}

/** What attention needs to know of a batch of new tokens, the same in every layer. */
export interface AttentionContext {
  readonly batch: number
  readonly time: number
  readonly total: number
  readonly heads: number
  readonly keyHeads: number
  readonly size: number
  readonly rotation: Rotation
  /** [B, 1, T, 1, S]: 0 where token t may attend to s, else `masked`. */
  readonly mask: tf.Tensor5D
}

// constructors

/** See `AttentionContext`. `past` tokens came before. */
export const attentionContext = (
  config: Qwen2Config,
  batch: number,
  time: number,
  leftPadding: ArrayLike<number>,
  past: number,
): AttentionContext => {
  const total = past + time
  const positions = new Float32Array(batch * time)
  const mask = new Float32Array(batch * time * total).fill(masked)
  for (let b = 0; b < batch; b++) {
    const first = leftPadding[b] ?? 0
    for (let t = 0; t < time; t++) {
      const now = past + t
      positions[b * time + t] = Math.max(0, now - first)
      mask.fill(0, (b * time + t) * total + Math.min(first, now), (b * time + t) * total + now + 1)
    }
  }
  return contextOf(config, batch, time, past, {
    rotation: rotationAt(positions, headSize(config), config.rope_theta),
    mask: tf.tensor5d(mask, [batch, 1, time, 1, total]),
  })
}

/** The context that has these tensors. */
export const contextOf = (
  config: Qwen2Config,
  batch: number,
  time: number,
  past: number,
  tensors: Pick<AttentionContext, "rotation" | "mask">,
): AttentionContext => ({
  batch,
  time,
  total: past + time,
  heads: config.num_attention_heads,
  keyHeads: config.num_key_value_heads,
  size: headSize(config),
  ...tensors,
})

// combinators

/** The names of the layers' parameters, their adapters' among them, begin so. */
export const layersPrefix = "model.layers."

/** Those of one layer. */
export const layerPrefix = (index: number): string => `${layersPrefix}${index}.`

/**
 * The layer's output, [B·T, C], and its cache with the new tokens appended. What it makes on its way is freed, but for what
 * the gradient will need.
 */
export const layer = (
  config: Qwen2Config,
  parameters: Parameters,
  index: number,
  context: AttentionContext,
  hidden: tf.Tensor2D,
  past: LayerCache | undefined,
): { readonly hidden: tf.Tensor2D; readonly cache: LayerCache } => {
  const at = (name: string): string => `${layerPrefix(index)}${name}`
  const vector = (name: string): tf.Tensor1D => parameter(parameters, at(name)) as tf.Tensor1D
  const norm = rmsNorm(config.rms_norm_eps)
  const project = (name: string, x: tf.Tensor2D): tf.Tensor2D =>
    addAdapter(
      parameters,
      at(name),
      x,
      linear(
        x,
        parameter(parameters, at(`${name}.weight`)) as tf.Tensor2D,
        parameters[at(`${name}.bias`)] as tf.Tensor1D | undefined,
      ),
    )
  const [made, keys, values] = tf.tidy(() => {
    const x = norm(hidden, vector("input_layernorm.weight"))
    const { mixed, cache } = attention(
      context,
      project("self_attn.q_proj", x),
      project("self_attn.k_proj", x),
      project("self_attn.v_proj", x),
      past,
    )
    const attended = tf.add<tf.Tensor2D>(hidden, project("self_attn.o_proj", mixed))
    const y = norm(attended, vector("post_attention_layernorm.weight"))
    const fed = swiGlu(project("mlp.gate_proj", y), project("mlp.up_proj", y))
    const out = tf.add<tf.Tensor2D>(attended, project("mlp.down_proj", fed))
    return [out, cache.keys, cache.values] as [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D]
  })
  return { hidden: made, cache: { keys, values } }
}

/** The cache of a batch in which each sequence stands `times` times in succession. Gradients add up over the copies. */
export const repeatLayer = (cache: LayerCache, batch: number, times: number): LayerCache => {
  if (times === 1) return cache
  const repeat = (x: tf.Tensor2D): tf.Tensor2D => {
    const [rows, size] = x.shape
    const ones = tf.ones([1, times, 1])
    return tf.reshape(tf.mul(tf.reshape(x, [batch, 1, -1]), ones), [rows * times, size])
  }
  return { keys: repeat(cache.keys), values: repeat(cache.values) }
}

// numerics

/** A score that softmax turns into 0 in float32, and which, unlike −∞, makes no NaN in a row of padding. */
const masked = -1e9

/**
 *     mixed = softmax(q kᵀ/√d + mask) v
 *
 * q: [B·T, C]; k, v: [B·T, Hkv·d]; mixed: [B·T, C]. The r query heads that share a key head become r rows of one
 * product, so keys are never repeated.
 */
const attention = (
  context: AttentionContext,
  q: tf.Tensor2D,
  k: tf.Tensor2D,
  v: tf.Tensor2D,
  past: LayerCache | undefined,
): { readonly mixed: tf.Tensor2D; readonly cache: LayerCache } => {
  const { batch, time, total, heads, keyHeads, size, mask } = context
  const shared = heads / keyHeads
  const turn = rotate(context.rotation)
  const byHead = (x: tf.Tensor3D | tf.Tensor2D, width: number): tf.Tensor4D =>
    tf.transpose(tf.reshape(x, [batch, time, keyHeads, width]), [0, 2, 1, 3])
  const append = (before: tf.Tensor2D | undefined, x: tf.Tensor4D): tf.Tensor2D => {
    const rows = tf.reshape(x, [batch * keyHeads, time * size]) as tf.Tensor2D
    return before === undefined ? rows : tf.concat([before, rows], 1)
  }
  const keys = append(past?.keys, byHead(turn(tf.reshape(k, [batch * time, keyHeads, size])), size))
  const values = append(past?.values, byHead(v, size))
  const queries = tf.reshape(
    byHead(turn(tf.reshape(tf.mul(q, 1 / Math.sqrt(size)), [batch * time, heads, size])), shared * size),
    [batch * keyHeads, time * shared, size],
  ) as tf.Tensor3D
  const timeline = (x: tf.Tensor2D): tf.Tensor3D => tf.reshape(x, [batch * keyHeads, total, size])
  const scores = tf.reshape(batchedTimesTransposed(queries, timeline(keys)), [
    batch,
    keyHeads,
    time,
    shared,
    total,
  ])
  const weights = tf.reshape(tf.softmax(tf.add(scores, mask)), [batch * keyHeads, time * shared, total])
  const mixed = batchedMatMul(weights as tf.Tensor3D, timeline(values))
  const byToken = tf.transpose(tf.reshape(mixed, [batch, keyHeads, time, shared * size]), [0, 2, 1, 3])
  return { mixed: tf.reshape(byToken, [batch * time, heads * size]), cache: { keys, values } }
}
