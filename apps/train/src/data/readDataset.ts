/**
 * A data set's file, read, checked and named by its hash: JSON, JSONL or Parquet, told apart by what is in it.
 */
import { Effect, FileSystem } from "effect"
import { isLeft } from "fp-ts/lib/Either.js"
import { createHash } from "node:crypto"
import { ConfigError, inWords } from "../errors.ts"
import { type Fields } from "./Fields.ts"
import { readParquet } from "./parquet/read.ts"
import { isParquet } from "./parquet/rows.ts"
import { type Problems, parseProblems } from "./parseProblems.ts"
import { type DatasetFault, type Entry, numbered, recordsOf, showFault } from "./records.ts"

/** A file's questions. */
export interface Dataset extends Problems {
  readonly path: string
  readonly sha256: string
}

/** See the module header. */
export const readDataset = Effect.fn("readDataset")(function* (
  path: string,
  fields: Fields,
  skipMalformed: boolean,
) {
  const bytes = yield* readBytes(path)
  const entries = yield* readEntries(path, bytes)
  const parsed = parseProblems(entries, fields, skipMalformed)
  if (isLeft(parsed)) return yield* inFile(path, parsed.left)
  return { ...parsed.right, path, sha256: sha256(bytes) } satisfies Dataset
})

/** What a data set's owner should know, a sentence each: how many problems there are, and which records are left out. */
export const describeDataset = ({ path, questions, faults }: Dataset): ReadonlyArray<string> =>
  faults.length === 0
    ? [`${path}: ${counted(questions.length)} problems`]
    : [
        `${path}: ${counted(questions.length)} of ${counted(questions.length + faults.length)} problems; ${counted(faults.length)} left out`,
        ...faults.map((each) => `${path}: left out: ${showFault(each)}`),
      ]

/** A file's records. */
const readEntries = Effect.fnUntraced(function* (path: string, bytes: Uint8Array) {
  if (!isParquet(bytes)) return recordsOf(new TextDecoder().decode(bytes))
  const rows = yield* readParquet(bytes).pipe(Effect.mapError((damage) => inFile(path, damage)))
  return numbered("row", rows) satisfies ReadonlyArray<Entry>
})

const inFile = (path: string, { place, problem, remedy }: DatasetFault): ConfigError =>
  new ConfigError({ path, field: place, problem, remedy })

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

const counted = (count: number): string => count.toLocaleString("en")
