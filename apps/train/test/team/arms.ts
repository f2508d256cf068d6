/** Short arms for tests of teams and saves: the shipped base, which solves some problems, on some of Countdown's. */
import { Seed } from "@rapo/distributions"
import { Rapo, Regulariser, type Objective } from "@rapo/rapo"
import { Effect } from "effect"
import { fileURLToPath } from "node:url"
import { readCheckpoint } from "../../src/model/Checkpoint.ts"
import { type Lora, targets } from "../../src/model/lora/Lora.ts"
import { Countdown } from "../../src/tasks/Countdown.ts"
import type { Problem } from "../../src/tasks/Task.ts"
import { type ArmTraining, type Listener, reinforceTogether } from "../../src/team/reinforceTogether.ts"
import type { Keeping } from "../../src/team/stepByStep.ts"
import type { Team } from "../../src/team/Team.ts"
import type { StepMetrics } from "../../src/training/Judged.ts"
import type { ArmOptions, Divergence } from "../../src/training/reinforce.ts"
import { armOptions } from "../armOptions.ts"
import { run } from "../model/checkpoint/folders.ts"

export const shipped: string = fileURLToPath(new URL("../../checkpoints/countdown-base", import.meta.url))

const base = await run(readCheckpoint(shipped))

/** A problem of Countdown for each level, typical of it. Unequal levels have prompts of unequal length. */
export const problemsOf = (...levels: ReadonlyArray<string>): ReadonlyArray<Problem> =>
  levels.map((level, i) => Countdown.draw(level, Seed.child(Seed.fromInteger(8), i), "typical"))

export const lora: Lora = { rank: 2, alpha: 4, targets, rankStabilised: false }

/** A reference that moves at every other step, and takes the optimiser's memory along. */
export const moving: Objective.Objective = {
  ...Rapo.rapo,
  regulariser: Regulariser.exact("reverse", 1e-2, {
    anchor: { _tag: "Moving", every: 2, resetsOptimiser: true },
  }),
}

/**
 * At 1e-3 two steps are enough for the whole model to lose its legal answers, and where then the reference moves there is no
 * gradient: a save would have nothing to change.
 */
const options = armOptions({
  optimiser: { weightDecay: 0.01 },
  schedule: { learningRate: 2e-4, warmupSteps: 2, steps: 5 },
  groupSize: 4,
  promptsPerStep: 3,
  memory: { microBatch: 4, samplingBatch: 4 },
})

/** An arm of five steps. */
export const armOf = (objective: Objective.Objective, own: Partial<ArmOptions> = {}): ArmTraining => ({
  assignment: { _tag: "Task", name: Countdown.name },
  model: base,
  base: { _tag: "InMemory", parameters: base.parameters },
  objective,
  options: { ...options, ...own },
  pool: problemsOf("n3", "n4", "n3", "n4"),
  seed: Seed.fromInteger(10),
})

/** What of an arm's training was heard: its steps, and the saves that could not be made. */
export interface Heard {
  readonly steps: Array<StepMetrics>
  readonly unsaved: Array<string>
}

/** Trains an arm; `heard` is filled as it goes. */
export const trained = (
  team: Team,
  arm: ArmTraining,
  keeping: Omit<Keeping, "baseName">,
  heard: Heard = { steps: [], unsaved: [] },
  onStep: Listener["onStep"] = () => Effect.void,
): Effect.Effect<Divergence | undefined, unknown> =>
  reinforceTogether(
    team,
    arm,
    { ...keeping, baseName: shipped },
    {
      onStep: (metrics) =>
        Effect.andThen(
          Effect.sync(() => void heard.steps.push(metrics)),
          onStep(metrics),
        ),
      onUnsaved: ({ message }) => Effect.sync(() => void heard.unsaved.push(message)),
    },
  )
