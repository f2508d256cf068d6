/**
 * A member's side: the replica of an arm's learning that a thread holds, or a base that it makes, and what is done with it.
 *
 * Every replica starts from the same numbers and descends along the same sums, so all stay equal, bit for bit, on an engine
 * whose operations give equal results for equal inputs.
 */
import * as tf from "@tensorflow/tfjs-core"
import { Effect, type FileSystem, type Path } from "effect"
import type { CheckpointError, RunFolderError } from "../errors.ts"
import { Objective } from "@rapo/rapo"
import { type HostParameters, type ModelDescription, onDevice, writeCheckpoint } from "../model/Checkpoint.ts"
import { toDevice, toHost } from "../model/DeviceParameters.ts"
import { writeAdapter } from "../model/lora/files.ts"
import type { Lora } from "../model/lora/Lora.ts"
import { disposeParameters } from "../model/Parameters.ts"
import { type Setting, collectRollouts } from "../rollout/collect.ts"
import { type ShardGradient, gradientOf } from "../training/gradientOf.ts"
import type { Learner } from "../training/Learner.ts"
import { withPlaces } from "../training/Memory.ts"
import { oldPolicyOf } from "../training/oldPolicy.ts"
import { type BaseMaking, beginBase } from "../training/makeBase.ts"
import { type Trained, descendAlong, policyOf } from "../training/Optimise.ts"
import { reinforceStep } from "../training/ReinforceStep.ts"
import { restored } from "../training/save/read.ts"
import { writeSave } from "../training/save/write.ts"
import { type Learning, disposeLearning, learntOf, startFrom, withMovedReference } from "../training/start.ts"
import { settingOf, taskNamed } from "../workers/Assignment.ts"
import type { Diverged, MemberAnswers, MemberJob, MemberTask } from "./MemberJob.ts"

// model

/** Does a job on a replica. */
export type Replica = (
  job: MemberJob,
) => Effect.Effect<
  MemberAnswers[MemberTask],
  CheckpointError | RunFolderError,
  FileSystem.FileSystem | Path.Path
>

/** What a member holds. */
type Held = Arm | Base

/** Whatever is learnt. */
interface Learnt {
  readonly model: ModelDescription
  readonly lora: Lora | undefined
  learning: Learning
}

/** A base model that is being made. */
interface Base extends Learnt, Pick<BaseMaking, "step"> {
  readonly _tag: "Base"
}

/** An arm. */
interface Arm extends Learnt {
  readonly _tag: "Arm"
  readonly setting: Setting
  readonly learner: Learner
  /** A gradient that waits for its turn. */
  waiting: ShardGradient | undefined
}

// constructors

/** A thread's place for a replica, which lives from `Join` or `Begin` to `Leave`. */
export const makeReplica = (): Replica => {
  let held: Held | undefined
  const letGo = (): void => {
    if (held !== undefined) release(held)
    held = undefined
  }
  return Effect.fnUntraced(function* (job: MemberJob) {
    if (job._tag === "Join") {
      letGo()
      held = yield* join(job)
      return shapesOf(held)
    }
    if (job._tag === "Begin") {
      letGo()
      held = yield* begin(job)
      return undefined
    }
    if (held === undefined) throw new Error(`bug: ${job._tag} before Join`)
    if (job._tag === "Save") return yield* save(held, job)
    if (job._tag === "Keep") return yield* keep(held, job)
    if (job._tag === "Leave") {
      letGo()
      return undefined
    }
    if (job._tag === "Pretrain" && held._tag === "Base") return pretrained(held, job.step)
    if (job._tag === "Pretrain" || held._tag === "Base")
      throw new Error(`bug: ${job._tag} is asked of a member that holds ${held._tag}`)
    return perform(held, job)
  })
}

const begin = Effect.fnUntraced(function* ({
  recipe,
  save: file,
}: Extract<MemberJob, { readonly _tag: "Begin" }>) {
  const { model, start, step } = beginBase(recipe, taskNamed(recipe.task.name))
  const learning = asLearning(start)
  const held: Base = {
    _tag: "Base",
    model,
    lora: undefined,
    learning: file === undefined ? learning : yield* restored(learning, file),
    step,
  }
  return held
})

const join = Effect.fnUntraced(function* ({
  assignment,
  model,
  base,
  objective,
  memory,
  lora,
  seed,
  save: file,
}: Extract<MemberJob, { readonly _tag: "Join" }>) {
  const setting = settingOf(assignment, model)
  const start = startFrom(setting.config, yield* onDevice(base), lora, seed)
  const held: Arm = {
    _tag: "Arm",
    model,
    lora,
    setting: withPlaces(setting, memory),
    learner: { config: setting.config, objective, memory },
    learning: file === undefined ? start : yield* restored(start, file),
    waiting: undefined,
  }
  return held
})

// files

const save = (
  held: Held,
  { file, label }: Extract<MemberJob, { readonly _tag: "Save" }>,
): Effect.Effect<undefined, RunFolderError, FileSystem.FileSystem | Path.Path> => {
  const moves = held._tag === "Arm" && Objective.anchorOf(held.learner.objective)._tag === "Moving"
  return Effect.as(writeSave(file, label, held.learning, moves), undefined)
}

/** One tensor after the other comes from the device. */
const keep = (
  { model, lora, learning }: Held,
  { folder, baseName }: Extract<MemberJob, { readonly _tag: "Keep" }>,
): Effect.Effect<undefined, CheckpointError, FileSystem.FileSystem | Path.Path> => {
  const learnt = learntOf(learning)
  const get = (name: string) => {
    const tensor = learnt[name]
    return tensor && toHost({ [name]: tensor }).get(name)
  }
  const written =
    lora === undefined
      ? writeCheckpoint(folder, { ...model, parameters: { get } })
      : writeAdapter(folder, toHost(learnt), lora, baseName)
  return Effect.as(written, undefined)
}

// combinators

/** A step of a base. */
const pretrained = (held: Base, step: number): Diverged | undefined => {
  const descent = held.step(held.learning.trained, step)
  if (descent._tag === "NotFinite")
    return { _tag: "Diverged", step, loss: descent.loss, gradientNorm: descent.gradientNorm }
  held.learning = asLearning(descent.trained)
  return undefined
}

/** A base has no reference. */
const asLearning = (trained: Trained): Learning => ({ trained, reference: { parameters: {}, own: {} } })

const perform = (
  held: Arm,
  job: Exclude<MemberJob, { readonly _tag: "Join" | "Begin" | "Pretrain" | "Save" | "Keep" | "Leave" }>,
): MemberAnswers[MemberTask] => {
  const { setting, learner, learning } = held
  const { trained, reference } = learning
  switch (job._tag) {
    case "Step": {
      const { options, problems, step, seed } = job
      const { parameters } = reference
      const result = reinforceStep(
        setting,
        learner.objective,
        options,
        trained,
        parameters,
        problems,
        step,
        seed,
      )
      held.learning = { ...learning, trained: result.trained }
      if (result._tag === "Stepped") return { _tag: "Stepped", metrics: result.metrics }
      const { loss, gradientNorm } = result
      return { _tag: "Diverged", step, loss, gradientNorm }
    }
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

const release = (held: Held): void => {
  disposeLearning(held.learning)
  if (held._tag === "Arm" && held.waiting !== undefined) tf.dispose(Object.values(held.waiting.gradients))
}
