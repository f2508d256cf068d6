/**
 * The whole of RLVR for one arm by a team of workers, each with a replica: from the base model, or a save, step by step to a
 * trained policy, which is written to its folder.
 *
 *     (step → record → move the reference? → save?)* → keep     (`stepByStep.ts`)
 *
 * Problems come in epochs, each a fresh shuffle of the pool; order and sampling seeds do not depend on the objective, so arms
 * differ by their objective alone, nor on what was before, so a save is gone on from as if nothing had happened:
 *
 *     a team of any size = a team of one;    n steps, saved, and m more = n + m steps
 *
 * Nobody waits for anybody but through the main thread, so nothing is left waiting.
 */
import { Seed } from "@rapo/distributions"
import { Objective } from "@rapo/rapo"
import { Effect } from "effect"
import type { RunFolderError, WorkerError } from "../errors.ts"
import type { HostParameters, ModelDescription, ParametersSource } from "../model/Checkpoint.ts"
import type { Problem } from "../tasks/Task.ts"
import type { StepMetrics } from "../training/Judged.ts"
import { type ArmOptions, type Divergence, problemsOfStep } from "../training/reinforce.ts"
import type { Assignment } from "../workers/Assignment.ts"
import type { StepOutcome } from "./MemberJob.ts"
import { type Team, byAll } from "./Team.ts"
import { type Keeping, type OnUnsaved, stepByStep } from "./stepByStep.ts"
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

/** Who hears of what happens. */
export interface Listener {
  /** Of every step, before it is saved. */
  readonly onStep: (metrics: StepMetrics) => Effect.Effect<void, RunFolderError>
  readonly onUnsaved: OnUnsaved
}

// combinators

/** See the module header. The result tells where a number was not finite. */
export const reinforceTogether = Effect.fn("reinforceTogether")(function* (
  team: Team,
  training: ArmTraining,
  keeping: Keeping,
  { onStep, onUnsaved }: Listener,
): Effect.fn.Return<Divergence | undefined, WorkerError | RunFolderError> {
  const { objective, options, pool, seed } = training
  const stepped = yield* stepper(team, training, keeping.from === undefined ? undefined : keeping.saves?.file)
  const anchor = Objective.anchorOf(objective)

  const step = Effect.fnUntraced(function* (at: number) {
    const problems = problemsOfStep(pool, options.promptsPerStep, at, Seed.child(seed, "order"))
    const outcome = yield* stepped(problems, at, Seed.child(Seed.child(seed, "rollouts"), at))
    if (outcome._tag === "Diverged") return outcome
    yield* onStep(outcome.metrics)
    if (anchor._tag === "Moving" && (at + 1) % anchor.every === 0)
      yield* byAll(team, (member) =>
        member.run({ _tag: "MoveReference", resetsOptimiser: anchor.resetsOptimiser }),
      )
    return undefined
  })
  return yield* stepByStep(team, options.schedule.steps, keeping, step, onUnsaved)
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

/** Memory that threads share, for one sum of gradients. */
const sharedZeros = (shapes: ReadonlyMap<string, ReadonlyArray<number>>): HostParameters =>
  new Map(
    [...shapes].map(([name, shape]) => {
      const bytes = Float32Array.BYTES_PER_ELEMENT * shape.reduce((a, b) => a * b, 1)
      return [name, { shape, values: new Float32Array(new SharedArrayBuffer(bytes)) }]
    }),
  )
