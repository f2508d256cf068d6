/**
 * How far a policy has moved from the base, and how much it still explores; over next-token distributions.
 *
 *     entropy          E_{h ~ π} H(π(·|h))
 *     KL(π‖base)       E_{h ~ π} KL(π(·|h) ‖ base(·|h))            the direction that reverse-KL training penalises
 *     KL(base‖π)       E_{h ~ base} KL(base(·|h) ‖ π(·|h))         the direction that forward-KL training penalises
 *
 * Histories h are response prefixes sampled from the policy named under E; with the whole vocabulary at each, the two
 * KLs are unbiased estimates of the sequence KLs divided by the mean length. Means over tokens, in nats a token.
 */
import type { Seed } from "@rapo/distributions"
import { Categorical, Vocabulary } from "@rapo/distributions/tensor"
import { KL } from "@rapo/divergences/tensor"
import * as tf from "@tensorflow/tfjs-core"
import { Schema } from "effect"
import { none, scoped } from "../engine/scoped.ts"
import type { Parameters } from "../model/Parameters.ts"
import { responseHidden } from "../model/promptBatch.ts"
import { logits } from "../model/Qwen2.ts"
import { type Rollouts, type Setting, collectRollouts } from "../rollout/collect.ts"
import { responseArrays } from "../rollout/responseArrays.ts"
import type { Problem } from "../tasks/Task.ts"

/** See the module header. */
export const Diagnostics = Schema.Struct({
  entropy: Schema.Finite,
  klPolicyBase: Schema.Finite,
  klBasePolicy: Schema.Finite,
})
/** See the value of the same name. */
export type Diagnostics = (typeof Diagnostics)["Type"]

/** How much is held at once. The result does not depend on it, but for rounding. */
export interface Portions {
  /** Most tokens whose activations are held, but never less than a problem's. */
  readonly tokens: number
  /** Most rows of logits that are held. */
  readonly rows: (vocabulary: number) => number
}

/** Ours: 16,384 tokens of a model of width 2,048 take 128 MiB a layer's input. */
const usual: Portions = { tokens: 16_384, rows: Vocabulary.rowsPerChunk }

/** Diagnostics on a few samples of each problem. */
export const diagnose = (
  setting: Setting,
  policy: Parameters,
  base: Parameters,
  problems: ReadonlyArray<Problem>,
  samples: number,
  temperature: number,
  seed: Seed.Seed,
  portions: Portions = usual,
): Diagnostics => {
  const ofPolicy = collectRollouts(setting, policy, problems, samples, temperature, seed)
  const ofBase = collectRollouts(setting, base, problems, samples, temperature, seed)
  const mean = tokenMean(setting, portions)
  return {
    entropy: mean(ofPolicy, [policy], ([logits]) => Categorical.entropy(logits)),
    klPolicyBase: mean(ofPolicy, [base, policy], ([reference, logits]) =>
      KL.reverseKL(Categorical.logSoftmax(reference), logits),
    ),
    klBasePolicy: mean(ofBase, [base, policy], ([reference, logits]) =>
      KL.forwardKL(Categorical.logSoftmax(reference), logits),
    ),
  }
}

/** [rows, V] of each model. */
type LogitsOf<M> = { readonly [K in keyof M]: tf.Tensor2D }

/** The mean over the response tokens of rollouts of a quantity of the models' logits, [rows, V] to [rows]. */
const tokenMean =
  ({ config, codec }: Setting, portions: Portions) =>
  <const M extends ReadonlyArray<Parameters>>(
    { batch, responses }: Rollouts,
    models: M,
    quantity: (logits: LogitsOf<M>) => tf.Tensor,
  ): number => {
    const rows = portions.rows(config.vocab_size)
    const ofRows = (hidden: ReadonlyArray<tf.Tensor2D>, from: number, count: number): Float32Array =>
      scoped(() => {
        const each = models.map((parameters, m) =>
          logits(config, parameters, tf.slice2d(hidden[m] as tf.Tensor2D, [from, 0], [count, -1])),
        )
        return quantity(each as unknown as LogitsOf<M>).dataSync<"float32">()
      }, none)
    const sums = parts(batch, responses, portions.tokens).map(([prompts, own]) => {
      const { tokens, mask, time } = responseArrays(own, codec.padId)
      return scoped(() => {
        const hidden = models.map((parameters) =>
          tf.tidy(() => responseHidden(config, parameters, { batch: { ...batch, prompts }, tokens, time })),
        )
        let sum = 0
        for (let from = 0; from < mask.length; from += rows) {
          const values = ofRows(hidden, from, Math.min(rows, mask.length - from))
          for (let i = 0; i < values.length; i++) if (mask[from + i] === 1) sum += values[i] ?? NaN
        }
        return sum
      }, none)
    })
    return sums.reduce((a, b) => a + b, 0) / responses.reduce((sum, { length }) => sum + length, 0)
  }

/** Prompts with their responses, as many at once as there may be tokens. */
const parts = (
  { prompts, groupSize }: Rollouts["batch"],
  responses: Rollouts["responses"],
  tokens: number,
): ReadonlyArray<readonly [Rollouts["batch"]["prompts"], Rollouts["responses"]]> => {
  const longest = (of: ReadonlyArray<ReadonlyArray<number>>): number =>
    Math.max(...of.map(({ length }) => length))
  const count = Math.max(1, Math.floor(tokens / (groupSize * (longest(prompts) + longest(responses)))))
  return Array.from({ length: Math.ceil(prompts.length / count) }, (_, i) => [
    prompts.slice(i * count, (i + 1) * count),
    responses.slice(i * count * groupSize, (i + 1) * count * groupSize),
  ])
}
