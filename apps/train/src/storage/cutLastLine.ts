/**
 * Removes what stands behind the last end of a line, which is what a crash leaves of one that was being written.
 */
import { Effect, FileSystem } from "effect"

/** How much is read at a time when the end of the last line is looked for, in bytes. */
const block = 65_536

const newline = 0x0a

/** See the module header. Whether there was anything. */
export const cutLastLine = Effect.fn("cutLastLine")(function* (path: string) {
  const fs = yield* FileSystem.FileSystem
  const file = yield* fs.open(path, { flag: "r+" })
  const size = Number((yield* file.stat).size)
  let end = size
  while (end > 0) {
    const start = Math.max(0, end - block)
    const bytes = new Uint8Array(end - start)
    yield* file.seek(BigInt(start), "start")
    const count = yield* file.read(bytes)
    const last = bytes.subarray(0, count).lastIndexOf(newline)
    end = last >= 0 ? start + last + 1 : start
    if (last >= 0) break
  }
  if (end < size) yield* file.truncate(end)
  return end < size
}, Effect.scoped)
