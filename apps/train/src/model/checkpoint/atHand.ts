/**
 * The models on this thread's device: what the job at hand needs, and nothing else.
 *
 *     atHand(a, b), atHand(b, c):   b stays where it is, c is read, a is freed
 *
 * A request follows a request for the same model, so it is read once for many.
 */
import { Effect } from "effect"
import type { CheckpointError } from "../../errors.ts"
import type { FileSystem, Path } from "effect"
import type { ParametersSource } from "../Checkpoint.ts"
import { type Parameters, disposeParameters } from "../Parameters.ts"
import { onDevice } from "./read.ts"

// model

/** Parameters by a name: equal keys, equal content. */
export interface KeyedSource {
  readonly key: string
  readonly source: ParametersSource
}

let held: ReadonlyMap<string, Parameters> = new Map()

// combinators

/** The parameters of several sources, in their order; they stay the module's. */
export const atHand = (
  sources: ReadonlyArray<KeyedSource>,
): Effect.Effect<ReadonlyArray<Parameters>, CheckpointError, FileSystem.FileSystem | Path.Path> =>
  Effect.gen(function* () {
    keepOnly(new Set(sources.map(({ key }) => key)))
    for (const { key, source } of sources)
      if (!held.has(key)) held = new Map([...held, [key, yield* onDevice(source)]])
    return sources.map(({ key }) => {
      const found = held.get(key)
      if (found === undefined) throw new Error(`bug: ${key} is not at hand`)
      return found
    })
  })

/** Frees all, for work that needs the device for itself. */
export const letGo = (): void => keepOnly(new Set())

// numerics

const keepOnly = (keys: ReadonlySet<string>): void => {
  const [kept, freed] = [new Map<string, Parameters>(), [] as Array<Parameters>]
  for (const [key, parameters] of held)
    if (keys.has(key)) kept.set(key, parameters)
    else freed.push(parameters)
  held = kept
  freed.forEach(disposeParameters)
}
