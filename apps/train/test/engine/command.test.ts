/** `--engine` and `rapo doctor` as a user meets them. */
import { Schema } from "effect"
import * as path from "node:path"
import { fileURLToPath } from "node:url"
import { describe, it } from "vitest"
import { Diagnosis } from "../../src/doctor/Diagnosis.ts"
import { show } from "../../src/doctor/show.ts"
import { type Finished, freshFolder, rapo, scratchFolder } from "../rapo.ts"

const base = fileURLToPath(new URL("../../checkpoints/countdown-base", import.meta.url))
const scratch = scratchFolder("rapo-engine-")

/** Runs the command where no native engine is built and no graphics card answers. */
const bare = (args: ReadonlyArray<string>): Promise<Finished> => {
  const cwd = freshFolder(scratch)
  return rapo(args, {
    cwd,
    env: { RAPO_ENGINE_FOLDER: path.join(cwd, "nothing"), VK_DRIVER_FILES: path.join(cwd, "no-driver.json") },
  })
}

const sampling = ["sample", "--model", base, "--prompt", "8,5,2=21=", "--n", "1"]

describe.concurrent("--engine", () => {
  it("refuses an engine that is not there, with the command that mends it", async ({ expect }) => {
    const { code, stderr } = await bare([...sampling, "--engine", "native"])
    expect(code).toBe(1)
    expect(stderr).toContain("error: engine native: its add-on is not built\n  Run `npm run engine`.")
    expect(stderr).not.toMatch(/^ {4}at |bug in rapo/m)
  })

  it("refuses an engine that is none, and names those that are", async ({ expect }) => {
    const { code, stderr } = await bare([...sampling, "--engine", "cuda"])
    expect(code).toBe(1)
    for (const part of ["--engine", "cuda", "native", "webgpu", "wasm"]) expect(stderr).toContain(part)
  })

  it.for(["train", "pretrain", "eval", "sample", "score"])("is a flag of %s", async (command, { expect }) => {
    const { stdout } = await bare([command, "--help"])
    expect(stdout).toContain("--engine")
  })

  it("auto is wasm where nothing else is there, and draws what wasm draws", async ({ expect }) => {
    const [auto, wasm] = await Promise.all([
      bare(sampling),
      bare([...sampling, "--engine", "wasm", "--workers", "1"]),
    ])
    expect(auto.code).toBe(0)
    expect(auto.stdout).toContain("boxed")
    expect(auto.stdout).toBe(wasm.stdout)
  })
})

describe("doctor", () => {
  it("tells of every engine, why it is missing and what mends it; --json is as documented; exit code 0", async ({
    expect,
  }) => {
    const { code, stdout } = await bare(["doctor", "--json"])
    expect(code).toBe(0)
    const found = Schema.decodeUnknownSync(Diagnosis)(JSON.parse(stdout))
    const [native, webgpu, wasm] = found.engines
    expect(native).toMatchObject({
      name: "native",
      status: "absent",
      remedy: "Run `npm run engine`.",
      speed: null,
    })
    expect(webgpu?.name).toBe("webgpu")
    expect(wasm).toMatchObject({ name: "wasm", status: "ready", problem: "" })
    expect(wasm?.speed?.matmulGflops).toBeGreaterThan(0)
    expect(wasm?.speed?.trainingStepsPerSecond).toBeGreaterThan(0)
    for (const { status, problem, remedy } of found.engines)
      expect([problem === "", remedy === ""]).toEqual([status === "ready", status === "ready"])
    expect(found.auto).toBe("wasm")
    const text = show(found)
    for (const part of ["native", "webgpu", "wasm", "npm run engine", "GFLOP/s", found.versions.node])
      expect(text).toContain(part)
  })
})
