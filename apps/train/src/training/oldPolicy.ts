/**
 * What a policy says of a shard's tokens: to be remembered before the policy moves away from the one that sampled.
 */
import { Categorical } from "@rapo/distributions/tensor"
import { Objective } from "@rapo/rapo"
import { Projection, type Statistic } from "@rapo/rapo/tensor"
import * as tf from "@tensorflow/tfjs-core"
import { none, scoped } from "../engine/scoped.ts"
import { responseHidden } from "../model/promptBatch.ts"
import { headOf, logits } from "../model/Qwen2.ts"
import type { Learner } from "./Learner.ts"
import { chunkOf } from "./Memory.ts"
import { type Policy, policyOf } from "./Optimise.ts"
import type { OldPolicy, Shard } from "./Shard.ts"
import { answeredBy, arraysOf } from "./shardTensors.ts"

/** See the module header. Logits are held whole where they are few, else in chunks. */
export const oldPolicyOf = (
  { config, objective, memory }: Learner,
  policy: Policy,
  shard: Shard,
): OldPolicy =>
  scoped(() => {
    const arrays = arraysOf(shard)
    const { tokens, time } = arrays
    const parameters = policyOf(policy)
    const withMeans = Objective.needs(objective).includes("mean-log-probs")
    const hidden = responseHidden(config, parameters, answeredBy(shard, arrays))
    const ids = tf.tensor1d(tokens, "int32")
    const rows = chunkOf(memory, ids.size, config.vocab_size)
    const statistics = (): ReadonlyArray<tf.Tensor> => {
      if (rows === undefined) {
        const logProbs = Categorical.logSoftmax(logits(config, parameters, hidden))
        return [Categorical.gatherLogProbs(logProbs, ids), ...(withMeans ? [tf.mean(logProbs, -1)] : [])]
      }
      const asked: ReadonlyArray<Statistic.Statistic> = [
        { _tag: "LogProb" },
        ...(withMeans ? [{ _tag: "MeanLogProb" } as const] : []),
      ]
      const policyRows = { hidden, head: headOf(config, parameters) }
      return tf.unstack(
        Projection.statistics(asked, {
          policy: policyRows,
          isHeadFrozen: true,
          reference: undefined,
          phi: undefined,
          ids,
          rows,
        }),
      )
    }
    const [logProbs, means] = statistics().map((values) => {
      const all = values.dataSync<"float32">()
      return shard.responses.map(({ length }, b) => all.slice(b * time, b * time + length))
    })
    return { logProbs: logProbs ?? [], meanLogProbs: means }
  }, none)
