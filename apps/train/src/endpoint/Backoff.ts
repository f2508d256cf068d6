/**
 * How long to wait before a request is sent again.
 *
 *     wait(a) = min(longest, first · 2^a) · (1 + u) / 2,   u uniform in [0, 1),   and never less than Retry-After
 *
 * a counts the retries from 0. The half that is random keeps clients that failed together from coming back together; it is drawn
 * from the run's seed, so a run's waits can be repeated.
 *
 * **Units**  seconds.
 * **Source**  "equal jitter" of M. Brooker, Exponential Backoff And Jitter (AWS Architecture Blog, 2015); Retry-After: RFC 9110 §10.2.3.
 */
import type { Patience } from "./Settings.ts"

/** The wait before retry `retry`; `uniform` is in [0, 1). */
export const waitBefore = (
  { first, longest }: Patience,
  retry: number,
  uniform: number,
  retryAfter: number | undefined,
): number => Math.max((Math.min(longest, first * 2 ** retry) * (1 + uniform)) / 2, retryAfter ?? 0)

/**
 * The seconds that a Retry-After header asks for: a number of seconds, or a date; undefined when it is neither.
 *
 * **Domain**  `now` in milliseconds since 1970; a date in the past gives 0.
 */
export const retryAfterSeconds = (header: string | undefined, now: number): number | undefined => {
  if (header === undefined) return undefined
  const text = header.trim()
  // Fractions are not in the standard, but are sent.
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text)
  const date = /[a-z]/i.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(date) ? undefined : Math.max(0, (date - now) / 1000)
}
