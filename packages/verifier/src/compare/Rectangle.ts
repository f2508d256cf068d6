/**
 * Complex numbers as rectangles: an interval for each part. A number that is known to be real has no imaginary part, which is
 * more than one that is near 0.
 */
import * as Elementary from "./Elementary.ts"
import * as Interval from "./Interval.ts"

// model

/** @category models */
export interface Rectangle {
  readonly re: Interval.Interval
  readonly im?: Interval.Interval
}

type R = Rectangle

// constructors

/** @category constructors */
export const real = (re: Interval.Interval): R => ({ re })

/** @category constructors */
export const complex = (re: Interval.Interval, im: Interval.Interval): R =>
  Interval.isExactZero(im) ? { re } : { re, im }

// refinements

/** Whether 0 may be inside. */
export const containsZero = (a: R): boolean =>
  Interval.containsZero(a.re) && (a.im === undefined || Interval.containsZero(a.im))

/** An upper bound for log₂ of the larger part's magnitude. */
export const magnitude = (a: R): number =>
  Math.max(Interval.magnitude(a.re), a.im === undefined ? -Infinity : Interval.magnitude(a.im))

// combinators

/** @category combinators */
export const negate = (a: R): R =>
  a.im === undefined
    ? { re: Interval.negate(a.re) }
    : { re: Interval.negate(a.re), im: Interval.negate(a.im) }

/** @category combinators */
export const add = (a: R, b: R, p: number): R => {
  const re = Interval.add(a.re, b.re, p)
  if (a.im === undefined) return b.im === undefined ? { re } : { re, im: b.im }
  return b.im === undefined ? { re, im: a.im } : complex(re, Interval.add(a.im, b.im, p))
}

/** @category combinators */
export const multiply = (a: R, b: R, p: number): R => {
  const times = Interval.multiply
  if (a.im === undefined && b.im === undefined) return { re: times(a.re, b.re, p) }
  if (a.im === undefined) return multiply(b, a, p)
  if (b.im === undefined) return complex(times(a.re, b.re, p), times(a.im, b.re, p))
  return complex(
    Interval.subtract(times(a.re, b.re, p), times(a.im, b.im, p), p),
    Interval.add(times(a.re, b.im, p), times(a.im, b.re, p), p),
  )
}

/** |a|² */
const norm = (a: R, p: number): Interval.Interval =>
  a.im === undefined
    ? Interval.square(a.re, p)
    : Interval.add(Interval.square(a.re, p), Interval.square(a.im, p), p)

/** @category combinators */
export const divide = (a: R, b: R, p: number): R | undefined => {
  if (b.im === undefined) {
    const re = Interval.divide(a.re, b.re, p)
    const im = a.im && Interval.divide(a.im, b.re, p)
    return re && (a.im === undefined ? { re } : im && complex(re, im))
  }
  const [above, below] = [multiply(a, { re: b.re, im: Interval.negate(b.im) }, p), norm(b, p)]
  return divide(above, { re: below }, p)
}

/** @category combinators */
export const absolute = (a: R, p: number): R | undefined => {
  if (a.im !== undefined) {
    const root = Interval.root(norm(a, p), 2, p)
    return root && { re: root }
  }
  if (a.re.low >= 0n) return a
  if (a.re.high <= 0n) return negate(a)
  const { low, high, exponent } = a.re
  return { re: Interval.make(0n, -low > high ? -low : high, exponent) }
}

/**
 * The principal square root; real numbers of unknown sign have none yet.
 *
 * @category combinators
 * @since 0.1.0
 */
export const squareRoot = (a: R, p: number): R | undefined => {
  if (a.im === undefined) {
    if (a.re.high < 0n) {
      const root = Interval.root(Interval.negate(a.re), 2, p)
      return root && { re: Interval.zero, im: root }
    }
    if (a.re.low < 0n) return undefined
    const root = Interval.root(a.re, 2, p)
    return root && { re: root }
  }
  // √(x + iy) = u + iv with u = √((|a| + x)/2) and v = y/(2u), or with v first where x < 0.
  const size = absolute(a, p)
  const halved = (b: Interval.Interval): Interval.Interval => Interval.make(b.low, b.high, b.exponent - 1)
  if (size === undefined) return undefined
  const right = a.re.low >= 0n || !Interval.containsZero(a.im)
  const first = Interval.root(
    halved(right && a.re.high >= 0n ? Interval.add(size.re, a.re, p) : Interval.subtract(size.re, a.re, p)),
    2,
    p,
  )
  if (first === undefined) return undefined
  const second = Interval.divide(halved(a.im), first, p)
  if (second === undefined) return undefined
  if (right && a.re.high >= 0n) return complex(first, second)
  const side = Interval.sign(a.im)
  if (side === undefined || side === 0) return undefined
  return side > 0 ? complex(second, first) : complex(Interval.negate(second), Interval.negate(first))
}

/** @category combinators */
export const exp = (a: R, p: number): R | undefined => {
  const size = Elementary.exp(a.re, p)
  if (size === undefined || a.im === undefined) return size && { re: size }
  const direction = Elementary.cosSin(a.im, p)
  return (
    direction && complex(Interval.multiply(size, direction[0], p), Interval.multiply(size, direction[1], p))
  )
}

/**
 * The principal logarithm, with an imaginary part in (−π, π].
 *
 * @category combinators
 * @since 0.1.0
 */
export const ln = (a: R, p: number): R | undefined => {
  if (a.im === undefined) {
    if (a.re.high < 0n) {
      const size = Elementary.ln(Interval.negate(a.re), p)
      return size && { re: size, im: Elementary.pi(p) }
    }
    const size = Elementary.ln(a.re, p)
    return size && { re: size }
  }
  const size = Elementary.ln(norm(a, p), p)
  const angle = argument(a.re, a.im, p)
  return size && angle && complex(Interval.make(size.low, size.high, size.exponent - 1), angle)
}

const argument = (x: Interval.Interval, y: Interval.Interval, p: number): Interval.Interval | undefined => {
  const half = { ...Elementary.pi(p), exponent: Elementary.pi(p).exponent - 1 }
  if (x.low > 0n) {
    const slope = Interval.divide(y, x, p)
    return slope && Elementary.arctan(slope, p)
  }
  const side = Interval.sign(y)
  if (side === undefined || side === 0) return undefined
  const slope = Interval.divide(x, y, p)
  const rest = slope && Elementary.arctan(slope, p)
  return rest && Interval.subtract(side > 0 ? half : Interval.negate(half), rest, p)
}

/**
 * The power with an integer exponent.
 *
 * @category combinators
 * @since 0.1.0
 */
export const integerPower = (a: R, n: number, p: number): R | undefined => {
  if (n < 0) {
    const power = integerPower(a, -n, p)
    return power && divide({ re: Interval.fromInteger(1n) }, power, p)
  }
  if (a.im === undefined) {
    const power = Interval.power(a.re, n, p)
    return power && { re: power }
  }
  if (n > 4096) return undefined
  let result: R = { re: Interval.fromInteger(1n) }
  let base: R = a
  for (let rest = n; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = multiply(result, base, p)
    if (rest > 1) base = multiply(base, base, p)
  }
  return result
}
