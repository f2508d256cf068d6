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
import { none, scoped } from "../engine/scoped.ts"
import type { Parameters } from "../model/Parameters.ts"
import { responseHidden } from "../model/promptBatch.ts"
import { logits } from "../model/Qwen2.ts"
import { type Rollouts, type Setting, collectRollouts } from "../rollout/collect.ts"
import { responseArrays } from "../rollout/responseArrays.ts"
import type { Problem } from "../tasks/Task.ts"

/** See the module header. */
export interface Diagnostics {
  readonly entropy: number
  readonly klPolicyBase: number
  readonly klBasePolicy: number
}

/** Diagnostics on a few samples of each problem. */
export const diagnose = (
  setting: Setting,
  policy: Parameters,
  base: Parameters,
  problems: ReadonlyArray<Problem>,
  samples: number,
  temperature: number,
  seed: Seed.Seed,
): Diagnostics => {
  const ofPolicy = collectRollouts(setting, policy, problems, samples, temperature, seed)
  const ofBase = collectRollouts(setting, base, problems, samples, temperature, seed)
  return {
    entropy: tokenMean(setting, ofPolicy, [policy], ([logits]) => Categorical.entropy(logits)),
    klPolicyBase: tokenMean(setting, ofPolicy, [base, policy], ([reference, logits]) =>
      KL.reverseKL(Categorical.logSoftmax(reference), logits),
    ),
    klBasePolicy: tokenMean(setting, ofBase, [base, policy], ([reference, logits]) =>
      KL.forwardKL(Categorical.logSoftmax(reference), logits),
    ),
  }
}

/** Tokens whose activations are held at once. Ours: 16,384 tokens of a model of width 2,048 take 128 MiB a layer's input. */
const mostTokens = 16_384

/** The mean over the response tokens of rollouts of a quantity of the models' logits, [rows, V] to [rows], some rows at a time. */
const tokenMean = <const M extends ReadonlyArray<Parameters>>(
  { config, codec }: Setting,
  { batch, responses }: Rollouts,
  models: M,
  quantity: (logits: { readonly [K in keyof M]: tf.Tensor2D }) => tf.Tensor,
): number => {
  const { groupSize } = batch
  const longest = Math.max(...batch.prompts.map((prompt) => prompt.length))
  const atOnce = Math.max(
    1,
    Math.floor(mostTokens / (groupSize * (longest + Math.max(...responses.map(({ length }) => length))))),
  )
  const sums = Array.from({ length: Math.ceil(batch.prompts.length / atOnce) }, (_, i) => {
    const prompts = batch.prompts.slice(i * atOnce, (i + 1) * atOnce)
    const own = responses.slice(i * atOnce * groupSize, (i + 1) * atOnce * groupSize)
    const { tokens, mask, time } = responseArrays(own, codec.padId)
    const values = scoped(() => {
      const hidden = models.map((parameters) =>
        tf.tidy(() => responseHidden(config, parameters, { batch: { ...batch, prompts }, tokens, time })),
      )
      const rows = Vocabulary.rowsPerChunk(config.vocab_size)
      return Array.from({ length: Math.ceil(mask.length / rows) }, (__, chunk) =>
        scoped(() => {
          const [from, count] = [chunk * rows, Math.min(rows, mask.length - chunk * rows)]
          const logitsOf = models.map((parameters, m) =>
            logits(config, parameters, tf.slice2d(hidden[m] as tf.Tensor2D, [from, 0], [count, -1])),
          )
          return [
            ...quantity(
              logitsOf as unknown as { readonly [K in keyof M]: tf.Tensor2D },
            ).dataSync<"float32">(),
          ]
        }, none),
      ).flat()
    }, none)
    return mask.reduce((sum, isToken, t) => (isToken === 1 ? sum + (values[t] ?? NaN) : sum), 0)
  })
  return sums.reduce((a, b) => a + b, 0) / responses.reduce((sum, { length }) => sum + length, 0)
}
