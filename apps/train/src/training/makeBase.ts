/**
 * A base model from nothing: the task's tokenizer, fresh parameters, pre-training.
 */
import { Seed } from "@rapo/distributions"
import { isLeft } from "fp-ts/lib/Either.js"
import type { GeneratedExperiment } from "../config/GeneratedExperiment.ts"
import { tokenizerFiles } from "../model/CharacterTokenizer.ts"
import type { Checkpoint } from "../model/Checkpoint.ts"
import { toHost } from "../model/DeviceParameters.ts"
import { initialParameters } from "../model/Parameters.ts"
import { Qwen2Config } from "../model/Qwen2Config.ts"
import { textCodec } from "../model/TextCodec.ts"
import type { Task } from "../tasks/Task.ts"
import { initialState } from "./AdamW.ts"
import { type Trained, disposeTrained } from "./Optimise.ts"
import { optimiserOptions } from "./optimiserOptions.ts"
import { type PretrainOptions, pretrainStep } from "./pretrain.ts"

/** A base model, or the step at which pre-training stopped being finite. */
export type MadeBase =
  | { readonly _tag: "Made"; readonly checkpoint: Checkpoint; readonly finalLoss: number }
  | { readonly _tag: "Diverged"; readonly step: number; readonly loss: number; readonly gradientNorm: number }

/** Pre-trains the experiment's model for `steps` steps (the schedule stretches with them). */
export const makeBase = (
  experiment: GeneratedExperiment,
  task: Task,
  steps: number,
  onStep: (step: number, loss: number) => void,
): MadeBase => {
  const config = new Qwen2Config({
    ...experiment.model,
    model_type: "qwen2",
    vocab_size: task.alphabet.length + 2,
    max_position_embeddings: task.maxPromptTokens + task.maxResponseTokens,
  })
  const { tokenizer, tokenizerConfig } = tokenizerFiles(task.alphabet, config.max_position_embeddings)
  const codec = textCodec(tokenizer, tokenizerConfig)
  if (isLeft(codec)) throw new Error(`bug: the tokenizer made for the task is invalid: ${codec.left.problem}`)

  const seed = Seed.child(Seed.fromInteger(experiment.seed), "pretraining")
  const parameters = initialParameters(config, Seed.child(seed, "parameters"))
  let trained: Trained = { parameters, optimiser: initialState(parameters) }
  let finalLoss = NaN
  const options = pretrainOptions(experiment, steps)
  for (let step = 0; step < steps; step++) {
    const descent = pretrainStep(config, task, codec.right, options, trained, step, Seed.child(seed, "data"))
    if (descent._tag === "NotFinite") {
      disposeTrained(trained)
      return { _tag: "Diverged", step, loss: descent.loss, gradientNorm: descent.gradientNorm }
    }
    trained = descent.trained
    finalLoss = descent.loss
    onStep(step, descent.loss)
  }
  const checkpoint: Checkpoint = {
    config,
    parameters: toHost(trained.parameters),
    tokenizerJson: tokenizer,
    tokenizerConfig,
  }
  disposeTrained(trained)
  return { _tag: "Made", checkpoint, finalLoss }
}

const pretrainOptions = ({ pretraining }: GeneratedExperiment, steps: number): PretrainOptions => ({
  optimiser: optimiserOptions(pretraining),
  schedule: {
    learningRate: pretraining.learning_rate,
    warmupSteps: pretraining.warmup_steps,
    steps,
    finalFraction: pretraining.final_fraction,
  },
  batchSize: pretraining.batch_size,
  mixture: pretraining.mixture,
  noise: pretraining.noise,
})
