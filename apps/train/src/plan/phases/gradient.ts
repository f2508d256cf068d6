/**
 * The gradient of a step from its largest micro-batch, and, where there are several, of one that is added to the sum of others.
 *
 * Of the objective RAPO on its first epoch: a reference, an exact KL, no old policy. What others need was not compared.
 */
import { Objective, Rapo } from "@rapo/rapo"
import * as tf from "@tensorflow/tfjs-core"
import type { Qwen2Config } from "../../model/Qwen2Config.ts"
import { gradientFrom } from "../../training/gradientOf.ts"
import { keepsGroups } from "../../training/Judged.ts"
import * as Shard from "../../training/Shard.ts"
import type { LossInputs } from "../../training/shardLoss.ts"
import type { Learning } from "../../training/start.ts"
import { blankGradient, blankTokens, fromHost } from "../blank.ts"
import type { IsOfKind } from "../dry/backend.ts"
import { type Load, tokensBefore } from "../Load.ts"
import { type Stage, bytesOfTrained, peakBeside } from "./Stage.ts"

/** What of a load the gradient depends on. */
export type Differentiated = Omit<Load, "places">

/** The peak, of logits, and of a sum of gradients. Bytes beside those that are held between steps. */
export interface GradientPeak {
  readonly bytes: number
  readonly logits: number
  readonly sums: number
}

/** See the module header. */
export const gradientPeak = (stage: Stage, load: Differentiated): GradientPeak => {
  const [first, ...rest] = shardsOf(load).toSorted((a, b) => responsesOf(b) - responsesOf(a)) as [
    Shard.Shard["batch"],
    ...Array<Shard.Shard["batch"]>,
  ]
  const [second] = rest
  // With a sum beside it a gradient takes more than alone.
  const isAlone = second === undefined || responsesOf(second) < responsesOf(first)
  return [
    ...(isAlone ? [peakOf(stage, load, first, false)] : []),
    ...(second === undefined ? [] : [peakOf(stage, load, second, true)]),
  ].reduce((a, b) => (b.bytes > a.bytes ? b : a))
}

// numerics

const objective = Rapo.rapo

const responsesOf = ({ prompts, groupSize }: Shard.Shard["batch"]): number => prompts.length * groupSize

/** The groups of each micro-batch, without their tokens. */
const shardsOf = ({ batch, groupSize, microBatch }: Differentiated): ReadonlyArray<Shard.Shard["batch"]> => {
  const prompts = Array.from({ length: Math.ceil(batch / groupSize) }, () => [])
  const whole: Shard.Shard = {
    batch: { prompts, groupSize, padId: 0 },
    responses: Array.from({ length: batch }, () => []),
    rewards: [],
    advantages: [],
    klWeights: [],
    old: undefined,
  }
  return Shard.split(whole, microBatch, keepsGroups(objective)).map((shard) => shard.batch)
}

const peakOf = (
  stage: Stage,
  load: Differentiated,
  batch: Shard.Shard["batch"],
  isAdded: boolean,
): GradientPeak => {
  const { config } = stage
  const sums = isAdded ? bytesOfTrained(stage) : 0
  const { bytes, ofKind } = peakBeside(
    stage,
    (learning) => {
      const sum = isAdded ? blankGradient(learning.trained.parameters) : undefined
      tf.dispose(Object.values(gradientFrom(inputsOf(stage, load, batch, learning), sum).gradients))
    },
    areLogits(config),
  )
  return { bytes, logits: ofKind, sums }
}

/** [.., V], but for a matrix of the head's shape, which is no row of logits. */
const areLogits =
  ({ vocab_size, hidden_size }: Qwen2Config): IsOfKind =>
  (shape) =>
    shape.length > 1 && shape.at(-1) === vocab_size && shape.at(-2) !== hidden_size

const inputsOf = (
  stage: Stage,
  { prompt, response, checkpointsLayers, logitRows }: Differentiated,
  { prompts, groupSize }: Shard.Shard["batch"],
  { trained: { parameters, frozen }, reference }: Learning,
): LossInputs => {
  const given = fromHost(stage.dry)
  const [sequences, needs] = [prompts.length * groupSize, Objective.needs(objective)]
  const before = tokensBefore(prompt)
  return {
    learner: { config: stage.config, objective, memory: { checkpointsLayers, logitRows } },
    policy: frozen === undefined ? { parameters } : { parameters, frozen },
    reference: Objective.needsReference(objective) ? reference.parameters : undefined,
    given: {
      tokens: given([sequences, response], "int32"),
      mask: given([sequences, response]),
      advantages: given([sequences]),
      rewards: given([sequences]),
      klWeights: needs.includes("kl-weights") ? given([sequences]) : undefined,
      oldLogProbs: undefined,
      oldMeanLogProbs: undefined,
      groupSize,
      tokenCount: given([]),
      sequenceCount: sequences,
    },
    answers: {
      prompts: blankTokens(stage, prompts.length, before, 0),
      responses: blankTokens(stage, sequences, response, before),
      groupSize,
    },
  }
}
