/**
 * A Parquet file's rows, read in a thread of its own.
 *
 * A damaged page can send a decompressor round for ever, and code that never ends cannot be interrupted from within; a thread can be
 * ended. So a file gets its time, and what has not come by then is not a Parquet file that can be used.
 */
import { Effect } from "effect"
import { isLeft } from "fp-ts/lib/Either.js"
import { Worker } from "node:worker_threads"
import { workerEntry } from "../../paths.ts"
import { type DatasetFault, fault } from "../records.ts"
import { role } from "./role.ts"
import type { FromReader } from "./serve.ts"

/** Enough for gigabytes: a data set of 8,523 problems takes a second. Ours. */
const patience = 60_000

/** See the module header. `milliseconds` is the file's time. */
export const readParquet = (
  bytes: Uint8Array,
  milliseconds: number = patience,
): Effect.Effect<ReadonlyArray<unknown>, DatasetFault> =>
  Effect.acquireUseRelease(
    Effect.sync(() => new Worker(workerEntry, { workerData: role })),
    (worker) =>
      Effect.callback<ReadonlyArray<unknown>, DatasetFault>((resume) => {
        const done = (result: Effect.Effect<ReadonlyArray<unknown>, DatasetFault>): void => {
          clearTimeout(timer)
          resume(result)
        }
        const broken = (problem: string): void => done(Effect.fail(damaged(problem)))
        const timer = setTimeout(
          () => broken(`it could not be read within ${milliseconds / 1000} s`),
          milliseconds,
        )
        worker.once("message", (rows: FromReader) =>
          isLeft(rows) ? broken(rows.left) : done(Effect.succeed(rows.right)),
        )
        worker.once("error", ({ message }: Error) => broken(message))
        worker.postMessage(bytes)
        return Effect.sync(() => clearTimeout(timer))
      }),
    (worker) => Effect.promise(() => worker.terminate()),
  )

const damaged = (problem: string): DatasetFault =>
  fault(
    "broken",
    "",
    "",
    `is not a whole Parquet file: ${problem}`,
    "Copy it again from its source. Of a data set kept with Git LFS, a small text may lie in its place.",
  )
