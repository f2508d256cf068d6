/**
 * The whole of RLVR for one arm by a team of workers: `training/reinforce.ts`, each member with a replica.
 *
 *     reinforceTogether(a team of any size, …) = reinforce(…)
 *
 * Who fails, fails the arm; whoever is interrupted lets go of the members, and a replica that is left is freed when its worker
 * joins another team, or ends. Nobody waits for anybody but through the main thread, so nothing is left waiting.
 */
import { Seed } from "@rapo/distributions"
import { Objective } from "@rapo/rapo"
import { Effect } from "effect"
import type { WorkerError } from "../errors.ts"
import type { Checkpoint, HostParameters } from "../model/Checkpoint.ts"
import type { Problem } from "../tasks/Task.ts"
import type { StepMetrics } from "../training/Judged.ts"
import { type ArmOptions, type Reinforced, problemsOfStep } from "../training/reinforce.ts"
import type { Assignment } from "../workers/Assignment.ts"
import { type Team, byAll } from "./Team.ts"
import { stepTogether } from "./stepTogether.ts"

/** See the module header. `onStep` hears of every step. */
export const reinforceTogether = Effect.fn("reinforceTogether")(function* (
  team: Team,
  assignment: Assignment,
  checkpoint: Checkpoint,
  objective: Objective.Objective,
  options: ArmOptions,
  pool: ReadonlyArray<Problem>,
  seed: Seed.Seed,
  onStep: (metrics: StepMetrics) => void,
): Effect.fn.Return<Reinforced, WorkerError> {
  const { memory, lora, promptsPerStep, schedule } = options
  const [shapes] = yield* byAll(team, (member) =>
    member.run({
      _tag: "Join",
      assignment,
      checkpoint,
      objective,
      memory,
      lora,
      seed: Seed.child(seed, "adapter"),
    }),
  )
  if (shapes === undefined) throw new Error("bug: a team has a member")
  const sum = sharedZeros(shapes)
  const learner = { config: checkpoint.config, objective, memory }
  const anchor = Objective.anchorOf(objective)
  let diverged: Reinforced["diverged"]
  for (let step = 0; step < schedule.steps && diverged === undefined; step++) {
    const problems = problemsOfStep(pool, promptsPerStep, step, Seed.child(seed, "order"))
    const own = Seed.child(Seed.child(seed, "rollouts"), step)
    const outcome = yield* stepTogether(team, sum, learner, options, problems, step, own)
    if (outcome._tag === "Diverged") {
      diverged = { step, loss: outcome.loss, gradientNorm: outcome.gradientNorm }
    } else {
      onStep(outcome.metrics)
      if (anchor._tag === "Moving" && (step + 1) % anchor.every === 0)
        yield* byAll(team, (member) =>
          member.run({ _tag: "MoveReference", resetsOptimiser: anchor.resetsOptimiser }),
        )
    }
  }
  const [parameters] = yield* byAll(team, (member) =>
    member.run({ _tag: "Leave", tellsLearnt: member === team[0] }),
  )
  if (parameters === undefined) throw new Error("bug: the first member tells")
  return { parameters, diverged }
})

/** Memory that threads share, for one sum of gradients. */
const sharedZeros = (shapes: ReadonlyMap<string, ReadonlyArray<number>>): HostParameters =>
  new Map(
    [...shapes].map(([name, shape]) => {
      const bytes = Float32Array.BYTES_PER_ELEMENT * shape.reduce((a, b) => a * b, 1)
      return [name, { shape, values: new Float32Array(new SharedArrayBuffer(bytes)) }]
    }),
  )
