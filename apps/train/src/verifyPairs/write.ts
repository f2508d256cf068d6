/**
 * Writing that waits until the text is taken, so that a slow reader slows the work down and nothing piles up.
 */
import { Effect } from "effect"

const closed = new WeakSet<NodeJS.WriteStream>()

/** Whether the reader has gone away, as `head` does. */
export const isClosed = (stream: NodeJS.WriteStream): boolean => closed.has(stream)

/** See the module header. A reader that has gone away is no error; any other failure is a bug's. */
export const write = (stream: NodeJS.WriteStream, text: string): Effect.Effect<void> =>
  text === "" || isClosed(stream)
    ? Effect.void
    : Effect.callback((resume) => {
        // Without a listener the stream's own report of the failure would end the process.
        const failed = (): void => undefined
        stream.once("error", failed)
        stream.write(text, (error) => {
          if (error === null || error === undefined) {
            stream.off("error", failed)
            return resume(Effect.void)
          }
          closed.add(stream)
          resume("code" in error && error.code === "EPIPE" ? Effect.void : Effect.die(error))
        })
      })
