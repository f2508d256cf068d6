/**
 * Who answers, from what a user names: a checkpoint folder, or a model on a server.
 */
import { Effect, type FileSystem, Layer, type Path } from "effect"
import * as path from "node:path"
import { isLeft } from "fp-ts/lib/Either.js"
import { type EndpointSettings, requestAddress, shownAddress } from "../endpoint/Settings.ts"
import { type CheckpointError, ConfigError, type EngineError } from "../errors.ts"
import { type Computing, Workers } from "../workers/Workers.ts"
import { readBytes, sha256 } from "../data/readDataset.ts"
import { weightsFingerprint } from "../model/checkpoint/fingerprint.ts"
import { adapterFiles } from "../model/lora/adapterFiles.ts"
import type { ModelSource } from "./EvaluationRecord.ts"
import type { Sampler, SamplerError } from "./Sampler.ts"

/** A model as a user names it. */
export type ModelRequest =
  | {
      readonly _tag: "Checkpoint"
      readonly folder: string
      /** The folder of an adapter that acts on it. */
      readonly adapter?: string | undefined
    }
  | { readonly _tag: "Endpoint"; readonly settings: EndpointSettings }

/** What can be wrong with a model. */
type ModelError = CheckpointError | EngineError | SamplerError

type SamplerLayer = Layer.Layer<Sampler, ModelError, FileSystem.FileSystem | Path.Path>

/** The sampler of a model. Workers and clients end with the layer's scope. */
export const samplerOf = (model: ModelRequest, name: string, computing: Computing): SamplerLayer =>
  Layer.unwrap(
    Effect.promise(async (): Promise<SamplerLayer> => {
      if (model._tag === "Endpoint") return (await import("../endpoint/Endpoint.ts")).layer(model.settings)
      const { localSampler } = await import("./local/localSampler.ts")
      return localSampler(model.folder, name, model.adapter).pipe(Layer.provide(Workers.on(computing)))
    }),
  )

/** What is recorded of a model. An address that hides a password is refused here, before anything is written. */
export const modelSource = (
  model: ModelRequest,
  name: string,
): Effect.Effect<ModelSource, ConfigError, FileSystem.FileSystem> =>
  Effect.gen(function* () {
    if (model._tag === "Checkpoint") {
      const fingerprint = yield* weightsFingerprint(model.folder)
      const source: ModelSource = { _tag: "Checkpoint", name, path: model.folder, sha256: fingerprint }
      const { adapter } = model
      if (adapter === undefined) return source
      const files = yield* Effect.forEach(adapterFiles, (file) => readBytes(path.join(adapter, file)))
      return { ...source, adapter: { path: adapter, sha256: sha256(Buffer.concat(files)) } }
    }
    const { url, api } = model.settings
    const address = requestAddress(url, api)
    if (isLeft(address)) {
      const { problem, remedy } = address.left
      return yield* new ConfigError({ path: `--endpoint ${shownAddress(url)}`, field: "", problem, remedy })
    }
    return { _tag: "Endpoint", name, url: shownAddress(url), api }
  })

/**
 * Distinct names for models, each fit to name a folder: a folder's own name, an adapter's, a served model's, and where two are alike, a number
 * behind them.
 */
export const modelNames = (models: ReadonlyArray<ModelRequest>): ReadonlyArray<string> => {
  const plain = models.map((model) =>
    (model._tag === "Checkpoint"
      ? path.basename(path.resolve(model.adapter ?? model.folder))
      : model.settings.model
    ).replaceAll(/[^\p{L}\p{N}._-]+/gu, "-"),
  )
  return plain.map((name, i) => {
    const before = plain.slice(0, i).filter((other) => other === name).length
    return before === 0 ? name : `${name}-${before + 1}`
  })
}
