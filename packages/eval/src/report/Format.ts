/**
 * Numbers as a reader meets them: fixed digits, a real minus sign, a dash for what is not a number.
 */
import type { Interval } from "../Interval.ts"

// destructors

/**
 * @category destructors
 * @since 0.1.0
 */
export const number = (x: number, digits: number = 3): string =>
  Number.isFinite(x)
    ? x
        .toFixed(digits)
        .replace(/^-(?=0(\.0*)?$)/, "")
        .replace("-", "−")
    : "–"

/**
 * With its sign, but none for what rounds to 0.
 *
 * @category destructors
 * @since 0.1.0
 */
export const signed = (x: number, digits: number = 3): string => {
  const plain = number(x, digits)
  return x > 0 && /[1-9]/.test(plain) ? `+${plain}` : plain
}

/**
 * A share as a percentage.
 *
 * @category destructors
 * @since 0.1.0
 */
export const percent = (x: number, digits: number = 1): string =>
  Number.isFinite(x) ? `${number(100 * x, digits)} %` : "–"

/**
 * The ends of an interval.
 *
 * @category destructors
 * @since 0.1.0
 */
export const range = ({ low, high }: Interval, show: (x: number) => string = number): string =>
  `[${show(low)}, ${show(high)}]`
