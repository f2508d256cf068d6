/**
 * A safetensors file that is read piece by piece: its header first, then any tensor's numbers by positional reads.
 *
 * **Memory**  the header, and `pieceBytes` (or one row, if that is more) of the file with their float32 form at a time.
 */
import { Effect, FileSystem } from "effect"
import * as E from "fp-ts/lib/Either.js"
import { CheckpointError, inWords } from "../../errors.ts"
import {
  type Entry,
  type SafetensorsError,
  headerLength,
  lengthBytes,
  metadataOf,
  parseHeader,
} from "./Header.ts"
import { widen, widths } from "./numbers.ts"

// model

/** An open file. It is closed with the scope in which it was opened. */
export interface SafetensorsFile {
  readonly path: string
  readonly entries: ReadonlyMap<string, Entry>
  readonly metadata: Readonly<Record<string, string>>
  /** Where the tensors' bytes begin. */
  readonly dataStart: number
  /**
   * Tells `use` of a tensor's numbers in their order: whole rows of `rowLength` numbers, the first of which is number
   * `first` of the tensor. They must be used at once: the next piece comes in the same memory.
   */
  readonly pieces: (
    entry: Entry,
    rowLength: number,
    use: (first: number, values: Float32Array) => void,
  ) => Effect.Effect<void, CheckpointError>
}

/** How much of a file is read at once. Ours: large enough for the disk's full speed. */
export const pieceBytes = 4 * 1024 * 1024

// constructors

/** Opens a file and checks its header. */
export const openSafetensors = Effect.fn("openSafetensors")(function* (path: string) {
  const fs = yield* FileSystem.FileSystem
  const damaged = (tensor: string, problem: string): CheckpointError =>
    new CheckpointError({
      path,
      field: tensor,
      problem,
      remedy: "The file is damaged or incomplete: copy it again from its source.",
    })
  const unreadable = (cause: { readonly reason: { readonly _tag: string } }): CheckpointError =>
    new CheckpointError({
      path,
      field: "",
      problem: `cannot be read (${inWords(cause.reason._tag)})`,
      remedy: "A checkpoint folder holds config.json and model.safetensors, or its index with all its files.",
    })
  const orFail = <A>(checked: E.Either<SafetensorsError, A>): Effect.Effect<A, CheckpointError> =>
    E.isLeft(checked)
      ? Effect.fail(damaged(checked.left.tensor, checked.left.problem))
      : Effect.succeed(checked.right)

  const file = yield* fs.open(path).pipe(Effect.mapError(unreadable))
  const info = yield* file.stat.pipe(Effect.mapError(unreadable))
  if (info.type !== "File") return yield* unreadable({ reason: { _tag: "BadResource" } })
  const size = Number(info.size)

  /** Fills `bytes` from `position` on. */
  const fill = Effect.fnUntraced(function* (bytes: Uint8Array, position: number, tensor: string) {
    let filled = 0
    while (filled < bytes.byteLength) {
      const read = yield* file
        .read(bytes.subarray(filled), { position: BigInt(position + filled) })
        .pipe(Effect.mapError(unreadable))
      if (read === 0) return yield* damaged(tensor, "the file ends before it does")
      filled += read
    }
    return bytes
  })

  const start = yield* fill(new Uint8Array(Math.min(lengthBytes, size)), 0, "")
  const length = yield* orFail(headerLength(start, size))
  const dataStart = lengthBytes + length
  const header = yield* fill(new Uint8Array(length), lengthBytes, "")
  const entries = yield* orFail(parseHeader(header, size - dataStart))

  const pieces: SafetensorsFile["pieces"] = Effect.fnUntraced(function* (entry, rowLength, use) {
    const width = widths[entry.dtype]
    const rows = Math.max(1, Math.floor(pieceBytes / (rowLength * width)))
    const whole = rows * rowLength * width
    // One piece of memory for all of them: fresh ones would be more work for the collector than the reading is.
    const buffer = new Uint8Array(Math.min(whole, entry.end - entry.begin))
    const numbers = new Float32Array(buffer.byteLength / width)
    for (let at = entry.begin; at < entry.end; at += whole) {
      const bytes = buffer.subarray(0, Math.min(whole, entry.end - at))
      yield* fill(bytes, dataStart + at, entry.name)
      const values = numbers.subarray(0, bytes.byteLength / width)
      widen(entry.dtype, bytes, values)
      use((at - entry.begin) / width, values)
    }
  })
  return {
    path,
    entries: new Map(entries.map((entry) => [entry.name, entry])),
    metadata: metadataOf(header),
    dataStart,
    pieces,
  } satisfies SafetensorsFile
})
