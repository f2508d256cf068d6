/**
 * Where the native engine's add-on is: made by `npm run engine` in the repository's `.engine/`, which `npm ci` leaves alone;
 * or in the installed package, where its own installer has put it.
 */
import * as fs from "node:fs"
import { createRequire } from "node:module"
import * as path from "node:path"
import { fileURLToPath } from "node:url"
import { engineFolder } from "../../paths.ts"
import type { Availability } from "../EngineName.ts"

// model

/** The package that drives TensorFlow, with its add-on. */
export interface NativePackage {
  /** Its folder. */
  readonly folder: string
  /** What `npm run engine` recorded; undefined for a package that another installer completed. */
  readonly record: NativeRecord | undefined
}

/** `.engine/native.json`. */
export interface NativeRecord {
  /** Where the library came from, such as "pip tensorflow-cpu". */
  readonly source: string
  readonly tensorflow: string
  readonly device: "cpu" | "cuda"
  /** NVIDIA's libraries that came with TensorFlow, relative to `.engine/`. */
  readonly cuda: ReadonlyArray<string>
}

// constructors

const packageName = "@tensorflow/tfjs-node-gpu"

/** The built package, the repository's own first; undefined when there is none. */
export const nativePackage = (): NativePackage | undefined => {
  const own = path.join(fileURLToPath(engineFolder), "node_modules", packageName)
  if (hasAddon(own)) return { folder: own, record: readRecord() }
  const installed = installedFolder()
  return installed !== undefined && hasAddon(installed) ? { folder: installed, record: undefined } : undefined
}

/** What TensorFlow reads when it starts. */
const environment = {
  // Errors only: TensorFlow greets with its build flags.
  TF_CPP_MIN_LOG_LEVEL: "2",
  // A card's memory as it is needed, and not all of it at once: others may use the card.
  TF_FORCE_GPU_ALLOW_GROWTH: "true",
}

/** Whether the native engine is built. */
export const nativeAvailability = (): Availability => {
  const found = nativePackage()
  if (found === undefined)
    return { _tag: "Absent", problem: "its add-on is not built", remedy: "Run `npm run engine`." }
  const { record } = found
  const device =
    record === undefined
      ? "TensorFlow"
      : `TensorFlow ${record.tensorflow}, ${record.device === "cuda" ? "CUDA" : "CPU"}`
  return { _tag: "Present", device, isSoftware: false, environment }
}

// numerics

const hasAddon = (folder: string): boolean => {
  const lib = path.join(folder, "lib")
  return (
    fs.existsSync(lib) &&
    fs.readdirSync(lib).some((name) => fs.existsSync(path.join(lib, name, "tfjs_binding.node")))
  )
}

const installedFolder = (): string | undefined => {
  try {
    return path.dirname(createRequire(import.meta.url).resolve(`${packageName}/package.json`))
  } catch {
    return undefined
  }
}

/** The record is written last: without it the add-on's origin is unknown, and so is what it runs on. */
const readRecord = (): NativeRecord | undefined => {
  try {
    return JSON.parse(fs.readFileSync(new URL("native.json", engineFolder), "utf8")) as NativeRecord
  } catch {
    return undefined
  }
}
