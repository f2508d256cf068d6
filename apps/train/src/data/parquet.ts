/**
 * The rows of a Parquet file, as plain values.
 *
 * Structs are records and lists are arrays, to any depth, as the Hub's data sets have them (`reward_model.ground_truth`,
 * `prompt[0].content`). Every codec of the format is read; nothing is trusted: a damaged file is an error with the reader's own words.
 */
import { parquetReadObjects } from "hyparquet"
import { compressors } from "hyparquet-compressors"
import * as TE from "fp-ts/lib/TaskEither.js"
import { type DatasetFault, fault } from "./records.ts"

/** Whether bytes are those of a Parquet file: it begins with "PAR1". */
export const isParquet = (bytes: Uint8Array): boolean =>
  new TextDecoder().decode(bytes.subarray(0, magic.length)) === magic

const magic = "PAR1"

/** See the module header. */
export const parquetRows = (bytes: Uint8Array): TE.TaskEither<DatasetFault, ReadonlyArray<unknown>> =>
  TE.tryCatch(
    () => parquetReadObjects({ file: buffered(bytes), compressors }),
    (cause) =>
      fault(
        "broken",
        "",
        "",
        `is not a whole Parquet file: ${cause instanceof Error ? cause.message : String(cause)}`,
        "Was it copied whole? Of a data set kept with Git LFS, a small text may lie in its place.",
      ),
  )

/** The bytes, as the reader asks for them. */
const buffered = (
  bytes: Uint8Array,
): { readonly byteLength: number; readonly slice: (start: number, end?: number) => ArrayBuffer } => {
  const own = new Uint8Array(bytes).buffer
  return { byteLength: own.byteLength, slice: (start, end) => own.slice(start, end) }
}
