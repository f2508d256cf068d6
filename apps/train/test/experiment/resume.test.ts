/** Runs that are killed or interrupted, and gone on with: to the same files and figures as those of a run that was not. */
import { createHash } from "node:crypto"
import { appendFileSync, existsSync, readFileSync, readdirSync } from "node:fs"
import * as path from "node:path"
import { fileURLToPath } from "node:url"
import { describe, expect, it } from "vitest"
import { freshFolder, rapo, reached, scratchFolder, startRapo } from "../rapo.ts"
import { type TinyOptions, writeTinyExperiment } from "../tinyExperiment.ts"

const scratch = scratchFolder("rapo-resume-")

/** Processes start slowly where many tests run at once. */
const patience = 600_000

const shipped = fileURLToPath(new URL("../../checkpoints/countdown-base", import.meta.url))
const lora = "[lora]\nrank = 4\nalpha = 8"
const shared = "micro_batch = 4\nsampling_batch = 4"

const runFolder = (parent: string): string =>
  path.join(parent, readdirSync(parent).find((name) => name.startsWith("tiny-")) ?? "")

const textOf = (folder: string, file: string): string =>
  existsSync(path.join(folder, file)) ? readFileSync(path.join(folder, file), "utf8") : ""

/** All that a run leaves but its times and the number of its workers: hashes of its policies, its steps, its figures. */
const leftBy = (folder: string): unknown => {
  const {
    times: _,
    engine: __,
    ...summary
  } = JSON.parse(textOf(folder, "summary.json")) as Record<string, unknown>
  const steps = textOf(folder, "metrics.ndjson")
    .split("\n")
    .filter((line) => line.includes('"step":'))
  const policies = path.join(folder, "checkpoints")
  return {
    files: readdirSync(folder).toSorted(),
    policies: readdirSync(policies).flatMap((arm) =>
      // What names the place of the base is another in every run.
      namingNoPlace(readdirSync(path.join(policies, arm))).map((file) => [
        arm,
        file,
        createHash("sha256")
          .update(readFileSync(path.join(policies, arm, file)))
          .digest("hex"),
      ]),
    ),
    // Arms beside each other write in turns; each in its order.
    steps: steps.toSorted((a, b) => arm(a).localeCompare(arm(b))),
    summary,
  }
}

const namingNoPlace = (files: ReadonlyArray<string>): ReadonlyArray<string> =>
  files.includes("adapter_config.json") ? files.filter((file) => file.endsWith(".safetensors")) : files

const arm = (line: string): string => (JSON.parse(line) as { readonly arm: string }).arm

/** One line for what a run has done so far. */
interface SoFar {
  readonly steps: number
  readonly saves: ReadonlyArray<string>
  readonly finished: number
}

const soFar = (parent: string): SoFar => {
  const folder = runFolder(parent)
  const saves = path.join(folder, "saves")
  const lines = (file: string): ReadonlyArray<string> => textOf(folder, file).split("\n").slice(0, -1)
  return {
    steps: lines("metrics.ndjson").filter((line) => line.includes('"step":')).length,
    saves: existsSync(saves) ? readdirSync(saves).filter((name) => name.endsWith(".safetensors")) : [],
    finished: lines("finished.ndjson").length,
  }
}

/** Starts a run and ends it by a signal as soon as it has come so far. */
const ended = async (
  signal: NodeJS.Signals,
  workers: number,
  options: TinyOptions,
  isFar: (soFar: SoFar) => boolean,
): Promise<{ readonly parent: string; readonly code: number | null; readonly stderr: string }> => {
  const parent = freshFolder(scratch)
  const file = writeTinyExperiment(parent, options)
  const running = startRapo(["train", file, "--out", parent, "--workers", String(workers)], { cwd: parent })
  const isReached = await reached(running, () => isFar(soFar(parent)))
  expect([isReached, isReached ? "" : running.written.stderr]).toEqual([true, ""])
  running.child.kill(signal)
  const { code, stderr } = await running.finished
  return { parent, code, stderr }
}

const goneOnWith = async (parent: string, workers: number): Promise<string> => {
  const args = ["train", "--resume", runFolder(parent), "--workers", String(workers)]
  const { code, stderr } = await rapo(args, { cwd: freshFolder(scratch) })
  expect([code, stderr.includes("complete: ")]).toEqual([0, true])
  return stderr
}

const uninterrupted = async (options: TinyOptions): Promise<unknown> => {
  const parent = freshFolder(scratch)
  const file = writeTinyExperiment(parent, options)
  const { code } = await rapo(["train", file, "--out", parent, "--workers", "2"], { cwd: parent })
  expect(code).toBe(0)
  return leftBy(runFolder(parent))
}

/** How often learning is saved leaves no trace. */
const usual: TinyOptions = { checkpoint: shipped, steps: 8 }
let usuallyLeft: Promise<unknown> | undefined
const leftUninterrupted = (): Promise<unknown> => (usuallyLeft ??= uninterrupted(usual))

describe("a run that is killed", () => {
  it(
    "in the midst of two arms, and again while it judges, goes on from their saves; a torn last line is removed, nothing is done twice",
    async () => {
      const options = { ...usual, training: "save_every = 2" }
      const { parent, code } = await ended(
        "SIGKILL",
        2,
        options,
        ({ saves, steps }) => saves.length > 0 && steps > 4,
      )
      expect(code).toBeNull()
      const folder = runFolder(parent)
      appendFileSync(path.join(folder, "metrics.ndjson"), '{"arm":"no-kl","step":5,"lo')

      const again = startRapo(["train", "--resume", folder, "--workers", "1"], { cwd: parent })
      const isJudging = (): boolean =>
        (textOf(folder, "finished.ndjson").match(/judged\/no-kl/g)?.length ?? 0) > 0
      expect(await reached(again, isJudging)).toBe(true)
      again.child.kill("SIGKILL")
      expect((await again.finished).stderr).toMatch(/: goes on after [2468] of 8 steps/)
      const judged = textOf(folder, "finished.ndjson")
      appendFileSync(path.join(folder, "finished.ndjson"), '{"name":"judged/no')

      const said = await goneOnWith(parent, 2)
      expect([said.match(/: trained before/g)?.length, said.includes("training: 16/16 steps")]).toEqual([
        2,
        true,
      ])
      expect(textOf(folder, "finished.ndjson").startsWith(judged)).toBe(true)
      expect(leftBy(folder)).toEqual(await leftUninterrupted())
    },
    patience,
  )

  it(
    "while it makes its base, and again with an adapter that two workers train on it",
    async () => {
      const training = `${shared}\nsave_every = 1`
      const pretraining = "save_every = 1"
      const options = { steps: 6, tables: lora, pretraining, training, isRapoAlone: true }
      const { parent } = await ended("SIGKILL", 2, options, ({ saves }) => saves.includes("base.safetensors"))
      const again = startRapo(["train", "--resume", runFolder(parent), "--workers", "2"], { cwd: parent })
      expect(await reached(again, () => soFar(parent).steps >= 3)).toBe(true)
      again.child.kill("SIGKILL")
      expect((await again.finished).stderr).toMatch(/base model: goes on after \d+ of 20 steps/)
      const said = await goneOnWith(parent, 2)
      expect(said).toContain("base model: the one that this run made")
      expect(said).toContain("workers an arm: 2")
      expect(leftBy(runFolder(parent))).toEqual(await uninterrupted(options))
    },
    patience,
  )
})

describe("a run that Ctrl-C interrupts", () => {
  it(
    "saves what it is at, says so, and goes on to the same end",
    async () => {
      const options = { ...usual, training: "save_every = 0" }
      const { parent, code, stderr } = await ended("SIGINT", 2, options, ({ steps }) => steps >= 3)
      expect(code).toBe(130)
      expect(stderr).toContain("steps under way are finished and saved")
      const { saves, steps } = soFar(parent)
      expect([saves.length > 0, steps < 16]).toEqual([true, true])
      expect(await goneOnWith(parent, 2)).toMatch(/: goes on after \d+ of 8 steps/)
      expect(leftBy(runFolder(parent))).toEqual(await leftUninterrupted())
    },
    patience,
  )

  it(
    "ends at once at the second",
    async () => {
      const parent = freshFolder(scratch)
      const file = writeTinyExperiment(parent, { checkpoint: shipped, steps: 100_000 })
      const running = startRapo(["train", file, "--out", parent, "--workers", "1"], { cwd: parent })
      expect(await reached(running, () => soFar(parent).steps > 0)).toBe(true)
      running.child.kill("SIGINT")
      running.child.kill("SIGINT")
      expect((await running.finished).code).toBe(130)
    },
    patience,
  )
})
