/**
 * A step of RLVR in its phases, for measuring what memory each takes: sampling, gradient, update.
 *
 * No response ends early, and rows of scores differ, so that the phases are as large as the plan supposes.
 */
import { Seed } from "@rapo/distributions"
import { Rapo } from "@rapo/rapo"
import * as tf from "@tensorflow/tfjs-core"
import { type Lora, targets } from "../../src/model/lora/Lora.ts"
import { type Parameters, initialParameters } from "../../src/model/Parameters.ts"
import type { Qwen2Config } from "../../src/model/Qwen2Config.ts"
import type { Load } from "../../src/plan/Load.ts"
import type { Rollouts, Setting } from "../../src/rollout/collect.ts"
import { collectInPortions } from "../../src/rollout/portions.ts"
import { type ShardGradient, sumOfGradients } from "../../src/training/gradientOf.ts"
import { judgedBy } from "../../src/training/Judged.ts"
import type { Learner } from "../../src/training/Learner.ts"
import { type Memory, withPlaces } from "../../src/training/Memory.ts"
import { descendAlong, policyOf } from "../../src/training/Optimise.ts"
import { type Learning, disposeLearning, startFrom } from "../../src/training/start.ts"
import { settingOf } from "../configs.ts"
import { echoTask } from "../echoTask.ts"

// model

/** A model, what it is asked, and how its memory is spent. Plain data. */
export interface Case {
  readonly config: Qwen2Config
  readonly prompt: number
  readonly response: number
  readonly groupSize: number
  readonly prompts: number
  readonly memory: Memory
  readonly rank: number | undefined
}

/** The phases, in their order; each may be done again. */
export interface Phases {
  readonly sampling: () => void
  readonly gradient: () => void
  readonly update: () => void
  readonly dispose: () => void
}

/** Their names. */
export const phaseNames = ["sampling", "gradient", "update"] as const

export type Phase = (typeof phaseNames)[number]

// constructors

/** Everything that is held between steps, on this thread's engine, and the phases of a step. */
export const phasesOf = (each: Case): Phases => {
  const { config, memory } = each
  const setting = withPlaces(settingFor(each), memory)
  const learner: Learner = { config, objective: Rapo.rapo, memory }
  let learning = learningOf(each)
  let rollouts: Rollouts | undefined
  let sum: ShardGradient | undefined
  return {
    sampling: () => {
      rollouts = collectInPortions(
        setting,
        policyOf(learning.trained),
        problemsOf(each),
        each.groupSize,
        1,
        Seed.fromInteger(3),
        memory.samplingBatch,
      )
    },
    gradient: () => {
      if (rollouts === undefined) throw new Error("sampling comes first")
      const { shards, totals } = judgedBy(learner, rollouts)
      sum = sumOfGradients(learner, learning.trained, learning.reference.parameters, shards, totals)
    },
    update: () => {
      if (sum === undefined) throw new Error("the gradient comes first")
      const descent = descendAlong(optimiser, 1e-4, learning.trained, sum)
      if (descent._tag === "NotFinite") throw new Error("the gradient is finite")
      learning = { ...learning, trained: descent.trained }
      sum = undefined
    },
    dispose: () => disposeLearning(learning),
  }
}

/** What the plan is told of a case. */
export const loadOf = ({ prompt, response, memory, groupSize, prompts }: Case): Load => ({
  prompt,
  response,
  groupSize,
  batch: groupSize * prompts,
  microBatch: memory.microBatch ?? groupSize * prompts,
  places: memory.samplingPlaces ?? groupSize * prompts,
  checkpointsLayers: memory.checkpointsLayers ?? false,
  logitRows: memory.logitRows ?? Infinity,
})

/** An adapter of all linear layers. */
export const loraOf = (rank: number | undefined): Lora | undefined =>
  rank === undefined ? undefined : { rank, alpha: rank, targets, rankStabilised: false }

const optimiser = { beta1: 0.9, beta2: 0.99, epsilon: 1e-8, weightDecay: 0, clipNorm: 1 }

const learningOf = ({ config, rank }: Case): Learning => {
  const drawn = initialParameters(config, Seed.fromInteger(1))
  const { trained, reference } = startFrom(config, drawn, loraOf(rank), Seed.fromInteger(2))
  // Buffers of their own: until the first update policy and reference share theirs where an engine can, and TensorFlow
  // may use an array of the host in place.
  const own = new Map<tf.Tensor, tf.Tensor>()
  const ownOf = (parameters: Parameters): Parameters =>
    Object.fromEntries(
      Object.entries(parameters).map(([name, tensor]) => {
        const copy = own.get(tensor) ?? tf.keep(tf.add(tensor, 0))
        own.set(tensor, copy)
        return [name, copy]
      }),
    )
  const learning: Learning = {
    trained: {
      ...trained,
      parameters: ownOf(trained.parameters),
      ...(trained.frozen === undefined ? {} : { frozen: ownOf(trained.frozen) }),
    },
    reference: { parameters: ownOf(reference.parameters), own: ownOf(reference.own) },
  }
  tf.dispose([...own.keys()])
  return learning
}

const settingFor = ({ config, prompt, response }: Case): Setting => ({
  ...settingOf(echoTask),
  config,
  codec: { ...settingOf(echoTask).codec, decode: () => "" },
  encode: ({ id }) => Array.from({ length: prompt }, (_, i) => (Number(id) * 7 + i) % config.vocab_size),
  endIds: [],
  task: { ...echoTask, maxResponseTokens: response },
})

const problemsOf = ({ prompts }: Case) =>
  Array.from({ length: prompts }, (_, i) => ({
    id: String(i),
    task: "echo",
    level: "all",
    prompt: "",
    answer: "1",
  }))
