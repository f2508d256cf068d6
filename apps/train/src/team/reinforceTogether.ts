/**
 * The whole of RLVR for one arm by a team of workers, each with a replica: from the base model, or a save, step by step to a
 * trained policy, which is written to its folder.
 *
 *     (step → record → move the reference? → save?)*  → keep
 *
 * Problems come in epochs, each a fresh shuffle of the pool; order and sampling seeds do not depend on the objective, so arms
 * differ by their objective alone, nor on what was before, so a save is gone on from as if nothing had happened:
 *
 *     a team of any size = a team of one;    n steps, saved, and m more = n + m steps
 *
 * A step is done whole or not at all: whoever is interrupted finishes the one under way, saves, and lets go of the members. Who
 * fails, fails the arm. A replica that is left is freed when its worker joins another team, or ends. Nobody waits for anybody but
 * through the main thread, so nothing is left waiting.
 */
import { Seed } from "@rapo/distributions"
import { Objective } from "@rapo/rapo"
import { Clock, Effect, Fiber } from "effect"
import type { RunFolderError, WorkerError } from "../errors.ts"
import type { HostParameters, ModelDescription, ParametersSource } from "../model/Checkpoint.ts"
import type { Problem } from "../tasks/Task.ts"
import type { StepMetrics } from "../training/Judged.ts"
import { type ArmOptions, type Divergence, problemsOfStep } from "../training/reinforce.ts"
import { isDue } from "../training/save/due.ts"
import type { Assignment } from "../workers/Assignment.ts"
import type { StepOutcome } from "./MemberJob.ts"
import { type Team, byAll } from "./Team.ts"
import { stepTogether } from "./stepTogether.ts"

// model

/** What is trained, how and on what. */
export interface ArmTraining {
  readonly assignment: Assignment
  readonly model: ModelDescription
  readonly base: ParametersSource
  readonly objective: Objective.Objective
  readonly options: ArmOptions
  readonly pool: ReadonlyArray<Problem>
  readonly seed: Seed.Seed
}

/** Where it stays. */
export interface Keeping {
  /** The folder of the trained policy. */
  readonly folder: string
  /** What an adapter calls its base. */
  readonly baseName: string
  /** The saves on the way, one at a time in a file; absent, there are none. */
  readonly saves?: {
    readonly file: string
    /** See `SaveLabel`. */
    readonly of: string
    /** See `isDue`. */
    readonly every: number | undefined
  }
  /** The steps of the save to go on from. */
  readonly from?: number
}

/** Who hears of what happens. */
export interface Listener {
  /** Of every step, before it is saved. */
  readonly onStep: (metrics: StepMetrics) => Effect.Effect<void, RunFolderError>
  /** Of a save that could not be made: training goes on, and tries again. */
  readonly onUnsaved: (error: WorkerError) => Effect.Effect<void>
}

// combinators

/** See the module header. The result tells where a number was not finite. */
export const reinforceTogether = Effect.fn("reinforceTogether")(function* (
  team: Team,
  training: ArmTraining,
  { folder, baseName, saves, from }: Keeping,
  { onStep, onUnsaved }: Listener,
): Effect.fn.Return<Divergence | undefined, WorkerError | RunFolderError> {
  const { objective, options, pool, seed } = training
  const [first] = team
  if (first === undefined) throw new Error("bug: a team has a member")
  const stepped = yield* stepper(team, training, from === undefined ? undefined : saves?.file)
  const anchor = Objective.anchorOf(objective)

  let done = from ?? 0
  let saved = { steps: done, at: yield* Clock.currentTimeMillis, took: 0 }
  const save = Effect.gen(function* () {
    if (saves === undefined || saved.steps === done) return
    const start = yield* Clock.currentTimeMillis
    yield* first
      .run({ _tag: "Save", file: saves.file, label: { of: saves.of, steps: done } })
      .pipe(Effect.catch(onUnsaved))
    const at = yield* Clock.currentTimeMillis
    saved = { steps: done, at, took: at - start }
  })
  const step = Effect.gen(function* () {
    const problems = problemsOfStep(pool, options.promptsPerStep, done, Seed.child(seed, "order"))
    const outcome = yield* stepped(problems, done, Seed.child(Seed.child(seed, "rollouts"), done))
    if (outcome._tag === "Diverged") return outcome
    yield* onStep(outcome.metrics)
    if (anchor._tag === "Moving" && (done + 1) % anchor.every === 0)
      yield* byAll(team, (member) =>
        member.run({ _tag: "MoveReference", resetsOptimiser: anchor.resetsOptimiser }),
      )
    done++
    const sinceLast = (yield* Clock.currentTimeMillis) - saved.at
    if (done < options.schedule.steps && isDue(saves?.every, done, sinceLast / 1000, saved.took / 1000))
      yield* save
    return undefined
  })
  return yield* Effect.gen(function* () {
    let diverged: Divergence | undefined
    while (done < options.schedule.steps && diverged === undefined) diverged = yield* whole(step)
    yield* whole(first.run({ _tag: "Keep", folder, baseName }))
    return diverged
  }).pipe(
    Effect.onInterrupt(() => save),
    Effect.tap(() => byAll(team, (member) => member.run({ _tag: "Leave" }))),
  )
})

/** Makes the replicas; the result does a step. */
const stepper = Effect.fnUntraced(function* (
  team: Team,
  { assignment, model, base, objective, options, seed }: ArmTraining,
  save: string | undefined,
) {
  const { memory, lora } = options
  const own = Seed.child(seed, "adapter")
  const [shapes] = yield* byAll(team, (member) =>
    member.run({ _tag: "Join", assignment, model, base, objective, memory, lora, seed: own, save }),
  )
  const [alone, other] = team
  if (alone === undefined || shapes === undefined) throw new Error("bug: a team has a member")
  if (other === undefined)
    return (
      problems: ReadonlyArray<Problem>,
      step: number,
      seed: Seed.Seed,
    ): Effect.Effect<StepOutcome, WorkerError> => alone.run({ _tag: "Step", options, problems, step, seed })
  const sum = sharedZeros(shapes)
  const learner = { config: model.config, objective, memory }
  return (problems: ReadonlyArray<Problem>, step: number, seed: Seed.Seed) =>
    stepTogether(team, sum, learner, options, problems, step, seed)
})

/**
 * An interruption waits for the end. Within, whatever waits for one that has failed is given up as ever: that is why it is a fiber
 * of its own.
 */
const whole = <A, E>(effect: Effect.Effect<A, E>): Effect.Effect<A, E> =>
  Effect.uninterruptible(Effect.flatMap(Effect.forkChild(effect), Fiber.join))

/** Memory that threads share, for one sum of gradients. */
const sharedZeros = (shapes: ReadonlyMap<string, ReadonlyArray<number>>): HostParameters =>
  new Map(
    [...shapes].map(([name, shape]) => {
      const bytes = Float32Array.BYTES_PER_ELEMENT * shape.reduce((a, b) => a * b, 1)
      return [name, { shape, values: new Float32Array(new SharedArrayBuffer(bytes)) }]
    }),
  )
