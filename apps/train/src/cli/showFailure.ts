/**
 * How a failure is told: a user's error by its message, without a stack trace; a bug with everything that helps.
 */
import * as Cause from "effect/Cause"

/** One text for stderr. */
export const showFailure = (cause: Cause.Cause<unknown>): string => {
  if (Cause.hasInterruptsOnly(cause)) return "interrupted"
  const error = Cause.squash(cause)
  const isForUsers = !Cause.hasDies(cause) && error instanceof Error
  return isForUsers ? `error: ${error.message}` : `bug in rapo, please report it:\n${Cause.pretty(cause)}`
}
