/**
 * A base model from nothing: the task's tokenizer, fresh parameters, pre-training step by step.
 */
import { Seed } from "@rapo/distributions"
import { isLeft } from "fp-ts/lib/Either.js"
import { tokenizerFiles } from "../model/CharacterTokenizer.ts"
import type { ModelDescription } from "../model/Checkpoint.ts"
import { initialParameters } from "../model/Parameters.ts"
import { Qwen2Config } from "../model/Qwen2Config.ts"
import { textCodec } from "../model/TextCodec.ts"
import type { Task } from "../tasks/Task.ts"
import { initialState } from "./AdamW.ts"
import type { Descent, Trained } from "./Optimise.ts"
import { optimiserOptions } from "./optimiserOptions.ts"
import { type PretrainOptions, pretrainStep } from "./pretrain.ts"
import type { Recipe } from "./Recipe.ts"

/** A base that is about to be made. */
export interface BaseMaking {
  readonly model: ModelDescription
  /** The fresh parameters; their tensors are the caller's. */
  readonly start: Trained
  /** One step, which depends on its number and on nothing that was before, but for what is trained. */
  readonly step: (trained: Trained, step: number) => Descent
}

/** The beginning of a base, for the task that its recipe names. */
export const beginBase = (recipe: Recipe, task: Task): BaseMaking => {
  const config = new Qwen2Config({
    ...recipe.model,
    model_type: "qwen2",
    vocab_size: task.alphabet.length + 2,
    max_position_embeddings: task.maxPromptTokens + task.maxResponseTokens,
  })
  const { tokenizer, tokenizerConfig } = tokenizerFiles(task.alphabet, config.max_position_embeddings)
  const codec = textCodec(tokenizer, tokenizerConfig)
  if (isLeft(codec)) throw new Error(`bug: the tokenizer made for the task is invalid: ${codec.left.problem}`)

  const seed = Seed.child(Seed.fromInteger(recipe.seed), "pretraining")
  const parameters = initialParameters(config, Seed.child(seed, "parameters"))
  const options = pretrainOptions(recipe)
  return {
    model: { config, tokenizerJson: tokenizer, tokenizerConfig },
    start: { parameters, optimiser: initialState(parameters) },
    step: (trained, step) =>
      pretrainStep(config, task, codec.right, options, trained, step, Seed.child(seed, "data")),
  }
}

const pretrainOptions = ({ pretraining }: Recipe): PretrainOptions => ({
  optimiser: optimiserOptions(pretraining),
  schedule: {
    learningRate: pretraining.learning_rate,
    warmupSteps: pretraining.warmup_steps,
    steps: pretraining.steps,
    finalFraction: pretraining.final_fraction,
  },
  batchSize: pretraining.batch_size,
  mixture: pretraining.mixture,
  noise: pretraining.noise,
})
