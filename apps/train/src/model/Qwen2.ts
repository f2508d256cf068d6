/**
 * Qwen2 as a pure function of its parameters: tokens in, hidden states and a key–value cache out.
 *
 *     h₀ = E[ids],   h_{l+1} = layer_l(h_l)  (`layer.ts`),   logits = rmsNorm(h_L) W_head,   W_head = Eᵀ when tied
 *
 * One function serves training, scoring and sampling: what came before is a `Cache`, through which gradients flow. So a
 * prompt is computed once for its group of G responses (`repeatCache`), and a sampler feeds one token at a time.
 *
 * Laws (tests): feeding tokens one by one equals feeding them at once; left padding changes nothing; a repeated cache
 * equals a repeated prompt; logits and gradients equal those of Hugging Face's `Qwen2ForCausalLM`.
 *
 * **Shapes**  B sequences, T new tokens, S = past + T; width C.
 */
import * as tf from "@tensorflow/tfjs-core"
import type { Projection } from "@rapo/rapo/tensor"
import { type AttentionContext, type LayerCache, attentionContext, layer, repeatLayer } from "./layer.ts"
import { embedding } from "./ops/embedding.ts"
import { linear, linearTransposed } from "./ops/linear.ts"
import { rmsNorm } from "./ops/rmsNorm.ts"
import { type Parameters, parameter } from "./Parameters.ts"
import type { Qwen2Config } from "./Qwen2Config.ts"

// model

export type { LayerCache } from "./layer.ts"

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

/** New tokens with all that a layer needs to know of them: nothing here is on the host, so it can be a graph's input. */
export interface PlacedTokens {
  readonly ids: tf.Tensor2D
  readonly context: AttentionContext
}

// constructors

/** Tokens in their places, after `past` others. */
export const placeTokens = (
  config: Qwen2Config,
  { ids, leftPadding }: Tokens,
  past: number,
): PlacedTokens => ({
  ids,
  context: attentionContext(config, ids.shape[0], ids.shape[1], leftPadding, past),
})

// combinators

/**
 * The hidden states of new tokens, after the final norm: [B·T, C]; and the cache with them appended.
 */
export const forward = (
  config: Qwen2Config,
  parameters: Parameters,
  tokens: Tokens | PlacedTokens,
  past?: Cache,
): { readonly hidden: tf.Tensor2D; readonly cache: Cache } => {
  const { ids, context } = "context" in tokens ? tokens : placeTokens(config, tokens, past?.length ?? 0)
  let hidden = embed(parameters, ids)
  const layers: Array<LayerCache> = []
  for (let index = 0; index < config.num_hidden_layers; index++) {
    const next = layer(config, parameters, index, context, hidden, past?.layers[index])
    layers.push(next.cache)
    hidden.dispose()
    hidden = next.hidden
  }
  return { hidden: finalNorm(config, parameters, hidden), cache: { layers, length: context.total } }
}

/** The first layer's input: [B·T, C]. */
export const embed = (parameters: Parameters, ids: tf.Tensor2D): tf.Tensor2D =>
  embedding(parameter(parameters, embeddingName) as tf.Tensor2D, tf.reshape(ids, [-1]))

/** The hidden states, from the last layer's output. */
export const finalNorm = (config: Qwen2Config, parameters: Parameters, hidden: tf.Tensor2D): tf.Tensor2D =>
  rmsNorm(config.rms_norm_eps)(hidden, parameter(parameters, "model.norm.weight") as tf.Tensor1D)

/** Logits of hidden states: [N, C] to [N, V]. */
export const logits = (config: Qwen2Config, parameters: Parameters, hidden: tf.Tensor2D): tf.Tensor2D => {
  const { weight, layout } = headOf(config, parameters)
  return layout === "out-in" ? linearTransposed(hidden, weight) : linear(hidden, weight)
}

/** The matrix that logits come from, as it is held. */
export const headOf = (config: Qwen2Config, parameters: Parameters): Projection.Head => ({
  weight: parameter(parameters, headName(config)) as tf.Tensor2D,
  layout: config.tie_word_embeddings ? "out-in" : "in-out",
})

/** The name of the embedding. */
export const embeddingName = "model.embed_tokens.weight"

/** The name of the parameter that is the head: the embedding, when tied. */
export const headName = ({ tie_word_embeddings: isTied }: Qwen2Config): string =>
  isTied ? embeddingName : "lm_head.weight"

/** The cache of a batch in which each sequence stands `times` times in succession. */
export const repeatCache = (cache: Cache, batch: number, times: number): Cache => ({
  length: cache.length,
  layers: cache.layers.map((each) => repeatLayer(each, batch, times)),
})

// destructors

/** The tensors of a cache, for `tf.keep` and `tf.dispose`. */
export const cacheTensors = (cache: Cache): Array<tf.Tensor> =>
  cache.layers.flatMap(({ keys, values }) => [keys, values])
