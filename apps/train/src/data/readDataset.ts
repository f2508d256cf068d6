/**
 * A data set's file, read, checked and named by its hash.
 */
import { Effect, FileSystem } from "effect"
import { isLeft } from "fp-ts/lib/Either.js"
import { createHash } from "node:crypto"
import { ConfigError, inWords } from "../errors.ts"
import { type Fields } from "./Fields.ts"
import { type Problems, parseProblems } from "./parseProblems.ts"

/** A file's questions. */
export interface Dataset extends Problems {
  readonly path: string
  readonly sha256: string
}

/** See the module header. */
export const readDataset = Effect.fn("readDataset")(function* (
  path: string,
  fields: Fields,
  skipInvalid: boolean,
) {
  const bytes = yield* readBytes(path)
  const parsed = parseProblems(new TextDecoder().decode(bytes), fields, skipInvalid)
  if (isLeft(parsed)) {
    const { place, problem, remedy } = parsed.left
    return yield* new ConfigError({ path, field: place, problem, remedy })
  }
  return { ...parsed.right, path, sha256: sha256(bytes) } satisfies Dataset
})

/** A file's bytes. */
export const readBytes = Effect.fn("readBytes")(function* (path: string) {
  const fs = yield* FileSystem.FileSystem
  return yield* fs.readFile(path).pipe(
    Effect.mapError(
      (cause) =>
        new ConfigError({
          path,
          field: "",
          problem: `cannot be read (${inWords(cause.reason._tag)})`,
          remedy: "Give the path of a file that is there.",
        }),
    ),
  )
})

/** In hexadecimal digits. */
export const sha256 = (bytes: Uint8Array | string): string => createHash("sha256").update(bytes).digest("hex")
