/**
 * Maximum likelihood on demonstrations: how the base model comes to be, a noisy imitator of the task.
 *
 *     loss = −(1/|response tokens|) Σ ln π_θ(response token | what precedes it)
 *
 * Demonstrations are drawn anew at every step, so nothing is memorised; prompts carry no loss.
 */
import { Seed } from "@rapo/distributions"
import { Categorical } from "@rapo/distributions/tensor"
import * as tf from "@tensorflow/tfjs-core"
import { isRight } from "fp-ts/lib/Either.js"
import type { Parameters } from "../model/Parameters.ts"
import { forward, logits } from "../model/Qwen2.ts"
import type { Qwen2Config } from "../model/Qwen2Config.ts"
import type { TextCodec } from "../model/TextCodec.ts"
import type { Task } from "../tasks/Task.ts"
import { type Descent, type OptimiserOptions, type Trained, descend } from "./Optimise.ts"
import { type Schedule, rateAt } from "./Schedule.ts"

/** The constants of pre-training. */
export interface PretrainOptions {
  readonly optimiser: OptimiserOptions
  readonly schedule: Schedule
  readonly batchSize: number
  /** How often each level is drawn. */
  readonly mixture: ReadonlyArray<{ readonly level: string; readonly weight: number }>
  /** Probability that a demonstration does not solve its problem. */
  readonly noise: number
}

/** One step: a fresh batch of demonstrations, one descent. */
export const pretrainStep = (
  config: Qwen2Config,
  task: Task,
  codec: TextCodec,
  options: PretrainOptions,
  trained: Trained,
  step: number,
  seed: Seed.Seed,
): Descent => {
  const batch = demonstrations(task, codec, options, Seed.child(seed, step))
  return descend(options.optimiser, rateAt(options.schedule, step), trained, (parameters) =>
    negativeLogLikelihood(config, parameters, batch),
  )
}

interface Demonstrations {
  /** int32 [B, T+1]: prompt, response, `<eos>`, then padding on the right, which nothing before it can see. */
  readonly ids: Int32Array
  /** [B, T]: 1 where the next token belongs to a response. */
  readonly isTarget: Float32Array
  readonly size: number
  readonly time: number
}

const demonstrations = (
  task: Task,
  codec: TextCodec,
  { batchSize, mixture, noise }: PretrainOptions,
  seed: Seed.Seed,
): Demonstrations => {
  const rows = Array.from({ length: batchSize }, (_, index) => {
    const own = Seed.child(seed, index)
    const level = pick(mixture, Seed.generator(Seed.child(own, "level")).uniform())
    const { problem, response } = task.drawDemonstration(level, Seed.child(own, "problem"), noise)
    return { prompt: encoded(codec, problem.prompt), response: [...encoded(codec, response), codec.eosId] }
  })
  const time = Math.max(...rows.map(({ prompt, response }) => prompt.length + response.length)) - 1
  const ids = new Int32Array(batchSize * (time + 1)).fill(codec.padId)
  const isTarget = new Float32Array(batchSize * time)
  rows.forEach(({ prompt, response }, b) => {
    ids.set([...prompt, ...response], b * (time + 1))
    isTarget.fill(1, b * time + prompt.length - 1, b * time + prompt.length - 1 + response.length)
  })
  return { ids, isTarget, size: batchSize, time }
}

const negativeLogLikelihood = (
  config: Qwen2Config,
  parameters: Parameters,
  { ids, isTarget, size, time }: Demonstrations,
): tf.Scalar => {
  const column = (shift: number): Int32Array =>
    Int32Array.from(
      { length: size * time },
      (_, i) => ids[Math.floor(i / time) * (time + 1) + (i % time) + shift] ?? 0,
    )
  const { hidden } = forward(config, parameters, {
    ids: tf.tensor2d(column(0), [size, time], "int32"),
    leftPadding: new Int32Array(size),
  })
  const logProbs = Categorical.gatherLogProbs(
    Categorical.logSoftmax(logits(config, parameters, hidden)),
    tf.tensor1d(column(1), "int32"),
  )
  const count = isTarget.reduce((a, b) => a + b, 0)
  return tf.div(tf.neg(tf.sum(tf.mul(logProbs, tf.tensor1d(isTarget)))), count)
}

const pick = (mixture: PretrainOptions["mixture"], uniform: number): string => {
  const total = mixture.reduce((sum, { weight }) => sum + weight, 0)
  let left = uniform * total
  for (const { level, weight } of mixture) {
    left -= weight
    if (left < 0) return level
  }
  return mixture.at(-1)?.level ?? ""
}

const encoded = (codec: TextCodec, text: string): ReadonlyArray<number> => {
  const ids = codec.encode(text)
  if (isRight(ids)) return ids.right
  throw new Error(`bug: the tokenizer of this task cannot encode its own text ${JSON.stringify(text)}`)
}
