/**
 * What tells two trained policies apart: the hash of their weights, or of their adapter's files.
 */
import { Effect, FileSystem, Path } from "effect"
import { readBytes, sha256 } from "../data/readDataset.ts"
import { weightsFingerprint } from "../model/checkpoint/fingerprint.ts"
import { adapterFiles } from "../model/lora/adapterFiles.ts"

/** See the module header. */
export const policyFingerprint = Effect.fn("policyFingerprint")(function* (folder: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const files = adapterFiles.map((file) => path.join(folder, file))
  const isAdapter = yield* fs.exists(files[0] ?? folder).pipe(Effect.orElseSucceed(() => false))
  return isAdapter
    ? sha256(Buffer.concat(yield* Effect.forEach(files, readBytes)))
    : yield* weightsFingerprint(folder)
})
