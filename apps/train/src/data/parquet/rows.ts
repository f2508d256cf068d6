/**
 * The rows of a Parquet file, as plain values.
 *
 * Structs are records and lists are arrays, to any depth, as the Hub's data sets have them (`reward_model.ground_truth`,
 * `prompt[0].content`). Every codec of the format is read. A damaged file is an error with the reader's own words, or, where the
 * reader never ends, nothing at all: `read.ts` gives it a thread and a time.
 */
import * as TE from "fp-ts/lib/TaskEither.js"
import { parquetReadObjects } from "hyparquet"
import { compressors } from "hyparquet-compressors"

/** Whether bytes are those of a Parquet file: it begins with "PAR1". */
export const isParquet = (bytes: Uint8Array): boolean =>
  new TextDecoder().decode(bytes.subarray(0, magic.length)) === magic

const magic = "PAR1"

/** The rows, or why there are none. */
export const parquetRows = (bytes: Uint8Array): TE.TaskEither<string, ReadonlyArray<unknown>> =>
  TE.tryCatch(
    () => parquetReadObjects({ file: buffered(bytes), compressors }),
    (cause) => (cause instanceof Error ? cause.message : String(cause)),
  )

/** The bytes, as the reader asks for them. */
const buffered = (
  bytes: Uint8Array,
): { readonly byteLength: number; readonly slice: (start: number, end?: number) => ArrayBuffer } => {
  const own = new Uint8Array(bytes).buffer
  return { byteLength: own.byteLength, slice: (start, end) => own.slice(start, end) }
}
