/** The command as a user starts it: a process, its exit code and what it writes. */
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs"
import * as path from "node:path"
import { fileURLToPath } from "node:url"
import { describe, expect, it } from "vitest"
import { type Finished, freshFolder, rapo, reached, scratchFolder, startRapo } from "../rapo.ts"
import { writeTinyExperiment } from "../tinyExperiment.ts"

const shipped = fileURLToPath(new URL("../../experiments/countdown.toml", import.meta.url))

const scratch = scratchFolder("rapo-cli-")
const fresh = (): string => freshFolder(scratch)

/** Runs the command in an empty folder. */
const command = (args: ReadonlyArray<string>): Promise<Finished> => rapo(args, { cwd: fresh() })

describe.concurrent("help", () => {
  it("names the commands", async ({ expect }) => {
    const { code, stdout } = await command(["--help"])
    expect(code).toBe(0)
    for (const name of ["train", "pretrain", "report"])
      expect(stdout).toMatch(new RegExp(`^ *${name}\\b`, "m"))
  })

  it("of train names its argument, flags and examples", async ({ expect }) => {
    const { code, stdout } = await command(["train", "--help"])
    expect(code).toBe(0)
    for (const part of ["experiment", "--quick", "--out", "--seed", "--workers", "countdown.toml"])
      expect(stdout).toContain(part)
  })
})

describe.concurrent("input that cannot be used", () => {
  const cases: ReadonlyArray<readonly [string, () => ReadonlyArray<string>, ReadonlyArray<string>]> = [
    ["a missing experiment", () => ["train", "nowhere.toml"], ["nowhere.toml", "no such file"]],
    [
      "a folder that cannot be written",
      () => {
        const file = path.join(fresh(), "file")
        writeFileSync(file, "")
        return ["pretrain", shipped, "--out", path.join(file, "base")]
      },
      ["cannot be written", "--out"],
    ],
    [
      "the report of a run that is not there",
      () => ["report", "no-run"],
      ["no-run", "cannot be read", "rapo train"],
    ],
    ["no workers", () => ["train", shipped, "--workers", "0"], ["--workers must be at least 1"]],
  ]

  it.each(cases)("%s: one message, exit code 1", async (_, make, parts) => {
    const { code, stderr, stdout } = await command(make())
    expect(code).toBe(1)
    for (const part of parts) expect(stderr).toContain(part)
    // No stack trace, no claim of a bug, and no work begun.
    expect(`${stderr}${stdout}`).not.toMatch(/^ {4}at |bug in rapo|pre-training:|finding Hard:/m)
    expect(stderr.match(/error: /g)?.length ?? 0).toBeLessThanOrEqual(1)
  })
})

describe("a run", () => {
  it("writes plain lines where there is no terminal, a checkpoint, and nothing to stdout", async () => {
    const out = path.join(fresh(), "base")
    const file = writeTinyExperiment(fresh())
    const { code, stdout, stderr } = await command([
      "pretrain",
      file,
      "--out",
      out,
      "--steps",
      "2",
      "--seed",
      "3",
    ])
    expect([code, stdout]).toEqual([0, ""])
    expect(stderr).toContain("pre-training: 2/2 steps")
    // Neither a carriage return nor an escape sequence.
    for (const control of ["\r", "\u001b"]) expect(stderr).not.toContain(control)
    expect(existsSync(path.join(out, "model.safetensors"))).toBe(true)
  })

  it("ends at Ctrl-C with the steps so far, a message and no process", async () => {
    const parent = fresh()
    const file = writeTinyExperiment(parent, { steps: 100_000 })
    const folder = (): string =>
      path.join(parent, readdirSync(parent).find((name) => name.startsWith("tiny-")) ?? "")
    const hasSteps = (): boolean => {
      const metrics = path.join(folder(), "metrics.ndjson")
      return existsSync(metrics) && readFileSync(metrics, "utf8").includes('"step":')
    }
    const running = startRapo(["train", file, "--out", parent, "--workers", "2"], { cwd: fresh() })
    expect(await reached(running, () => running.written.stderr.includes("training: 0/") && hasSteps())).toBe(
      true,
    )
    running.child.kill("SIGINT")
    const { code, stderr } = await running.finished
    // 128 + SIGINT, as shells have it.
    expect(code).toBe(130)
    expect(stderr).toContain("interrupted before the base was judged; the steps so far are in")
    expect(stderr).not.toMatch(/^ {4}at |bug in rapo/m)
    expect(hasSteps()).toBe(true)
  })
})
