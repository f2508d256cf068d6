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
  it("of pretrain has its folder for itself; killed, it is gone on with by the same command, in plain lines", async () => {
    const out = path.join(fresh(), "base")
    const file = writeTinyExperiment(fresh(), { pretraining: "save_every = 10" })
    const make = ["pretrain", file, "--out", out, "--steps", "60", "--seed", "3"]
    const first = startRapo(make, { cwd: fresh() })
    const save = path.join(out, "saves", "base.safetensors")
    expect(await reached(first, () => existsSync(save))).toBe(true)
    // It waits, so that it has not ended before the second comes.
    first.child.kill("SIGSTOP")
    const second = await command(make)
    first.child.kill("SIGKILL")
    expect([second.code, second.stdout]).toEqual([1, ""])
    expect(second.stderr).toContain(`error: ${out}: is in use: process ${first.child.pid} on `)
    expect(second.stderr).toContain(`If process ${first.child.pid} is no rapo, delete ${out}`)
    expect((await first.finished).signal).toBe("SIGKILL")

    const { code, stdout, stderr } = await command(make)
    expect([code, stdout]).toEqual([0, ""])
    expect(stderr).toMatch(/base model: goes on after [1-5]0 of 60 steps/)
    expect(stderr).toContain("pre-training: 60/60 steps")
    // Where there is no terminal, neither a carriage return nor an escape sequence.
    for (const control of ["\r", "\u001b"]) expect(stderr).not.toContain(control)
    // Neither saves nor locks are left.
    expect(readdirSync(out).toSorted()).toEqual([
      "config.json",
      "generation_config.json",
      "model.safetensors",
      "tokenizer.json",
      "tokenizer_config.json",
    ])
  }, 120_000)

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
