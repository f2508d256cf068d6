/**
 * Small models for tests: random in every parameter, biases and norms too, so that none can be left out unnoticed.
 */
import { Seed } from "@rapo/distributions"
import * as tf from "@tensorflow/tfjs-core"
import { tokenizerFiles } from "../src/model/CharacterTokenizer.ts"
import type { Checkpoint } from "../src/model/Checkpoint.ts"
import { toHost } from "../src/model/DeviceParameters.ts"
import {
  type Parameters,
  disposeParameters,
  initialParameters,
  parameterSpecs,
} from "../src/model/Parameters.ts"
import type { Qwen2Config } from "../src/model/Qwen2Config.ts"
import { initialState } from "../src/training/AdamW.ts"
import type { Trained } from "../src/training/Optimise.ts"
import type { TaskSetting } from "./configs.ts"

/** Uniform numbers in ±1/√inputs for matrices and ±0.5 for vectors; norm weights around 1. */
export const randomParameters = (config: Qwen2Config, seed: Seed.Seed): Parameters =>
  Object.fromEntries(
    parameterSpecs(config).map(({ name, shape }) => {
      const { uniform } = Seed.generator(Seed.child(seed, name))
      const [width, centre] = shape.length === 2 ? [2 / Math.sqrt(shape[0] ?? 1), 0] : [1, 0]
      const shift = name.endsWith("norm.weight") ? 1 : centre
      const size = shape.reduce((a, b) => a * b, 1)
      return [
        name,
        tf.tensor(
          Float32Array.from({ length: size }, () => shift + width * (uniform() - 0.5)),
          [...shape],
        ),
      ]
    }),
  )

/** Random parameters of a language with peaked and flat distributions: the embedding, and so the head, is larger. */
export const talkativeParameters = (config: Qwen2Config, seed: Seed.Seed): Parameters => {
  const random = randomParameters(config, seed)
  const name = "model.embed_tokens.weight"
  const scaled = tf.tidy(() => tf.mul(random[name] as tf.Tensor, 2))
  random[name]?.dispose()
  return { ...random, [name]: scaled }
}

/** Fresh parameters with a fresh optimiser. */
export const freshlyTrained = (config: Qwen2Config, seed: Seed.Seed): Trained => {
  const parameters = initialParameters(config, seed)
  return { parameters, optimiser: initialState(parameters) }
}

/** A checkpoint with random parameters and a task's tokenizer. */
export const checkpointOf = ({ config, task }: TaskSetting, seed: Seed.Seed): Checkpoint => {
  const { tokenizer, tokenizerConfig } = tokenizerFiles(task.alphabet, config.max_position_embeddings)
  const parameters = randomParameters(config, seed)
  const host = toHost(parameters)
  disposeParameters(parameters)
  return { config, parameters: host, tokenizerJson: tokenizer, tokenizerConfig }
}

/** An array of the given shape, filled with uniform numbers in [−1, 1), as a tensor. */
export const uniformTensor = (shape: ReadonlyArray<number>, seed: Seed.Seed): tf.Tensor => {
  const { uniform } = Seed.generator(seed)
  const size = shape.reduce((a, b) => a * b, 1)
  return tf.tensor(
    Float32Array.from({ length: size }, () => 2 * uniform() - 1),
    [...shape],
  )
}
