/**
 * Which engine computes: tensors live on it, in worker threads that start it by its name.
 *
 *     auto = native if it is built, else webgpu if a graphics card answers, else wasm
 *
 * The service itself computes nothing: it says what the workers start, and how many of them are worth while. Where an engine is
 * not there that was asked for by name, its layer fails with the reason and the command that mends it.
 */
import { Console, Context, Effect, Layer } from "effect"
import { availableParallelism } from "node:os"
import { EngineError } from "../errors.ts"
import { availability } from "./availability.ts"
import type { Availability, EngineChoice, EngineName } from "./EngineName.ts"

/** See the module header. */
export class Engine extends Context.Service<
  Engine,
  {
    readonly name: EngineName
    /** What it runs on, in words. */
    readonly device: string
    /** How many worker threads it gets unless the user says. */
    readonly workers: number
  }
>()("train/Engine") {
  /** TensorFlow by way of `@tensorflow/tfjs-node-gpu`: on an NVIDIA card, or on all cores. */
  static readonly native: Layer.Layer<Engine, EngineError> = Layer.effect(
    Engine,
    Effect.suspend(() => required("native")),
  )
  /** WebGPU on Dawn: any vendor's card, or, where a software driver is all there is, that. */
  static readonly webgpu: Layer.Layer<Engine, EngineError> = Layer.effect(
    Engine,
    Effect.suspend(() => required("webgpu")),
  )
  /** WebAssembly: nothing to install. */
  static readonly wasm: Layer.Layer<Engine, EngineError> = Layer.effect(
    Engine,
    Effect.suspend(() => required("wasm")),
  )
  /** The best engine of this machine. */
  static readonly auto: Layer.Layer<Engine, EngineError> = Layer.effect(
    Engine,
    Effect.suspend(() => best),
  )
  /** What a user asked for. */
  static readonly layer = (choice: EngineChoice): Layer.Layer<Engine, EngineError> => Engine[choice]
}

/**
 * How many workers an engine gets. Ours: wasm computes with one thread, so one a core; TensorFlow spreads an operation over all
 * cores and a card is one, so a second worker would only wait for them (and hold the parameters again).
 */
export const defaultWorkers = (name: EngineName): number =>
  name === "wasm" ? Math.max(1, availableParallelism()) : 1

/** Sets the environment too: only the main thread can, since a worker's `process.env` is a copy. */
const serviceOf = (name: EngineName, { device, environment }: Present): Engine["Service"] => {
  for (const [key, value] of Object.entries(environment)) process.env[key] ??= value
  return { name, device, workers: defaultWorkers(name) }
}

type Present = Extract<Availability, { readonly _tag: "Present" }>

const asked = (name: EngineName): Effect.Effect<Availability> => Effect.promise(() => availability(name))

const required = Effect.fnUntraced(function* (name: EngineName) {
  const found = yield* asked(name)
  if (found._tag === "Absent")
    return yield* new EngineError({
      path: `engine ${name}`,
      field: "",
      problem: found.problem,
      remedy: found.remedy,
    })
  if (found.isSoftware)
    yield* Console.error(
      `engine ${name}: ${found.device} is software on the processor, not a graphics card: slow`,
    )
  return serviceOf(name, found)
})

const best = Effect.gen(function* () {
  for (const name of ["native", "webgpu"] as const) {
    const found = yield* asked(name)
    if (found._tag === "Present" && !found.isSoftware) return serviceOf(name, found)
  }
  return yield* required("wasm")
})
