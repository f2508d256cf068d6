/** Roots of increasing functions, to the last digits and in few evaluations: each costs a pass over all outcomes. */

/** A function's value at a point, its derivative and, where it is cheap to have, its second. */
export interface Point {
  readonly value: number
  readonly slope: number
  readonly curvature?: number
}

/** An interval. */
export interface Bracket {
  readonly low: number
  readonly high: number
}

/**
 * The root in [low, high] of a function that increases, from a first guess: Newton's method, and bisection where a step
 * would leave the bracket or does not halve the step before the last (Press et al., Numerical Recipes, section 9.4). Thus
 * never more than twice the steps of bisection, and six or so where Newton's method is at home. With curvatures it is Halley's
 * method, whose error falls with the third power, the correction kept between 0.8 and 1.2 (ibid., section 9.4.2).
 *
 * `lastStep` is the size of such a step after which no other is taken: rounding error, unless the caller knows how near a
 * line f is, and so how small the next step would be.
 */
export const increasingRoot = (
  f: (x: number) => Point,
  bracket: Bracket,
  guess: number,
  lastStep: number = 0,
): number => {
  let { low, high } = bracket
  let x = Math.min(high, Math.max(low, guess))
  let [step, previous] = [high - low, high - low]
  for (;;) {
    const { value, slope, curvature } = f(x)
    if (value === 0) return x
    if (value < 0) low = x
    else high = x
    const newton = x - value / slope / correction(value, slope, curvature ?? 0)
    const converges = low < newton && newton < high && 2 * Math.abs(newton - x) <= Math.abs(previous)
    const next = converges ? newton : low + (high - low) / 2
    previous = step
    step = next - x
    const rounding = Number.EPSILON * Math.max(1, Math.abs(x))
    if (Math.abs(step) <= Math.max(rounding, converges ? lastStep : 0)) return next
    x = next
  }
}

/** What Halley's method divides a Newton step by. */
const correction = (value: number, slope: number, curvature: number): number => {
  const exact = 1 - (value / slope) * (curvature / (2 * slope))
  return Number.isNaN(exact) ? 1 : Math.max(0.8, Math.min(1.2, exact))
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
