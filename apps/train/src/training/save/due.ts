/**
 * When learning is saved again.
 *
 *     every n > 0 steps;   n = 0: at an interruption alone;
 *     nothing said: when 10 minutes have passed, and 19 times as long as the save before took
 *
 * So by default no more than about ten minutes of a training are lost, and saving takes no more than a twentieth of its time,
 * however large the model and slow the disk. Ours.
 */

/** Ours: what one would rather not do again. */
export const usualSeconds = 600

/** Of the time, saving takes 1/20 at most. */
const timesItsCost = 19

/** See the module header. `steps` are done; `sinceLast` and `lastTook` are in seconds. */
export const isDue = (
  every: number | undefined,
  steps: number,
  sinceLast: number,
  lastTook: number,
): boolean =>
  every === undefined
    ? sinceLast >= Math.max(usualSeconds, timesItsCost * lastTook)
    : every > 0 && steps % every === 0
