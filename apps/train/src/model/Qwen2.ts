/**
 * Qwen2 as a pure function of its parameters: tokens in, hidden states and a key–value cache out.
 *
 *     h₀ = E[ids]
 *     a  = h + W_o attention(rotate(W_q x + b_q), rotate(W_k x + b_k), W_v x + b_v),   x = rmsNorm(h)
 *     h' = a + W_down swiGlu(W_gate y, W_up y),                                         y = rmsNorm(a)
 *     logits = rmsNorm(h_L) W_head,   W_head = Eᵀ when tied
 *
 * One function serves training, scoring and sampling: what came before is a `Cache`, through which gradients flow. So a
 * prompt is computed once for its group of G responses (`repeatCache`), and a sampler feeds one token at a time.
 *
 * Laws (tests): feeding tokens one by one equals feeding them at once; left padding changes nothing; a repeated cache
 * equals a repeated prompt; logits and gradients equal those of Hugging Face's `Qwen2ForCausalLM`.
 *
 * **Shapes**  B sequences, T new tokens, S = past + T; H heads of size d, Hkv key–value heads, r = H/Hkv, C = H·d.
 */
import * as tf from "@tensorflow/tfjs-core"
import { addAdapter } from "./lora/addAdapter.ts"
import { batchedMatMul, transposeLast } from "./ops/batchedMatMul.ts"
import { embedding } from "./ops/embedding.ts"
import { linear } from "./ops/linear.ts"
import { rmsNorm } from "./ops/rmsNorm.ts"
import { type Rotation, rotate, rotationAt } from "./ops/rotary.ts"
import { swiGlu } from "./ops/swiGlu.ts"
import type { Parameters } from "./Parameters.ts"
import { type Qwen2Config, headSize } from "./Qwen2Config.ts"

// model

/** Keys and values of one layer, each [B·Hkv, S·d]: a row is one head of one sequence, its tokens in order. */
export interface LayerCache {
  readonly keys: tf.Tensor2D
  readonly values: tf.Tensor2D
}

/** What the model remembers of the tokens fed so far. */
export interface Cache {
  readonly layers: ReadonlyArray<LayerCache>
  /** S: how many tokens, padding included. */
  readonly length: number
}

/** T new tokens of B sequences. Sequences of unequal length are padded on the left, once, at their beginning. */
export interface Tokens {
  /** int32 [B, T]. */
  readonly ids: tf.Tensor2D
  /** How many of each sequence's first tokens (counted over past and new) are padding, which nothing attends to. */
  readonly leftPadding: ArrayLike<number>
}

// combinators

/**
 * The hidden states of new tokens, after the final norm: [B·T, C]; and the cache with them appended.
 */
export const forward = (
  config: Qwen2Config,
  parameters: Parameters,
  { ids, leftPadding }: Tokens,
  past?: Cache,
): { readonly hidden: tf.Tensor2D; readonly cache: Cache } => {
  const [batch, time] = ids.shape
  const context = attentionContext(config, batch, time, leftPadding, past?.length ?? 0)
  const norm = rmsNorm(config.rms_norm_eps)
  const vector = (name: string): tf.Tensor1D => parameter(parameters, name) as tf.Tensor1D
  const matrix = (name: string): tf.Tensor2D => parameter(parameters, name) as tf.Tensor2D

  let hidden = embedding(matrix("model.embed_tokens.weight"), tf.reshape(ids, [-1]))
  const layers: Array<LayerCache> = []
  for (let index = 0; index < config.num_hidden_layers; index++) {
    const at = `model.layers.${index}`
    const project = (name: string, x: tf.Tensor2D): tf.Tensor2D =>
      addAdapter(
        parameters,
        `${at}.${name}`,
        x,
        linear(
          x,
          matrix(`${at}.${name}.weight`),
          parameters[`${at}.${name}.bias`] as tf.Tensor1D | undefined,
        ),
      )

    const x = norm(hidden, vector(`${at}.input_layernorm.weight`))
    const { mixed, cache } = attention(
      context,
      project("self_attn.q_proj", x),
      project("self_attn.k_proj", x),
      project("self_attn.v_proj", x),
      past?.layers[index],
    )
    layers.push(cache)
    const attended = tf.add<tf.Tensor2D>(hidden, project("self_attn.o_proj", mixed))
    const y = norm(attended, vector(`${at}.post_attention_layernorm.weight`))
    const fed = swiGlu(project("mlp.gate_proj", y), project("mlp.up_proj", y))
    hidden = tf.add<tf.Tensor2D>(attended, project("mlp.down_proj", fed))
  }
  return {
    hidden: norm(hidden, vector("model.norm.weight")),
    cache: { layers, length: context.total },
  }
}

/** Logits of hidden states: [N, C] to [N, V]. */
export const logits = (config: Qwen2Config, parameters: Parameters, hidden: tf.Tensor2D): tf.Tensor2D =>
  linear(
    hidden,
    config.tie_word_embeddings
      ? tf.transpose(parameter(parameters, "model.embed_tokens.weight") as tf.Tensor2D)
      : (parameter(parameters, "lm_head.weight") as tf.Tensor2D),
  )

/** The cache of a batch in which each sequence stands `times` times in succession. Gradients add up over the copies. */
export const repeatCache = (cache: Cache, batch: number, times: number): Cache => {
  if (times === 1) return cache
  const ones = tf.ones([1, times, 1])
  const repeat = (x: tf.Tensor2D): tf.Tensor2D => {
    const [rows, size] = x.shape
    return tf.reshape(tf.mul(tf.reshape(x, [batch, 1, -1]), ones), [rows * times, size])
  }
  return {
    length: cache.length,
    layers: cache.layers.map(({ keys, values }) => ({ keys: repeat(keys), values: repeat(values) })),
  }
}

// destructors

/** The tensors of a cache, for `tf.keep` and `tf.dispose`. */
export const cacheTensors = (cache: Cache): Array<tf.Tensor> =>
  cache.layers.flatMap(({ keys, values }) => [keys, values])

// numerics

/** A score that softmax turns into 0 in float32, and which, unlike −∞, makes no NaN in a row of padding. */
const masked = -1e9

interface AttentionContext {
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

const attentionContext = (
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
  return {
    batch,
    time,
    total,
    heads: config.num_attention_heads,
    keyHeads: config.num_key_value_heads,
    size: headSize(config),
    rotation: rotationAt(positions, headSize(config), config.rope_theta),
    mask: tf.tensor5d(mask, [batch, 1, time, 1, total]),
  }
}

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
  const scores = tf.reshape(batchedMatMul(queries, transposeLast(timeline(keys))), [
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

/** The parameter of a name; its rank is known from `parameterSpecs`. */
const parameter = (parameters: Parameters, name: string): tf.Tensor => {
  const found = parameters[name]
  if (found === undefined) throw new Error(`bug: the model has no parameter ${name}`)
  return found
}
