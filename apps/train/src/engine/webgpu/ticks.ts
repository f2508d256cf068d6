/**
 * Dawn's ticks, on demand.
 *
 * Dawn's binding for Node learns that the card has finished when it ticks, and it ticks in a `setImmediate` that it asks for
 * whenever something is outstanding. So nothing can be awaited without going back to the event loop, and tfjs's `dataSync` on
 * WebGPU needs a browser's canvas. Here `setImmediate` keeps a list of the ticks that are due, so that a blocking read can run
 * them itself: the same call, only earlier.
 */

type Callback = (...args: ReadonlyArray<unknown>) => void

/** Ticks asked for and not yet run, oldest first. */
let due: ReadonlyArray<() => void> = []

/** A tick is a function of the binding. (A bound function looks alike; run early, it only loses its turn.) */
const isOfBinding = (f: Callback): boolean => Function.prototype.toString.call(f).includes("[native code]")

let isWatching = false

/** Watches `setImmediate` of this thread from now on. To be called before Dawn is asked for anything. */
export const watchTicks = (): void => {
  if (isWatching) return
  isWatching = true
  const later = globalThis.setImmediate
  const watched = (f: Callback, ...args: ReadonlyArray<unknown>): NodeJS.Immediate => {
    if (!isOfBinding(f)) return later(f, ...args)
    const tick = (): void => {
      if (!due.includes(tick)) return
      due = due.filter((other) => other !== tick)
      f(...args)
    }
    due = [...due, tick]
    return later(tick)
  }
  // Its own properties too: `util.promisify(setImmediate)` reads one.
  globalThis.setImmediate = Object.defineProperties(
    watched,
    Object.getOwnPropertyDescriptors(later),
  ) as typeof setImmediate
}

/** Runs the oldest tick that is due; false when there is none. */
export const runTick = (): boolean => {
  const [oldest] = due
  oldest?.()
  return oldest !== undefined
}
