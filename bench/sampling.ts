/**
 * Continuous batching against static batches: prompts and responses of very unequal lengths, so many places.
 *
 *     npm run bench bench/sampling.ts
 *
 * The lengths of responses are given (a response ends where the bench says), so that both sides draw the same tokens: geometric,
 * with mean 24, and at most 128. A static batch runs until its longest response ends; then the next one begins.
 */
import { Seed } from "@rapo/distributions"
import * as tf from "@tensorflow/tfjs"
import { startWasm } from "../apps/train/src/engine/wasm/start.ts"
import { initialParameters } from "../apps/train/src/model/Parameters.ts"
import { Qwen2Config } from "../apps/train/src/model/Qwen2Config.ts"
import { growTree } from "../apps/train/src/rollout/prefixTree.ts"
import { compare, report } from "./compare.ts"

await startWasm()

const config = new Qwen2Config({
  model_type: "qwen2",
  vocab_size: 512,
  hidden_size: 64,
  intermediate_size: 176,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  max_position_embeddings: 512,
  rms_norm_eps: 1e-6,
  rope_theta: 10_000,
  tie_word_embeddings: true,
})
const parameters = initialParameters(config, Seed.fromInteger(1))

const [count, places, longest, mean] = [96, 16, 128, 24]
const { uniform } = Seed.generator(Seed.fromInteger(2))
const below = (n: number): number => Math.floor(uniform() * n)
const prompts = Array.from({ length: count }, () =>
  Array.from({ length: 4 + below(60) }, () => below(config.vocab_size)),
)
const lengths = prompts.map(() =>
  Math.min(longest, 1 + Math.floor(Math.log(1 - uniform()) / Math.log(1 - 1 / mean))),
)
const all = prompts.map((_, i) => i)

/** Draws the given responses with so many places; the number of passes. */
const draw = (own: ReadonlyArray<number>): number => {
  const done = own.map(() => 0)
  let passes = 0
  growTree(
    config,
    parameters,
    { prompts: own.map((i) => prompts[i] ?? []), promptOf: own.map((_, at) => at), padId: 0 },
    {
      maxTokens: longest,
      places,
      scores: (logits) => {
        passes++
        return tf.clone(logits)
      },
      choose: (logits) => (at) => {
        done[at] = (done[at] ?? 0) + 1
        return (done[at] ?? 0) < (lengths[own[at] ?? 0] ?? 0)
          ? logits.indexOf(Math.max(...logits))
          : undefined
      },
    },
  )
  return passes
}

const staticBatches = Array.from({ length: count / places }, (_, i) =>
  all.slice(i * places, (i + 1) * places),
)
const continuous = (): number => draw(all)
const inBatches = (): number => staticBatches.reduce((sum, batch) => sum + draw(batch), 0)

const tokens = lengths.reduce((sum, length) => sum + length, 0)
console.log(
  `${count} responses, ${tokens} tokens, ${places} places: ${continuous()} passes continuously, ${inBatches()} in static batches, ` +
    `${Math.ceil(tokens / places)} if every place were always taken`,
)
report(
  `${count} responses of 1 to ${longest} tokens to prompts of 4 to 63, ${places} places`,
  "continuous batching (ours)",
  "static batches",
  compare(
    () => void continuous(),
    () => void inBatches(),
    3,
    0,
  ),
)
