/**
 * Looks at the machine: which engines it has, how fast each is, and what they stand on.
 *
 * Each engine is measured in a process of its own, one after another, so that none slows another down and none can end the doctor.
 */
import { execFile } from "node:child_process"
import { createRequire } from "node:module"
import * as os from "node:os"
import { promisify } from "node:util"
import { availability } from "../engine/availability.ts"
import { type EngineName, engineNames } from "../engine/EngineName.ts"
import { nativePackage } from "../engine/native/addon.ts"
import { probe } from "../engine/probe/ask.ts"
import { versions } from "../versions.ts"
import { Diagnosis, type EngineStatus } from "./Diagnosis.ts"

/** The whole diagnosis; `tell` hears which engine is being measured. */
export const diagnose = async (tell: (name: EngineName) => void): Promise<Diagnosis> => {
  const engines: Array<EngineStatus> = []
  for (const name of engineNames) {
    tell(name)
    engines.push(await statusOf(name))
  }
  const [nvidia, python, pip] = await Promise.all([
    said("nvidia-smi", "--query-gpu=name,memory.total,driver_version", "--format=csv,noheader"),
    said("python3", "--version"),
    said("python3", "-m", "pip", "--version"),
  ])
  return new Diagnosis({
    schema: "rapo-doctor-1",
    auto: engines.find(({ status, isSoftware }) => status === "ready" && !isSoftware)?.name ?? "wasm",
    engines,
    machine: {
      platform: `${process.platform} ${process.arch}`,
      processor: os.cpus()[0]?.model ?? "unknown",
      cores: os.availableParallelism(),
      memoryBytes: os.totalmem(),
      freeMemoryBytes: os.freemem(),
      nvidia: nvidia?.split("\n") ?? [],
    },
    versions: {
      ...versions,
      tensorflow: nativePackage()?.record?.tensorflow ?? null,
      dawn: installed("webgpu/package.json"),
      python: python?.replace("Python ", "") ?? null,
      pip: pip?.split(" ")[1] ?? null,
    },
  })
}

const statusOf = async (name: EngineName): Promise<EngineStatus> => {
  const found = await availability(name)
  const absent = { name, device: "", isSoftware: false, speed: null, problem: "", remedy: "" }
  if (found._tag === "Absent")
    return { ...absent, status: "absent", problem: found.problem, remedy: found.remedy }
  const { device, isSoftware, environment } = found
  const answer = await probe({ _tag: "Measure", engine: name, isSoftware }, environment)
  return answer._tag === "Measured"
    ? { ...absent, status: "ready", device, isSoftware, speed: answer.speed }
    : {
        ...absent,
        status: "broken",
        device,
        isSoftware,
        problem: answer._tag === "Failed" ? answer.problem : "it gave no figures",
        remedy: mends[name],
      }
}

/** What mends an engine that is there and does not compute. */
const mends: { readonly [name in EngineName]: string } = {
  native: "Build it again: `npm run engine -- --remove`, then `npm run engine`.",
  webgpu: "Update the graphics driver.",
  wasm: "Run `npm ci` again.",
}

/** What a program prints; undefined where it is not there or fails. */
const said = async (program: string, ...args: ReadonlyArray<string>): Promise<string | undefined> => {
  try {
    const { stdout } = await promisify(execFile)(program, args, { timeout: 10_000 })
    return stdout.trim() === "" ? undefined : stdout.trim()
  } catch {
    return undefined
  }
}

const installed = (manifest: string): string | null => {
  try {
    const { version } = createRequire(import.meta.url)(manifest) as { readonly version?: string }
    return version ?? null
  } catch {
    return null
  }
}
