/** A team does what one worker does, whatever its size: the same numbers, on the shipped model, which solves some problems. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Seed } from "@rapo/distributions"
import { Grpo, type Objective, Objectives, Rapo, Regulariser } from "@rapo/rapo"
import * as tf from "@tensorflow/tfjs-core"
import { Effect } from "effect"
import { describe, expect, it } from "vitest"
import { type Checkpoint, type HostParameters, readCheckpoint } from "../../src/model/Checkpoint.ts"
import { type Lora, targets } from "../../src/model/lora/Lora.ts"
import { type ArmTraining, type Listener, reinforceTogether } from "../../src/team/reinforceTogether.ts"
import type { MemberJob } from "../../src/team/MemberJob.ts"
import { type Replica, makeReplica } from "../../src/team/Replica.ts"
import type { Team } from "../../src/team/Team.ts"
import { Countdown } from "../../src/tasks/Countdown.ts"
import type { StepMetrics } from "../../src/training/Judged.ts"
import type { ArmOptions } from "../../src/training/reinforce.ts"
import { type Assignment, settingOf } from "../../src/workers/Assignment.ts"
import { armOptions } from "../armOptions.ts"
import "../engine.ts"
import { freshFolder, scratchFolder } from "../rapo.ts"
import { isClose } from "../closeness.ts"
import { hasSameParameters } from "../model/checkpoint/folders.ts"
import { type Reinforced, reinforce } from "../training/reinforceAlone.ts"
import { problemsOf, shipped } from "./arms.ts"
import { asked, teamOf } from "./inProcess.ts"
import { keptIn } from "./kept.ts"

const base: Checkpoint = await Effect.runPromise(
  readCheckpoint(shipped).pipe(Effect.provide(NodeServices.layer)),
)
const scratch = scratchFolder("rapo-team-")
const assignment: Assignment = { _tag: "Task", name: Countdown.name }

const problems = problemsOf("n3", "n4", "n3", "n4", "n3")

const options = armOptions({
  optimiser: { weightDecay: 0.01 },
  schedule: { learningRate: 1e-3, steps: 2 },
  groupSize: 6,
  // With groups of six, five shards and five portions a step: uneven for two members and for three.
  promptsPerStep: 3,
  memory: { microBatch: 4, samplingBatch: 4 },
})

const lora: Lora = { rank: 4, alpha: 8, targets, rankStabilised: false }

/** All that training says. */
interface Story {
  readonly result: Reinforced
  readonly metrics: ReadonlyArray<StepMetrics>
  /** Tensors after each step. */
  readonly tensors: ReadonlyArray<number>
}

const listening = (): Omit<Story, "result"> & { readonly onStep: (metrics: StepMetrics) => void } => {
  const metrics: Array<StepMetrics> = []
  const tensors: Array<number> = []
  return {
    metrics,
    tensors,
    onStep: (step) => {
      metrics.push(step)
      tensors.push(tf.memory().numTensors)
    },
  }
}

const own = Seed.fromInteger(9)

/** By name: an adapter's file has its own order. */
const sorted = (parameters: HostParameters): HostParameters =>
  new Map([...parameters].toSorted(([a], [b]) => (a < b ? -1 : 1)))

const listener = (onStep: (metrics: StepMetrics) => void): Listener => ({
  onStep: (metrics) => Effect.sync(() => onStep(metrics)),
  onUnsaved: (error) => Effect.die(error),
})

const alone = (objective: Objective.Objective, how: ArmOptions): Story => {
  const { onStep, ...heard } = listening()
  const setting = settingOf(assignment, base)
  const result = reinforce(setting, objective, how, base.parameters, problems, own, onStep)
  return { result, ...heard }
}

const together = async (team: Team, objective: Objective.Objective, how: ArmOptions): Promise<Story> => {
  const { onStep, ...heard } = listening()
  const folder = freshFolder(scratch)
  const training: ArmTraining = {
    assignment,
    model: base,
    base: { _tag: "InMemory", parameters: base.parameters },
    objective,
    options: how,
    pool: problems,
    seed: own,
  }
  const diverged = await Effect.runPromise(
    reinforceTogether(team, training, { folder, baseName: shipped }, listener(onStep)),
  )
  const { step, loss, gradientNorm } = diverged ?? { step: 0, loss: 0, gradientNorm: 0 }
  return {
    result: {
      parameters: await keptIn(folder, base.config, how.lora !== undefined),
      diverged: diverged && { step, loss, gradientNorm },
    },
    ...heard,
  }
}

const moving: Objective.Objective = {
  ...Rapo.rapo,
  regulariser: Regulariser.exact("reverse", 1e-2, {
    anchor: { _tag: "Moving", every: 1, resetsOptimiser: true },
  }),
}

const cases: ReadonlyArray<readonly [string, Objective.Objective, ArmOptions]> = [
  ["RAPO", Rapo.rapo, options],
  ["GRPO, two updates on a batch", Grpo.grpo, { ...options, updatesPerBatch: 2 }],
  ["LoRA", Rapo.rapo, { ...options, lora }],
  [
    "LoRA, layer by layer",
    Grpo.grpo,
    { ...options, lora, memory: { ...options.memory, checkpointsLayers: true } },
  ],
  [
    "shards smaller than a group, portions larger",
    Rapo.rapo,
    { ...options, memory: { microBatch: 3, samplingBatch: 8 } },
  ],
  [
    "an objective of whole groups",
    Objectives.all.pacs,
    { ...options, memory: { microBatch: 1, samplingBatch: 1 } },
  ],
  ["a moving anchor", moving, options],
  ["one shard and one portion", Rapo.rapo, { ...options, memory: undefined }],
]

describe.each(cases)("%s", (_, objective, how) => {
  it("1 worker = 2 = 3 workers, bit for bit, with a constant number of tensors", async () => {
    const one = alone(objective, how)
    expect(one.metrics.length).toBe(2)
    expect(one.metrics.every(({ gradientNorm }) => gradientNorm > 0)).toBe(true)
    for (const members of [1, 2, 3]) {
      const before = tf.memory().numTensors
      const many = await together(teamOf(members), objective, how)
      expect(tf.memory().numTensors).toBe(before)
      expect(new Set(many.tensors).size).toBe(1)
      expect(many.metrics).toEqual(one.metrics)
      expect(many.result.diverged).toEqual(one.result.diverged)
      expect(hasSameParameters(sorted(many.result.parameters), sorted(one.result.parameters))).toBe(true)
    }
  })
})

describe("a team", () => {
  it("adds gradients in the order of the shards, whoever is quicker", async () => {
    const one = alone(Rapo.rapo, options)
    // The first member dawdles over every gradient, so that later shards are ready before earlier ones.
    const late = teamOf(3, undefined, ({ _tag }, member) =>
      _tag === "Differentiate" && member === 0 ? 300 : 0,
    )
    expect((await together(late, Rapo.rapo, options)).result).toEqual(one.result)
  })

  it("differs by rounding where a layer's gradient comes in parts", async () => {
    const how = { ...options, memory: { ...options.memory, checkpointsLayers: true } }
    const one = alone(Rapo.rapo, { ...how, schedule: { ...how.schedule, steps: 1 } })
    const two = await together(teamOf(2), Rapo.rapo, { ...how, schedule: { ...how.schedule, steps: 1 } })
    expect(isClose(Object.values(two.metrics[0] ?? {}), Object.values(one.metrics[0] ?? {}))).toBe(true)
  })

  it("ends before a number that is not finite, with every replica as it was", async () => {
    const poisoned = teamOf(2, async (job, _, answer) => {
      const told = await answer()
      if (job._tag === "Contribute") job.sum.forEach(({ values }) => values.fill(NaN))
      return told
    })
    const before = tf.memory().numTensors
    const { result, metrics } = await together(poisoned, Rapo.rapo, options)
    expect(tf.memory().numTensors).toBe(before)
    expect(metrics).toEqual([])
    expect(result.diverged).toMatchObject({ step: 0, gradientNorm: NaN })
    expect(result.parameters).toEqual(base.parameters)
  })

  it("fails with the member that fails, and nobody is left waiting for it", async () => {
    for (const tag of ["Join", "Collect", "Recall", "Differentiate", "Contribute", "Descend", "Leave"]) {
      const failing = teamOf(3, (job, member, answer) => {
        if (job._tag === tag && member === 1) throw new Error(`member ${member} died at ${tag}`)
        return answer()
      })
      const how = { ...options, updatesPerBatch: 2 }
      await expect(together(failing, Rapo.rapo, how)).rejects.toThrow(`member 1 died at ${tag}`)
    }
  })
})

describe("a replica", () => {
  const join = {
    _tag: "Join",
    assignment,
    model: base,
    base: { _tag: "InMemory", parameters: base.parameters },
    objective: Rapo.rapo,
    memory: undefined,
    lora,
    seed: own,
    save: undefined,
  } as const
  const tensorsAfter = async (replica: Replica, job: MemberJob): Promise<number> => {
    const before = tf.memory().numTensors
    await asked(replica, job)
    return tf.memory().numTensors - before
  }

  it("that is left is freed when its worker joins again", async () => {
    const replica = makeReplica()
    const first = await tensorsAfter(replica, join)
    const again = await tensorsAfter(replica, join)
    const left = await tensorsAfter(replica, { _tag: "Leave" })
    expect([first > 0, again, left]).toEqual([true, 0, -first])
  })

  it("is asked in order, or it is a bug", async () => {
    const replica = makeReplica()
    await expect(asked(replica, { _tag: "Leave" })).rejects.toThrow("bug: Leave before Join")
    await asked(replica, join)
    const early: MemberJob = { _tag: "Contribute", sum: new Map(), isFirst: true }
    await expect(asked(replica, early)).rejects.toThrow("bug: ")
    await expect(asked(replica, { _tag: "Pretrain", step: 0 })).rejects.toThrow("bug: Pretrain is asked of")
    await asked(replica, { _tag: "Leave" })
  })
})
