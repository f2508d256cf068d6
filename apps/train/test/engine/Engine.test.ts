/** The service: which engine there is, how many workers it gets, and what the workers start. */
import { Effect, Layer } from "effect"
import { availableParallelism } from "node:os"
import { describe, expect, it } from "vitest"
import { availability } from "../../src/engine/availability.ts"
import { Engine, defaultWorkers } from "../../src/engine/Engine.ts"
import { engineNames } from "../../src/engine/EngineName.ts"
import { Workers } from "../../src/workers/Workers.ts"

const engine = Effect.gen(function* () {
  return yield* Engine
})

describe("Engine", () => {
  it.each(engineNames)(
    "%s: its layer gives it where it is there, and fails with the remedy where not",
    async (name) => {
      const found = await availability(name)
      const given = await Effect.runPromise(engine.pipe(Effect.provide(Engine[name]), Effect.result))
      if (found._tag === "Absent") {
        expect(found.remedy).not.toBe("")
        expect(given).toMatchObject({
          _tag: "Failure",
          failure: {
            _tag: "EngineError",
            path: `engine ${name}`,
            problem: found.problem,
            remedy: found.remedy,
          },
        })
      } else
        expect(given).toMatchObject({
          _tag: "Success",
          success: { name, device: found.device, workers: defaultWorkers(name) },
        })
    },
  )

  it("auto takes the first that is there and is no software", async () => {
    const all = await Promise.all(engineNames.map(availability))
    const first = engineNames.find((_, i) => {
      const found = all[i]
      return found?._tag === "Present" && !found.isSoftware
    })
    const { name } = await Effect.runPromise(engine.pipe(Effect.provide(Engine.auto)))
    expect(name).toBe(first)
  })

  it("wasm gets a worker a core, since it computes with one thread; the others one, since they use all of the device", () => {
    expect(engineNames.map(defaultWorkers)).toEqual([1, 1, Math.max(1, availableParallelism())])
  })

  it.each([1, 2])("--workers decides: %i on the engine that is asked for", async (workers) => {
    const pool = Effect.gen(function* () {
      return yield* Workers
    })
    const { size, engine: name } = await Effect.runPromise(
      pool.pipe(Effect.provide(Workers.on({ engine: "wasm", workers }))),
    )
    expect({ size, name }).toEqual({ size: workers, name: "wasm" })
  })

  it("as many workers as the engine likes, unless one says", async () => {
    const three = Layer.succeed(Engine, { name: "wasm", device: "", workers: 3 })
    const pool = Effect.gen(function* () {
      return (yield* Workers).size
    })
    expect(
      await Effect.runPromise(pool.pipe(Effect.provide(Workers.layer().pipe(Layer.provide(three))))),
    ).toBe(3)
  })
})
