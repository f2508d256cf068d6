/**
 * The shape of a Qwen2 language model: the fields of Hugging Face's `config.json` that the computation depends on.
 *
 * Source: Qwen2 Technical Report (arXiv 2407.10671); `Qwen2Config` in the transformers library.
 */
import { Schema } from "effect"

const Count = Schema.Int.pipe(Schema.check(Schema.isGreaterThan(0)))
const Positive = Schema.Number.pipe(Schema.check(Schema.isGreaterThan(0)))

/** Names and meanings are Hugging Face's. Fields that this project does not need are ignored when reading. */
export class Qwen2Config extends Schema.Class<Qwen2Config>("Qwen2Config")({
  model_type: Schema.Literal("qwen2"),
  vocab_size: Count,
  hidden_size: Count,
  intermediate_size: Count,
  num_hidden_layers: Count,
  num_attention_heads: Count,
  num_key_value_heads: Count,
  max_position_embeddings: Count,
  rms_norm_eps: Positive,
  rope_theta: Positive,
  tie_word_embeddings: Schema.Boolean,
}) {}

/** Where transformers writes the base of the rotation: at the top level up to version 4, in `rope_parameters` from 5 on. */
export const withRopeTheta = (raw: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> => {
  const { rope_parameters: rope } = raw
  return raw["rope_theta"] === undefined && isRecord(rope) && rope["rope_theta"] !== undefined
    ? { ...raw, rope_theta: rope["rope_theta"] }
    : raw
}

/**
 * The scaling of rotary embeddings that a configuration asks for, such as "yarn"; undefined for none. This program does
 * not compute any, and other positions would silently get other numbers.
 */
export const ropeScaling = (raw: Readonly<Record<string, unknown>>): string | undefined =>
  [raw["rope_scaling"], raw["rope_parameters"]]
    .flatMap((rope) => (isRecord(rope) ? [rope["rope_type"] ?? rope["type"] ?? "default"] : []))
    .map(String)
    .find((type) => type !== "default")

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** Width of one attention head. */
export const headSize = (config: Qwen2Config): number => config.hidden_size / config.num_attention_heads

/** What `Qwen2Config`'s fields cannot say one by one: divisibility. Empty when the configuration is consistent. */
export const inconsistencies = (config: Qwen2Config): ReadonlyArray<string> => [
  ...(config.hidden_size % config.num_attention_heads === 0
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
