/**
 * A save as one file, which is there whole or not at all: written beside the old one, and put in its place when it is complete.
 *
 *     ARM.safetensors = { "parameters.NAME", "first.NAME", "second.NAME", "reference.NAME"? },
 *     metadata { schema, of, steps, updates, sha256 },   sha256 of the file in which its own digits are zeros
 *
 * **Memory**  one tensor on the host. **Disk**  twice the save, while the old one is still there.
 */
import { Effect, FileSystem, Path } from "effect"
import { createHash } from "node:crypto"
import { inWords, RunFolderError } from "../../errors.ts"
import { plainPieces } from "../../model/checkpoint/write.ts"
import { encodeHeader } from "../../model/Safetensors.ts"
import { fromFloat32 } from "../../model/safetensors/numbers.ts"
import { makeFolder } from "../../storage/makeFolder.ts"
import type { Learning } from "../start.ts"
import { type Saved, entriesOf, partsOf } from "./Save.ts"

/** What a save says of itself. */
export interface SaveLabel {
  /** Whose it is: run and arm, or a base's recipe. A save of another is refused. */
  readonly of: string
  readonly steps: number
}

/** The form of the file. */
export const saveSchema = "rapo-save-1"

/** Stands for the digits of the hash while it is being computed. */
const zeros = "0".repeat(64)

/** The file's beginning. */
export const saveHeader = (
  tensors: ReadonlyArray<{ readonly name: string; readonly shape: ReadonlyArray<number> }>,
  { of, steps, updates }: SaveLabel & Saved,
  sha256: string = zeros,
): Uint8Array =>
  encodeHeader(
    tensors,
    { schema: saveSchema, of, steps: String(steps), updates: String(updates), sha256 },
    "F32",
  )

/** See the module header. The learning's tensors stay as they are. */
export const writeSave = Effect.fn("writeSave")(function* (
  target: string,
  label: SaveLabel,
  learning: Learning,
  movesReference: boolean,
) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const entries = entriesOf(partsOf(learning, movesReference))
  const names = entries.map(([name, { shape }]) => ({ name, shape }))
  const said = { ...label, updates: learning.trained.optimiser.updates }
  const part = `${target}.part`
  const write = Effect.scoped(
    Effect.gen(function* () {
      const file = yield* fs.open(part, { flag: "w" })
      const start = saveHeader(names, said)
      const hash = createHash("sha256").update(start)
      yield* file.writeAll(start)
      for (const [, tensor] of entries)
        for (const piece of plainPieces({ values: tensor.dataSync<"float32">() })) {
          const bytes = fromFloat32("F32", piece)
          hash.update(bytes)
          yield* file.writeAll(bytes)
        }
      yield* file.seek(0n, "start")
      yield* file.writeAll(saveHeader(names, said, hash.digest("hex")))
      // On the disk before it has the name: a machine that loses its power keeps the one or the other.
      yield* file.sync
    }),
  )
  yield* makeFolder(path.dirname(target)).pipe(
    Effect.andThen(write),
    Effect.andThen(fs.rename(part, target)),
    Effect.mapError(
      (cause) =>
        new RunFolderError({
          path: target,
          field: "",
          problem: `cannot be written (${inWords(cause.reason._tag)})`,
          remedy: "Make room on the disk, or save less often, with save_every.",
        }),
    ),
  )
})
