/**
 * What Ctrl-C means to work that is finished first: the first says so, the second ends the program at once.
 */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"

/** The exit code of a program that Ctrl-C has ended. */
const interrupted = 130

/** While the scope lasts. `sentence` is written to stderr at the first. */
export const endingSoon = (sentence: string): Effect.Effect<void, never, Scope.Scope> =>
  Effect.asVoid(
    Effect.acquireRelease(
      Effect.sync(() => {
        let count = 0
        const listen = (): void => {
          count++
          if (count > 1) process.exit(interrupted)
          process.stderr.write(`\n${sentence}\n`)
        }
        process.on("SIGINT", listen)
        return listen
      }),
      (listen) => Effect.sync(() => void process.off("SIGINT", listen)),
    ),
  )
