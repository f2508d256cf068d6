/**
 * Published models by name: the fields of their `config.json` (Hugging Face, Qwen/Qwen2.5-*) that memory depends on.
 */
import { Qwen2Config } from "../model/Qwen2Config.ts"

const of = (
  hidden_size: number,
  intermediate_size: number,
  num_hidden_layers: number,
  num_attention_heads: number,
  num_key_value_heads: number,
  vocab_size: number,
  tie_word_embeddings: boolean,
): Qwen2Config =>
  new Qwen2Config({
    model_type: "qwen2",
    hidden_size,
    intermediate_size,
    num_hidden_layers,
    num_attention_heads,
    num_key_value_heads,
    vocab_size,
    tie_word_embeddings,
    max_position_embeddings: 32_768,
    rms_norm_eps: 1e-6,
    rope_theta: 1_000_000,
  })

/** By name in lower case. */
export const presets: Readonly<Record<string, Qwen2Config>> = {
  "qwen2.5-0.5b": of(896, 4864, 24, 14, 2, 151_936, true),
  "qwen2.5-1.5b": of(1536, 8960, 28, 12, 2, 151_936, true),
  "qwen2.5-3b": of(2048, 11_008, 36, 16, 2, 151_936, true),
  "qwen2.5-7b": of(3584, 18_944, 28, 28, 4, 152_064, false),
}

/** The model of a name such as "qwen2.5-3b" or "Qwen/Qwen2.5-3B"; undefined for none. */
export const presetOf = (name: string): Qwen2Config | undefined =>
  presets[name.toLowerCase().replace(/^qwen\//, "")]
