/**
 * How a failure is told: a user's error by its message, without a stack trace; a bug with everything that helps.
 */
import * as Cause from "effect/Cause"
import * as CliError from "effect/cli/CliError"

/** One text for stderr; undefined when the command line's own parser has said everything. */
export const showFailure = (cause: Cause.Cause<unknown>): string | undefined => {
  if (Cause.hasInterruptsOnly(cause)) return "interrupted"
  const error = Cause.squash(cause)
  if (CliError.isCliError(error) && error._tag === "ShowHelp") return undefined
  const isForUsers = !Cause.hasDies(cause) && error instanceof Error
  return isForUsers ? `error: ${error.message}` : `bug in rapo, please report it:\n${Cause.pretty(cause)}`
}
