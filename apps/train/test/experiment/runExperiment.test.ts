/** The whole way of an experiment, on worker threads, with a base that is made and one that is read. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Seed } from "@rapo/distributions"
import { Deferred, Effect, Fiber, Layer, ManagedRuntime } from "effect"
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import * as path from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { Progress, make } from "../../src/cli/Progress.ts"
import { readExperiment } from "../../src/config/readExperiment.ts"
import { runExperiment } from "../../src/experiment/runExperiment.ts"
import { writeReport } from "../../src/experiment/writeReport.ts"
import { readCheckpoint, writeCheckpoint } from "../../src/model/Checkpoint.ts"
import { openRunFolder, readMetrics, readSummary } from "../../src/storage/RunFolder.ts"
import type { Summary } from "../../src/storage/Summary.ts"
import { Countdown } from "../../src/tasks/Countdown.ts"
import type { Task } from "../../src/tasks/Task.ts"
import { Workers } from "../../src/workers/Workers.ts"
import "../engine.ts"
import { settingOf } from "../configs.ts"
import { checkpointOf } from "../models.ts"
import { type TinyOptions, writeTinyExperiment } from "../tinyExperiment.ts"

const scratch = mkdtempSync(path.join(tmpdir(), "rapo-run-"))
afterAll(() => rmSync(scratch, { recursive: true }))

const fresh = (): string => mkdtempSync(path.join(scratch, "r-"))

/** One pool of two workers for all tests: starting a pool takes seconds. */
const pool = ManagedRuntime.make(
  Layer.mergeAll(Workers.on({ engine: "wasm", workers: 2 }), NodeServices.layer),
)
afterAll(() => pool.dispose())

/** The experiment as an effect that still needs its progress display and its workers. */
const running = (parent: string, options: TinyOptions = {}) =>
  Effect.gen(function* () {
    const file = writeTinyExperiment(parent, options)
    const experiment = yield* readExperiment(file)
    return yield* runExperiment({
      experiment,
      file,
      replaced: { quick: false },
      place: { _tag: "New", parent },
    })
  })

const run = (parent: string, options: TinyOptions = {}): Promise<string> =>
  pool.runPromise(running(parent, options).pipe(Effect.provide(Progress.layerSilent)))

const summaryOf = (folder: string): Promise<Summary> => pool.runPromise(readSummary(folder))

/** All but what may differ between two equal runs. */
const lasting = ({ times: _, engine, ...rest }: Summary): unknown => ({ ...rest, engine: engine.name })

/** Of means of float32 log-probabilities. */
const rounding = 1e-6

describe("an experiment", () => {
  let parent: string
  let folder: string
  let summary: Summary
  beforeAll(async () => {
    parent = fresh()
    folder = await run(parent)
    summary = await summaryOf(folder)
  }, 60_000)

  it("judges the base and every arm on every set", () => {
    expect(summary).toMatchObject({
      status: "complete",
      name: "tiny",
      quick: false,
      seed: 5,
      base: { source: "pretrained" },
      engine: { name: "wasm", workers: 2 },
    })
    expect(summary.arms.map(({ family }) => family)).toEqual(["base", "no KL", "RAPO"])
    expect(summary.sets.map(({ set }) => set)).toEqual(["n3", "n4", "hard"])
    expect(summary.sets.slice(0, 2).map(({ problems }) => problems)).toEqual([18, 4])
    for (const arm of summary.arms) {
      expect(arm.sets.map(({ set }) => set)).toEqual(["n3", "n4", "hard"])
      for (const { set, pass, difference, counts } of arm.sets) {
        expect(pass.k).toEqual([1, 2, 4, 8])
        expect(difference === null).toBe(
          arm.family === "base" && set !== "hard" ? true : arm.family === "base",
        )
        expect(counts.length).toBe(summary.sets.find((described) => described.set === set)?.problems)
        const passAt1 = counts.reduce((sum, { correct }) => sum + correct, 0) / (8 * counts.length)
        expect(pass.points[0]?.mean).toBeCloseTo(passAt1, 12)
        for (const { mean, low, high } of pass.points) {
          expect(low <= mean && mean <= high && low >= 0 && high <= 1).toBe(true)
        }
      }
    }
  })

  it("says how Hard came to be", () => {
    expect(summary.hard).toMatchObject({ candidates: 6, samples: 8 })
    expect(summary.hard?.problems).toBe(summary.sets.find(({ set }) => set === "hard")?.problems)
  })

  it("finds the base at no distance from itself, and RAPO at some", () => {
    const distances = summary.arms.map(({ family, diagnostics }) => [family, diagnostics] as const)
    for (const [family, { klPolicyBase, klBasePolicy }] of distances) {
      if (family === "base") expect(Math.abs(klPolicyBase) + Math.abs(klBasePolicy)).toBeLessThan(rounding)
      // Wrong answers, too, draw RAPO to its reweighted reference: it moves where rewards alone would not.
      if (family === "RAPO") expect(Math.min(klPolicyBase, klBasePolicy)).toBeGreaterThan(rounding)
    }
  })

  it("records the configuration, then a line for every step of every arm", async () => {
    const lines = readFileSync(path.join(folder, "metrics.ndjson"), "utf8").trimEnd().split("\n")
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({ configuration: { name: "tiny" }, engine: "wasm" })
    const metrics = await pool.runPromise(readMetrics(folder))
    expect([lines.length, metrics.length]).toEqual([1 + 2 * 3, 2 * 3])
    for (const { name } of summary.arms.slice(1)) {
      expect(metrics.filter(({ arm }) => arm === name).map(({ step }) => step)).toEqual([0, 1, 2])
    }
  })

  it("keeps base and trained policies as checkpoints that can be read", async () => {
    const names = readdirSync(path.join(folder, "checkpoints"))
    expect(names.toSorted()).toEqual(["base", ...summary.arms.slice(1).map(({ name }) => name)].toSorted())
    for (const name of names) {
      const { config } = await pool.runPromise(readCheckpoint(path.join(folder, "checkpoints", name)))
      expect(config.hidden_size).toBe(16)
    }
  })

  it("draws a self-contained report and a picture, and draws the same again", async () => {
    const report = readFileSync(path.join(folder, "report.html"), "utf8")
    const picture = readFileSync(path.join(folder, "passk.png"))
    expect(report).toContain("<svg")
    expect(report).not.toMatch(/(?:src|href)\s*=\s*"https?:/)
    expect([...picture.subarray(0, 4)]).toEqual([0x89, 0x50, 0x4e, 0x47])
    await pool.runPromise(openRunFolder(folder).pipe(Effect.flatMap(writeReport)))
    expect(readFileSync(path.join(folder, "report.html"), "utf8")).toBe(report)
    expect(readFileSync(path.join(folder, "passk.png")).equals(picture)).toBe(true)
    expect(readdirSync(folder).filter((name) => name.endsWith(".part"))).toEqual([])
  })

  it("gives the same summary again, on one worker as on two", async () => {
    const alone = running(fresh()).pipe(
      Effect.provide([Workers.on({ engine: "wasm", workers: 1 }), Progress.layerSilent]),
    )
    expect(lasting(await summaryOf(await pool.runPromise(alone)))).toEqual(lasting(summary))
  })

  it("starts from a checkpoint where there is one, with the same result", async () => {
    const again = fresh()
    const checkpoint = path.relative(again, path.join(folder, "checkpoints", "base"))
    const from = await summaryOf(await run(again, { checkpoint }))
    expect(from.base).toMatchObject({
      source: "checkpoint",
      path: checkpoint,
      parameters: summary.base.parameters,
    })
    expect(from.arms).toEqual(summary.arms)
  })
})

describe("a base that cannot be used is refused before any work", () => {
  /** How a run fails that starts from a checkpoint of a task, changed. */
  const refusal = async (task: Task, change: (folder: string) => void): Promise<unknown> => {
    const parent = fresh()
    const folder = path.join(parent, "base")
    const setting = settingOf(task, { max_position_embeddings: 40 })
    await pool.runPromise(writeCheckpoint(folder, checkpointOf(setting, Seed.fromInteger(1))))
    change(folder)
    const failing = running(parent, { checkpoint: "base" }).pipe(Effect.provide(Progress.layerSilent))
    return pool.runPromise(Effect.flip(failing))
  }
  const replaceInConfig = (from: string | RegExp, to: string) => (folder: string) => {
    const file = path.join(folder, "config.json")
    writeFileSync(file, readFileSync(file, "utf8").replace(from, to))
  }

  it.each<readonly [string, Task, (folder: string) => void, string, RegExp]>([
    ["another architecture", Countdown, replaceInConfig('"qwen2"', '"gpt2"'), "model_type", /"gpt2"/],
    [
      "another task's tokens",
      { ...Countdown, alphabet: Countdown.alphabet.slice(1) },
      () => undefined,
      "tokenizer.json",
      /no tokens for/,
    ],
    [
      "a context that is too short",
      Countdown,
      replaceInConfig(/"max_position_embeddings": \d+/, '"max_position_embeddings": 4'),
      "config.json",
      /the task needs/,
    ],
  ])("%s", async (_, task, change, field, problem) => {
    expect(await refusal(task, change)).toMatchObject({
      _tag: "CheckpointError",
      field,
      problem: expect.stringMatching(problem) as string,
    })
  })
})

describe("an interrupted experiment", () => {
  it("keeps what was judged, and says that it is not all", async () => {
    const parent = fresh()
    const said: Array<string> = []
    const silent = make(
      () => undefined,
      false,
      () => 0,
    )
    await pool.runPromise(
      Effect.gen(function* () {
        const isJudging = yield* Deferred.make<void>()
        const listening = Layer.succeed(Progress, {
          say: (text) => Effect.sync(() => void said.push(text)),
          stage: (label, unit, total, use) =>
            silent.stage(label, unit, total, (advance) =>
              label === "judging"
                ? Deferred.succeed(isJudging, undefined).pipe(Effect.andThen(use(advance)))
                : use(advance),
            ),
        })
        const fiber = yield* Effect.forkChild(running(parent).pipe(Effect.provide(listening)))
        yield* Deferred.await(isJudging)
        yield* Fiber.interrupt(fiber)
      }),
    )
    const name = readdirSync(parent).find((entry) => entry.startsWith("tiny-")) ?? ""
    const summary = await summaryOf(path.join(parent, name))
    expect(summary.status).toBe("interrupted")
    expect(summary.arms[0]?.family).toBe("base")
    expect(summary.arms.length).toBeLessThan(3)
    expect(existsSync(path.join(parent, name, "report.html"))).toBe(true)
    expect(said.at(-1)).toMatch(/^interrupted: /)
  })
})
