/**
 * Broken lines: each is named on stderr when it is met, the rest goes on, and the command fails at its end.
 */
import { Effect } from "effect"
import { ConfigError } from "../errors.ts"
import { write } from "../verifyPairs/write.ts"
import type { Fault } from "./rows.ts"

/** See the module header. */
export interface Faults {
  /** Names a broken line. */
  readonly tell: (line: number, problem: Fault) => Effect.Effect<void>
  /** Fails if there was one. */
  readonly settle: (remedy: string) => Effect.Effect<void, ConfigError>
}

/** The faults of an input, none yet. */
export const make = (path: string): Faults => {
  const lines: Array<number> = []
  return {
    tell: (line, problem) => {
      lines.push(line)
      return write(process.stderr, `${path}: line ${line}: ${problem}\n`)
    },
    settle: (remedy) =>
      Effect.suspend(() =>
        lines.length === 0
          ? Effect.void
          : Effect.fail(
              new ConfigError({
                path,
                field: `line ${lines[0]}`,
                problem: `${lines.length === 1 ? "this line is" : `this line and ${lines.length - 1} more are`} broken`,
                remedy,
              }),
            ),
      ),
  }
}
