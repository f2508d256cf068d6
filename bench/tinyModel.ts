/**
 * The tiny Qwen2 of the benches of a step, by width and layers: 4 heads on 2 of keys, a tied head, an alphabet of sums.
 */
import { tokenizerFiles } from "../apps/train/src/model/CharacterTokenizer.ts"
import { Qwen2Config } from "../apps/train/src/model/Qwen2Config.ts"

export const alphabet: ReadonlyArray<string> = "0 1 2 3 4 5 6 7 8 9 + - * = ,".split(" ")

export const { tokenizer, tokenizerConfig } = tokenizerFiles(alphabet, 64)

/** Two tokens more than the alphabet: those that pad and end. */
export const configOf = (width: number, layers: number): Qwen2Config =>
  new Qwen2Config({
    model_type: "qwen2",
    vocab_size: alphabet.length + 2,
    hidden_size: width,
    intermediate_size: 4 * width,
    num_hidden_layers: layers,
    num_attention_heads: 4,
    num_key_value_heads: 2,
    max_position_embeddings: 64,
    rms_norm_eps: 1e-6,
    rope_theta: 10000,
    tie_word_embeddings: true,
  })
