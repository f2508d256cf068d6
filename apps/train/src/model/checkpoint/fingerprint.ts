/**
 * What tells two checkpoints' weights apart: a hash of their files, read piece by piece.
 *
 *     sha256(model.safetensors);   of several files: sha256(name₁ ‖ sha256₁ ‖ name₂ ‖ …), by name
 */
import { Effect, FileSystem, Stream } from "effect"
import { createHash } from "node:crypto"
import * as path from "node:path"
import { ConfigError, inWords } from "../../errors.ts"
import { isWeightsFile, singleFile } from "./ShardIndex.ts"

/** In hexadecimal digits. A folder without weights is refused. */
export const weightsFingerprint = Effect.fn("weightsFingerprint")(function* (folder: string) {
  const fs = yield* FileSystem.FileSystem
  const refused =
    (at: string) =>
    (cause: { readonly reason: { readonly _tag: string } }): ConfigError =>
      new ConfigError({
        path: at,
        field: "",
        problem: `cannot be read (${inWords(cause.reason._tag)})`,
        remedy: "Give the folder of a model.",
      })
  const names = yield* fs.readDirectory(folder).pipe(Effect.mapError(refused(folder)))
  const sha256 = Effect.fnUntraced(function* (name: string) {
    const file = path.join(folder, name)
    const hash = createHash("sha256")
    yield* fs.stream(file).pipe(
      Stream.runForEach((piece) => Effect.sync(() => hash.update(piece))),
      Effect.mapError(refused(file)),
    )
    return hash.digest("hex")
  })
  // As when it is loaded, the single file goes before shards.
  if (names.includes(singleFile)) return yield* sha256(singleFile)
  const shards = names.filter(isWeightsFile).toSorted()
  if (shards.length === 0) return yield* sha256(singleFile)
  const hashes = yield* Effect.forEach(shards, (name) =>
    Effect.map(sha256(name), (hash) => `${name} ${hash}`),
  )
  return createHash("sha256").update(hashes.join("\n")).digest("hex")
})
