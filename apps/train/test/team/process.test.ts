/** `rapo train` with one arm and several workers, as a user starts it. */
import { existsSync, readFileSync, readdirSync } from "node:fs"
import * as path from "node:path"
import { describe, expect, it } from "vitest"
import { freshFolder, rapo, reached, scratchFolder, startRapo } from "../rapo.ts"
import { type TinyOptions, writeTinyExperiment } from "../tinyExperiment.ts"

const scratch = scratchFolder("rapo-team-")

/** Processes start slowly where many tests run at once. */
const patience = 300_000

/** Two portions and two shards a step, so that two workers can share it. */
const shared: TinyOptions = { isRapoAlone: true, training: "micro_batch = 4\nsampling_batch = 4" }

const runFolder = (parent: string): string =>
  path.join(parent, readdirSync(parent).find((name) => name.startsWith("tiny-")) ?? "")

/** What a run leaves that equal runs leave alike; and what it says. */
const trained = async (
  workers: number,
  options: TinyOptions,
): Promise<{ readonly arms: unknown; readonly steps: ReadonlyArray<string>; readonly said: string }> => {
  const parent = freshFolder(scratch)
  const file = writeTinyExperiment(parent, options)
  const args = ["train", file, "--out", parent, "--workers", String(workers)]
  const { code, stderr } = await rapo(args, { cwd: parent })
  expect([code, stderr.includes("complete: ")]).toEqual([0, true])
  const summary = JSON.parse(readFileSync(path.join(runFolder(parent), "summary.json"), "utf8")) as {
    readonly arms: unknown
  }
  const lines = readFileSync(path.join(runFolder(parent), "metrics.ndjson"), "utf8")
    .trimEnd()
    .split("\n")
  return { arms: summary.arms, steps: lines.slice(1), said: stderr }
}

describe("rapo train with one arm", () => {
  it(
    "uses two workers for it where the experiment shares its steps out, to the same figures as with one",
    async () => {
      const [one, two] = [await trained(1, shared), await trained(2, shared)]
      expect([one, two].map(({ said }) => said.includes("workers an arm: 2"))).toEqual([false, true])
      expect(two.steps.length).toBe(3)
      expect([two.steps, two.arms]).toEqual([one.steps, one.arms])
    },
    patience,
  )

  it(
    "of an adapter, too",
    async () => {
      const tables = "[lora]\nrank = 4\nalpha = 8"
      const [one, two] = [await trained(1, { ...shared, tables }), await trained(2, { ...shared, tables })]
      expect(two.said).toContain("workers an arm: 2")
      expect([two.steps, two.arms]).toEqual([one.steps, one.arms])
    },
    patience,
  )

  it(
    "ends at Ctrl-C with the base judged, the steps so far and no process",
    async () => {
      const parent = freshFolder(scratch)
      const file = writeTinyExperiment(parent, { ...shared, steps: 100_000 })
      const hasSteps = (): boolean => {
        const metrics = path.join(runFolder(parent), "metrics.ndjson")
        return existsSync(metrics) && readFileSync(metrics, "utf8").includes('"step":')
      }
      const running = startRapo(["train", file, "--out", parent, "--workers", "2"], { cwd: parent })
      expect(await reached(running, hasSteps)).toBe(true)
      running.child.kill("SIGINT")
      const { code, stderr } = await running.finished
      expect(code).toBe(130)
      expect(stderr).toContain("interrupted: ")
      const summary = JSON.parse(
        readFileSync(path.join(runFolder(parent), "summary.json"), "utf8"),
      ) as unknown
      expect(summary).toMatchObject({ status: "interrupted", arms: [{ family: "base" }] })
      expect(stderr).not.toMatch(/^ {4}at |bug in rapo/m)
    },
    patience,
  )
})
