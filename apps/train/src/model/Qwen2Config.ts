/**
 * The shape of a Qwen2 language model, or of a Llama, which is a Qwen2 without biases: the fields of Hugging Face's
 * `config.json` that the computation depends on.
 *
 *     model_type   biases of the projections
 *     qwen2        q, k, v
 *     llama        none; q, k, v, o with `attention_bias`
 *
 * `checkpoint/ConfigFile.ts` reads the file and refuses what this program does not compute.
 *
 * Source: Qwen2 Technical Report (arXiv 2407.10671); `Qwen2Config` and `LlamaConfig` in the transformers library.
 */
import { Schema } from "effect"

/** Ours: no model has a size beyond it, and one that claims so shall not be counted up to. */
const largestSize = 2 ** 31 - 1

/** Ours: the deepest models that are published have about a hundred layers. */
const mostLayers = 4096

const upTo = (most: number) =>
  Schema.Int.pipe(Schema.check(Schema.isGreaterThan(0), Schema.isLessThanOrEqualTo(most)))
const Count = upTo(largestSize)
const Positive = Schema.Number.pipe(Schema.check(Schema.isFinite(), Schema.isGreaterThan(0)))

/** Names and meanings are Hugging Face's. Fields that this project does not need are ignored when reading. */
export class Qwen2Config extends Schema.Class<Qwen2Config>("Qwen2Config")({
  model_type: Schema.Literals(["qwen2", "llama"]),
  vocab_size: Count,
  hidden_size: Count,
  intermediate_size: Count,
  num_hidden_layers: upTo(mostLayers),
  num_attention_heads: Count,
  num_key_value_heads: Count,
  /** Width of one head, where it is not hidden_size / num_attention_heads. */
  head_dim: Schema.optional(Count),
  /** Of a Llama only: Qwen2 has biases of its own, whatever stands here. */
  attention_bias: Schema.optional(Schema.Boolean),
  max_position_embeddings: Count,
  rms_norm_eps: Positive,
  rope_theta: Positive,
  tie_word_embeddings: Schema.Boolean,
}) {}

/** Width of one attention head. */
export const headSize = (config: Qwen2Config): number =>
  config.head_dim ?? config.hidden_size / config.num_attention_heads

/** The projections that have a bias. */
export const biasedProjections = (config: Qwen2Config): ReadonlyArray<string> =>
  config.model_type === "qwen2"
    ? ["q_proj", "k_proj", "v_proj"]
    : config.attention_bias === true
      ? ["q_proj", "k_proj", "v_proj", "o_proj"]
      : []

/** What `Qwen2Config`'s fields cannot say one by one: divisibility. Empty when the configuration is consistent. */
export const inconsistencies = (config: Qwen2Config): ReadonlyArray<string> => [
  ...(Number.isInteger(headSize(config))
    ? []
    : [
        `hidden_size ${config.hidden_size} is not a multiple of num_attention_heads ${config.num_attention_heads}`,
      ]),
  ...(config.num_attention_heads % config.num_key_value_heads === 0
    ? []
    : [
        `num_attention_heads ${config.num_attention_heads} is not a multiple of num_key_value_heads ${config.num_key_value_heads}`,
      ]),
  ...(headSize(config) % 2 === 0
    ? []
    : [`the head size ${headSize(config)} is odd: rotary embeddings need pairs`]),
]
