/**
 * Shapes of small models, and the tokenizers of tasks: what tests need of a model before there are tensors.
 */
import { getOrElseW } from "fp-ts/lib/Either.js"
import { tokenizerFiles } from "../src/model/CharacterTokenizer.ts"
import { Qwen2Config } from "../src/model/Qwen2Config.ts"
import { type TextCodec, textCodec } from "../src/model/TextCodec.ts"
import type { Setting } from "../src/rollout/collect.ts"
import type { Task } from "../src/tasks/Task.ts"
import { plainEncoder } from "../src/workers/Assignment.ts"

/** 2 layers, width 16, 4 heads, 20 tokens; anything may be replaced. */
export const configOf = (replaced: Partial<typeof Qwen2Config.Encoded> = {}): Qwen2Config =>
  new Qwen2Config({
    model_type: "qwen2",
    vocab_size: 20,
    hidden_size: 16,
    intermediate_size: 24,
    num_hidden_layers: 2,
    num_attention_heads: 4,
    num_key_value_heads: 2,
    max_position_embeddings: 64,
    rms_norm_eps: 1e-6,
    rope_theta: 10000,
    tie_word_embeddings: true,
    ...replaced,
  })

/** The codec of a task's own tokenizer. */
export const codecOf = (task: Task): TextCodec => {
  const { tokenizer, tokenizerConfig } = tokenizerFiles(task.alphabet, 64)
  return getOrElseW((error): never => {
    throw new Error(JSON.stringify(error))
  })(textCodec(tokenizer, tokenizerConfig))
}

/** A setting whose task is known as such. */
export interface TaskSetting extends Setting {
  readonly task: Task
}

/** A tiny model that speaks a task's language. */
export const settingOf = (task: Task, replaced: Partial<typeof Qwen2Config.Encoded> = {}): TaskSetting => ({
  task,
  codec: codecOf(task),
  encode: plainEncoder(codecOf(task)),
  endIds: [codecOf(task).eosId],
  config: configOf({
    vocab_size: task.alphabet.length + 2,
    max_position_embeddings: task.maxPromptTokens + task.maxResponseTokens,
    ...replaced,
  }),
})
