/** Teams of worker threads: the same numbers as one worker, members that die, interruption, and teams that wait for each other. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Seed } from "@rapo/distributions"
import { Rapo } from "@rapo/rapo"
import { Effect, Fiber, ManagedRuntime } from "effect"
import { Worker } from "node:worker_threads"
import { afterAll, describe, expect, it, vi } from "vitest"
import { describeModel, readCheckpoint } from "../../src/model/Checkpoint.ts"
import { reinforceTogether } from "../../src/team/reinforceTogether.ts"
import { Countdown } from "../../src/tasks/Countdown.ts"
import type { StepMetrics } from "../../src/training/Judged.ts"
import { Workers } from "../../src/workers/Workers.ts"
import type { Assignment } from "../../src/workers/Assignment.ts"
import { armOptions } from "../armOptions.ts"
import { freshFolder, scratchFolder } from "../rapo.ts"
import { problemsOf, shipped } from "./arms.ts"

/** Threads start slowly where many tests run at once. */
const patience = 180_000

const scratch = scratchFolder("rapo-threads-")
const base = await Effect.runPromise(describeModel(shipped).pipe(Effect.provide(NodeServices.layer)))
const assignment: Assignment = { _tag: "Task", name: Countdown.name }
const problems = problemsOf("n3", "n4", "n3", "n4", "n3", "n3")
const options = armOptions({
  optimiser: { weightDecay: 0.01 },
  schedule: { learningRate: 1e-3, steps: 2 },
  groupSize: 4,
  memory: { microBatch: 4, samplingBatch: 4 },
})
const own = Seed.fromInteger(9)

const pool = ManagedRuntime.make(Workers.on({ engine: "wasm", workers: 3 }))
afterAll(() => pool.dispose())

/** What an arm on so many members of the pool comes to. */
const training = (
  members: number,
  onStep: (metrics: StepMetrics) => void = () => undefined,
  steps = options.schedule.steps,
  asked: Assignment = assignment,
) =>
  Effect.gen(function* () {
    const workers = yield* Workers
    const team = yield* workers.team(members)
    const folder = freshFolder(scratch)
    const diverged = yield* reinforceTogether(
      team,
      {
        assignment: asked,
        model: base,
        base: { _tag: "Folder", folder: shipped },
        objective: Rapo.rapo,
        options: { ...options, schedule: { ...options.schedule, steps } },
        pool: problems,
        seed: own,
      },
      { folder, baseName: shipped },
      {
        onStep: (metrics) => Effect.sync(() => onStep(metrics)),
        onUnsaved: (error) => Effect.die(error),
      },
    )
    const { parameters } = yield* readCheckpoint(folder).pipe(Effect.provide(NodeServices.layer))
    return { diverged, parameters }
  }).pipe(Effect.scoped)

const alone = training(1)

describe("teams of threads", () => {
  it(
    "of 2 and 3 do what one worker does, bit for bit",
    async () => {
      const one = await pool.runPromise(alone)
      for (const members of [2, 3]) expect(await pool.runPromise(training(members))).toEqual(one)
    },
    patience,
  )

  it(
    "that want more than is free wait for each other and for jobs, and all come to their end",
    async () => {
      const started = [training(2), alone, training(3), training(2), alone]
      const all = await pool.runPromise(Effect.all(started, { concurrency: "unbounded" }))
      for (const each of all) expect(each).toEqual(all[0])
    },
    patience,
  )

  it(
    "let go of their members when they are interrupted",
    async () => {
      await pool.runPromise(
        Effect.gen(function* () {
          let steps = 0
          const fiber = yield* Effect.forkChild(training(3, () => void steps++, 1_000_000))
          yield* Effect.sleep(20).pipe(Effect.repeat({ while: () => steps === 0 }))
          yield* Fiber.interrupt(fiber)
        }),
      )
      // All three workers are free, and what they were asked before is not taken for an answer.
      expect(await pool.runPromise(training(3))).toEqual(await pool.runPromise(alone))
    },
    patience,
  )
})

describe("a member that dies", () => {
  /** What training says when its second member is ended in its midst, and again on the pool that is left. */
  it(
    "fails the arm with a message, at once and for whoever asks again",
    async () => {
      const spawned = vi.spyOn(Worker.prototype, "postMessage")
      const mortal = ManagedRuntime.make(Workers.on({ engine: "wasm", workers: 2 }))
      try {
        const dying = Effect.gen(function* () {
          let steps = 0
          const fiber = yield* Effect.forkChild(training(2, () => void steps++, 1_000_000))
          yield* Effect.sleep(20).pipe(Effect.repeat({ while: () => steps === 0 }))
          yield* Effect.promise(() => (spawned.mock.contexts.at(-1) as Worker).terminate())
          return yield* Effect.flip(Fiber.join(fiber))
        })
        expect(await mortal.runPromise(dying)).toMatchObject({
          _tag: "WorkerError",
          message: "a worker thread failed: it ended with exit code 1",
        })
        expect(await mortal.runPromise(Effect.flip(training(2)))).toMatchObject({
          _tag: "WorkerError",
          message: "a worker thread failed: it had ended before",
        })
      } finally {
        spawned.mockRestore()
        await mortal.dispose()
      }
    },
    patience,
  )

  it(
    "of an exception fails the arm with it",
    async () => {
      const unfit: Assignment = { _tag: "Task", name: "no-such-task" }
      const broken = Effect.flip(training(2, undefined, 1, unfit))
      expect(await pool.runPromise(broken)).toMatchObject({
        message: expect.stringContaining("no task no-such-task") as string,
      })
    },
    patience,
  )
})
