/**
 * A member's side: the replica of an arm's learning that a thread holds, and what is done with it.
 *
 * Every replica starts from the same numbers and descends along the same sums, so all stay equal, bit for bit, on an engine
 * whose operations give equal results for equal inputs.
 */
import * as tf from "@tensorflow/tfjs-core"
import type { HostParameters } from "../model/Checkpoint.ts"
import { toDevice } from "../model/DeviceParameters.ts"
import { disposeParameters } from "../model/Parameters.ts"
import { type Setting, collectRollouts } from "../rollout/collect.ts"
import { type ShardGradient, gradientOf } from "../training/gradientOf.ts"
import type { Learner } from "../training/Learner.ts"
import { withPlaces } from "../training/Memory.ts"
import { oldPolicyOf } from "../training/oldPolicy.ts"
import { descendAlong, policyOf } from "../training/Optimise.ts"
import { type Learning, disposeLearning, learntOf, startFrom, withMovedReference } from "../training/start.ts"
import { settingOf } from "../workers/Assignment.ts"
import type { MemberAnswers, MemberJob, MemberTask } from "./MemberJob.ts"

// model

/** Does a job on a replica, which lives from `Join` to `Leave`. */
export type Replica = (job: MemberJob) => MemberAnswers[MemberTask]

/** What a member holds. */
interface Held {
  readonly setting: Setting
  readonly learner: Learner
  learning: Learning
  /** A gradient that waits for its turn. */
  waiting: ShardGradient | undefined
}

// constructors

/** A thread's place for a replica. */
export const makeReplica = (): Replica => {
  let held: Held | undefined
  return (job) => {
    if (job._tag === "Join") {
      if (held !== undefined) release(held)
      held = begin(job)
      return shapesOf(held)
    }
    if (held === undefined) throw new Error(`bug: ${job._tag} before Join`)
    if (job._tag !== "Leave") return perform(held, job)
    const learnt = job.tellsLearnt ? learntOf(held.learning) : undefined
    release(held)
    held = undefined
    return learnt
  }
}

const begin = ({
  assignment,
  checkpoint,
  objective,
  memory,
  lora,
  seed,
}: Extract<MemberJob, { readonly _tag: "Join" }>): Held => {
  const setting = settingOf(assignment, checkpoint)
  return {
    setting: withPlaces(setting, memory),
    learner: { config: setting.config, objective, memory },
    learning: startFrom(setting.config, checkpoint.parameters, lora, seed),
    waiting: undefined,
  }
}

// combinators

const perform = (
  held: Held,
  job: Exclude<MemberJob, { readonly _tag: "Join" | "Leave" }>,
): MemberAnswers[MemberTask] => {
  const { setting, learner, learning } = held
  const { trained, reference } = learning
  switch (job._tag) {
    case "Collect":
      return collectRollouts(
        setting,
        policyOf(trained),
        job.problems,
        job.groupSize,
        job.temperature,
        job.seed,
      )
    case "Recall":
      return oldPolicyOf(learner, trained, job.shard)
    case "Differentiate": {
      const { loss, metrics, gradients } = gradientOf(
        learner,
        trained,
        reference.parameters,
        job.shard,
        job.totals,
      )
      held.waiting = { loss, metrics, gradients }
      return { loss, metrics }
    }
    case "Contribute": {
      const { waiting } = held
      if (waiting === undefined) throw new Error("bug: Contribute before Differentiate")
      contribute(waiting, job.sum, job.isFirst)
      disposeParameters(waiting.gradients)
      held.waiting = undefined
      return undefined
    }
    case "Descend": {
      const gradients = toDevice(job.sum)
      const descent = descendAlong(job.options, job.learningRate, trained, { loss: job.loss, gradients })
      if (descent._tag === "Descended") held.learning = { ...learning, trained: descent.trained }
      return { descended: descent._tag === "Descended", gradientNorm: descent.gradientNorm }
    }
    case "MoveReference":
      held.learning = withMovedReference(learning, job.resetsOptimiser)
      return undefined
  }
}

// numerics

/** sum ← gradients, or sum + gradients as the engine would add them: float32 sums, correctly rounded. */
const contribute = ({ gradients }: ShardGradient, sum: HostParameters, isFirst: boolean): void => {
  for (const [name, { values: total }] of sum) {
    const own = gradients[name]?.dataSync<"float32">()
    if (own === undefined) throw new Error(`bug: no gradient of ${name}`)
    if (isFirst) total.set(own)
    else for (let i = 0; i < total.length; i++) total[i] = (total[i] ?? 0) + (own[i] ?? 0)
  }
}

const shapesOf = ({ learning }: Held): MemberAnswers["Join"] =>
  new Map(Object.entries(learning.trained.parameters).map(([name, { shape }]) => [name, shape]))

const release = ({ learning, waiting }: Held): void => {
  disposeLearning(learning)
  if (waiting !== undefined) tf.dispose(Object.values(waiting.gradients))
}
