/** Roots of increasing functions, to the last digits and in few evaluations: each costs a pass over all outcomes. */

/** A function's value and derivative at a point. */
export interface Point {
  readonly value: number
  readonly slope: number
}

/** An interval. */
export interface Bracket {
  readonly low: number
  readonly high: number
}

/**
 * The root in [low, high] of a function that increases, from a first guess: Newton's method, and bisection where a step
 * would leave the bracket or does not halve the step before the last (Press et al., Numerical Recipes, section 9.4). Thus
 * never more than twice the steps of bisection, and six or so where Newton's method is at home.
 *
 * `lastStep` is the relative size of a Newton step after which no other is taken: rounding error, unless the caller knows
 * how near a line f is, and so how small the next step would be.
 */
export const increasingRoot = (
  f: (x: number) => Point,
  bracket: Bracket,
  guess: number,
  lastStep: number = Number.EPSILON,
): number => {
  let { low, high } = bracket
  let x = Math.min(high, Math.max(low, guess))
  let [step, previous] = [high - low, high - low]
  for (;;) {
    const { value, slope } = f(x)
    if (value === 0) return x
    if (value < 0) low = x
    else high = x
    const newton = x - value / slope
    const converges = low < newton && newton < high && 2 * Math.abs(newton - x) <= Math.abs(previous)
    const next = converges ? newton : low + (high - low) / 2
    previous = step
    step = next - x
    if (Math.abs(step) <= (converges ? lastStep : Number.EPSILON) * Math.max(1, Math.abs(x))) return next
    x = next
  }
}

/**
 * The two neighbouring doubles in [low, high] between which an increasing function, jumps allowed, passes 0: bisection,
 * until no double lies between.
 */
export const bisect = (f: (x: number) => number, bracket: Bracket): Bracket => {
  let { low, high } = bracket
  for (;;) {
    const middle = low + (high - low) / 2
    if (!(low < middle && middle < high)) return { low, high }
    if (f(middle) < 0) low = middle
    else high = middle
  }
}
