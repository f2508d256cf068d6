/**
 * From flags to the text of a plan.
 */
import { Effect, FileSystem, Path } from "effect"
import { isLeft } from "fp-ts/lib/Either.js"
import { CheckpointError, ConfigError } from "../errors.ts"
import { parseConfig } from "../model/checkpoint/ConfigFile.ts"
import { targets } from "../model/lora/Lora.ts"
import { parseBytes } from "./bytes.ts"
import { startDry } from "./dry/start.ts"
import { planOf } from "./Plan.ts"
import { presetOf } from "./presets.ts"
import { settingsOf, showPlan } from "./showPlan.ts"

/** The flags of `rapo plan`. */
export interface PlanFlags {
  readonly model: string
  readonly deviceMemory: string
  readonly lora: number | undefined
  readonly context: number
  readonly prompt: number | undefined
  readonly group: number
  readonly prompts: number
  readonly microBatch: number | undefined
  readonly places: number | undefined
  readonly logitRows: number | undefined
  readonly checkpointLayers: boolean | undefined
  readonly workers: number
  readonly engine: "native" | "webgpu" | "wasm"
  readonly json: boolean
}

/** See the module header. */
export const planText = Effect.fn("planText")(function* (flags: PlanFlags) {
  const deviceMemory = parseBytes(flags.deviceMemory)
  if (deviceMemory === undefined)
    return yield* refused(
      "--device-memory",
      `"${flags.deviceMemory}" is no size`,
      "Write a number with its unit, such as 80GB or 24GiB.",
    )
  const prompt = flags.prompt ?? Math.max(1, Math.floor(flags.context / 4))
  if (prompt >= flags.context)
    return yield* refused(
      "--prompt",
      `${prompt} tokens leave none of --context ${flags.context} for the response`,
      "Make --prompt smaller, or --context larger (at least 2).",
    )
  const config = yield* configOf(flags.model)
  const dry = yield* Effect.promise(() => startDry(flags.engine))
  const made = planOf(dry, {
    config,
    lora:
      flags.lora === undefined
        ? undefined
        : { rank: flags.lora, alpha: flags.lora, targets, rankStabilised: false },
    deviceMemory,
    prompt,
    response: flags.context - prompt,
    groupSize: flags.group,
    prompts: flags.prompts,
    workers: flags.workers,
    microBatch: flags.microBatch,
    places: flags.places,
    logitRows: flags.logitRows,
    checkpointsLayers: flags.checkpointLayers,
  })
  return flags.json
    ? JSON.stringify(
        { model: flags.model, engine: flags.engine, deviceMemory, ...made, settings: settingsOf(made) },
        null,
        2,
      )
    : showPlan(flags.model, flags.engine, deviceMemory, made)
})

const refused = (field: string, problem: string, remedy: string): ConfigError =>
  new ConfigError({ path: "rapo plan", field, problem, remedy })

/** The shape of a model that has a name, or of a folder's `config.json`. */
const configOf = Effect.fn("configOf")(function* (model: string) {
  const preset = presetOf(model)
  if (preset !== undefined) return preset
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const file = path.join(model, "config.json")
  const bad = (problem: string, remedy: string): CheckpointError =>
    new CheckpointError({ path: file, field: "", problem, remedy })
  const text = yield* fs
    .readFileString(file)
    .pipe(
      Effect.mapError(() =>
        bad("cannot be read", "Name a folder with a config.json, or a preset such as qwen2.5-3b."),
      ),
    )
  const raw = yield* Effect.try({
    try: (): unknown => JSON.parse(text),
    catch: () => bad("is no JSON", "Download the model's config.json again."),
  })
  if (typeof raw !== "object" || raw === null || Array.isArray(raw))
    return yield* bad("is no JSON object", "Download the model's config.json again.")
  const config = parseConfig(raw as Record<string, unknown>)
  if (isLeft(config)) {
    const { field, problem, remedy } = config.left
    return yield* new CheckpointError({ path: file, field, problem, remedy })
  }
  return config.right
})
