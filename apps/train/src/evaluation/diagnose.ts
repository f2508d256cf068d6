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
import { Categorical } from "@rapo/distributions/tensor"
import { KL } from "@rapo/divergences/tensor"
import * as tf from "@tensorflow/tfjs-core"
import { none, scoped } from "../engine/scoped.ts"
import type { Parameters } from "../model/Parameters.ts"
import { responseLogits } from "../model/promptBatch.ts"
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
    entropy: tokenMean(setting, ofPolicy, (logits) => Categorical.entropy(logits(policy))),
    klPolicyBase: tokenMean(setting, ofPolicy, (logits) =>
      KL.reverseKL(Categorical.logSoftmax(logits(base)), logits(policy)),
    ),
    klBasePolicy: tokenMean(setting, ofBase, (logits) =>
      KL.forwardKL(Categorical.logSoftmax(logits(base)), logits(policy)),
    ),
  }
}

/** The mean of a [B, T] quantity over the response tokens of rollouts. */
const tokenMean = (
  { config, codec }: Setting,
  { batch, responses }: Rollouts,
  quantity: (logits: (parameters: Parameters) => tf.Tensor3D) => tf.Tensor,
): number =>
  scoped(() => {
    const { tokens, mask, time, tokenCount } = responseArrays(responses, codec.padId)
    const values = quantity((parameters) =>
      responseLogits(config, parameters, batch, tokens, time),
    ).dataSync()
    return mask.reduce((sum, isToken, i) => (isToken === 1 ? sum + (values[i] ?? NaN) : sum), 0) / tokenCount
  }, none)
