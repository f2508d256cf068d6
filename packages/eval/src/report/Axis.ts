/**
 * Round axis limits, computed here and given to vega, so that labels can be placed in pixels beforehand.
 *
 * **Law**  the limits hold all the values, and are multiples of a step 1, 2 or 5 times a power of ten.
 */

// model

/**
 * Limits and the distance of the grid lines.
 *
 * @category models
 * @since 0.1.0
 */
export interface Axis {
  readonly low: number
  readonly high: number
  readonly ticks: ReadonlyArray<number>
  /** Decimals that tell the ticks apart. */
  readonly digits: number
}

// constructors

/**
 * Whether a number can be drawn beside others: finite, and small enough that sums and limits stay so.
 *
 * @category refinements
 * @since 0.1.0
 */
export const isDrawable = (x: number): boolean => Math.abs(x) <= largest

/**
 * The axis that holds the drawable ones of some values, with about `count` intervals between its ticks.
 *
 * @category constructors
 * @since 0.1.0
 */
export const holding = (values: ReadonlyArray<number>, count: number = 4): Axis => {
  const drawable = values.filter(isDrawable)
  const [least, most] =
    drawable.length === 0
      ? [0, 1]
      : [drawable.reduce((a, b) => Math.min(a, b)), drawable.reduce((a, b) => Math.max(a, b))]
  const scale = Math.max(Math.abs(least), Math.abs(most), 1)
  const span = most - least > narrowest * scale ? most - least : scale
  const step = roundStep(span / count)
  // the slack forgives a limit that rounding put just beyond a tick
  const first = Math.floor(least / step + 1e-9)
  const last = Math.max(first + 1, Math.ceil(most / step - 1e-9))
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => round((first + i) * step))
  return {
    low: ticks[0] ?? 0,
    high: ticks.at(-1) ?? 1,
    ticks,
    digits: Math.max(0, -Math.floor(Math.log10(step) + 1e-9)),
  }
}

// destructors

/**
 * The pixel of a value on an axis of some length, from its low end.
 *
 * @category destructors
 * @since 0.1.0
 */
export const pixel = (axis: Axis, length: number, value: number): number =>
  ((value - axis.low) / (axis.high - axis.low)) * length

/**
 * The value at a pixel.
 *
 * @category destructors
 * @since 0.1.0
 */
export const valueAt = (axis: Axis, length: number, pixels: number): number =>
  axis.low + (pixels / length) * (axis.high - axis.low)

// numerics

/** Larger numbers in a report are mistakes, and would leave nothing else to see. */
const largest = 1e15

/** Narrower ranges, relative to their values, are rounding: labels could not tell their ends apart. */
const narrowest = 1e-9

/** The step 1, 2 or 5 times a power of ten that is nearest on a logarithmic scale. */
const roundStep = (rough: number): number => {
  const power = 10 ** Math.floor(Math.log10(rough))
  const factor = [Math.SQRT2, Math.sqrt(10), Math.sqrt(50)].findIndex((limit) => rough / power < limit)
  return ([1, 2, 5][factor] ?? 10) * power
}

/** Away with 0.30000000000000004: twelve digits are more than an axis shows. */
const round = (x: number): number => Number(x.toPrecision(12))
