/**
 * A reading thread's side: the rows of the one file whose bytes it is sent.
 */
import type { Either } from "fp-ts/lib/Either.js"
import type { MessagePort } from "node:worker_threads"
import { parquetRows } from "./rows.ts"

/** What the thread sends. */
export type FromReader = Either<string, ReadonlyArray<unknown>>

/** Answers the first message, which is a file's bytes. */
export const serve = (port: MessagePort): void => {
  port.once("message", (bytes: Uint8Array) => {
    void parquetRows(bytes)().then((rows) => port.postMessage(rows))
  })
}
