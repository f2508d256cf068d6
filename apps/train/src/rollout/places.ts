/**
 * How many responses a worker can have under way at once.
 *
 *     bytes of one = 2 · 4 · layers · key heads · head size · tokens   keys and values
 *                  + 3 · 4 · vocabulary                                its scores: logits, their softmax, a copy on the host
 */
import { type Qwen2Config, headSize } from "../model/Qwen2Config.ts"

/** Memory for one worker's responses. Ours: a wasm engine can address 4 GiB in all. */
const bytesOfResponses = 512 * 1024 * 1024

/** See the module header; `tokens` are those of a prompt and its response. At least 1. */
export const placesInMemory = (config: Qwen2Config, tokens: number): number => {
  const cache = 2 * 4 * config.num_hidden_layers * config.num_key_value_heads * headSize(config) * tokens
  const scores = 3 * 4 * config.vocab_size
  return Math.max(1, Math.floor(bytesOfResponses / (cache + scores)))
}
