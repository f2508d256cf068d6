/**
 * exp, ln, sin, cos and arctan of intervals, and π, by series over scaled integers.
 *
 * Each kernel works on integers scaled by 2^w, where w is the precision asked for plus `guard` bits. A kernel makes fewer than
 * 2^12 roundings, each of one unit, and its halvings and squarings enlarge them by less than 2^10: its error is below
 * `slack = 2^24` units, which every result is widened by. Monotone functions are evaluated at both ends; sin and cos, whose
 * derivative is at most 1, at the middle.
 *
 * Source: R. Brent, P. Zimmermann, Modern Computer Arithmetic (2010), chapter 4.
 */
import * as Integers from "./Integers.ts"
import * as Interval from "./Interval.ts"

// constructors

/**
 * π, by Machin's formula `π = 16 arctan(1/5) − 4 arctan(1/239)`.
 *
 * @category constructors
 * @since 0.1.0
 */
export const pi = (p: number): Interval.Interval => widened(scaledPi(p + guard), p + guard)

// combinators

/**
 * The exponential; `undefined` for |x| > 2^40.
 *
 * @category combinators
 * @since 0.1.0
 */
export const exp = (x: Interval.Interval, p: number): Interval.Interval | undefined => {
  const size = Interval.magnitude(x)
  if (size > 40) return undefined
  const w = p + guard + Math.max(0, size)
  const [low, high] = ends(x, w)
  const [a, b] = [scaledExp(low, w), low === high ? undefined : scaledExp(high, w)]
  return Interval.hull(a, b ?? a, p)
}

/**
 * The natural logarithm of an interval of positive numbers.
 *
 * @category combinators
 * @since 0.1.0
 */
export const ln = (x: Interval.Interval, p: number): Interval.Interval | undefined => {
  if (x.low <= 0n) return undefined
  const a = scaledLn(x.low, x.exponent, p)
  return x.low === x.high ? a : Interval.hull(a, scaledLn(x.high, x.exponent, p), p)
}

/**
 * cos and sin; `undefined` for |x| > 2^40, and for intervals wider than 1.
 *
 * @category combinators
 * @since 0.1.0
 */
export const cosSin = (
  x: Interval.Interval,
  p: number,
): readonly [Interval.Interval, Interval.Interval] | undefined => {
  const size = Interval.magnitude(x)
  if (size > 40) return undefined
  const w = p + guard + Math.max(0, size)
  const one = 1n << BigInt(w)
  const [low, high] = ends(x, w)
  if (high - low > one) return undefined
  const radius = (high - low) / 2n + 1n + slack
  const quarter = scaledPi(w) / 2n
  const middle = (low + high) / 2n
  const turns = floorDivide(2n * middle + quarter, 2n * quarter)
  const [c, s] = scaledCosSin(middle - turns * quarter, w)
  // The error of the quarter is counted `turns` times.
  const error = radius + slack * (abs(turns) + 1n)
  const around = (v: bigint): Interval.Interval =>
    Interval.round(Interval.make(max(v - error, -one), min(v + error, one), -w), p)
  switch (Number(((turns % 4n) + 4n) % 4n)) {
    case 0:
      return [around(c), around(s)]
    case 1:
      return [around(-s), around(c)]
    case 2:
      return [around(-c), around(-s)]
    default:
      return [around(s), around(-c)]
  }
}

/**
 * The arctangent, in (−π/2, π/2).
 *
 * @category combinators
 * @since 0.1.0
 */
export const arctan = (x: Interval.Interval, p: number): Interval.Interval | undefined => {
  if (x.low < 0n && x.high <= 0n) {
    const opposite = arctan(Interval.negate(x), p)
    return opposite && Interval.negate(opposite)
  }
  // arctan x = π/2 − arctan(1/x) for x >= 2
  if (x.low > 0n && Interval.magnitude(Interval.make(x.low, x.low, x.exponent)) > 1) {
    const inverse = Interval.divide(Interval.fromInteger(1n), x, p + 4)
    const small = inverse && arctan(inverse, p)
    const half = pi(p)
    return small && Interval.subtract(Interval.make(half.low, half.high, half.exponent - 1), small, p)
  }
  if (Interval.magnitude(x) > 4) return undefined
  const w = p + guard
  const [low, high] = ends(x, w)
  const [a, b] = [scaledArctan(low, w), low === high ? undefined : scaledArctan(high, w)]
  return Interval.hull(widened(a, w), widened(b ?? a, w), p)
}

// numerics

const guard = 48
const slack = 1n << 24n

const abs = Integers.abs
const min = (a: bigint, b: bigint): bigint => (a < b ? a : b)
const max = (a: bigint, b: bigint): bigint => (a > b ? a : b)

const floorDivide = (a: bigint, b: bigint): bigint => {
  const quotient = a / b
  return a < 0n && quotient * b !== a ? quotient - 1n : quotient
}

/** An integer at scale 2^w as an interval that contains what it approximates. */
const widened = (v: bigint, w: number): Interval.Interval => Interval.make(v - slack, v + slack, -w)

/** The ends at scale 2^w, outwards. */
const ends = (x: Interval.Interval, w: number): readonly [bigint, bigint] => {
  const k = x.exponent + w
  if (k >= 0) return [x.low << BigInt(k), x.high << BigInt(k)]
  return [x.low >> BigInt(-k), -(-x.high >> BigInt(-k))]
}

/** The values of a constant by scale: the largest computed serves all smaller ones. */
const cached = (compute: (w: number) => bigint): ((w: number) => bigint) => {
  let known = { w: 0, value: 0n }
  return (w) => {
    if (known.w < w) known = { w: Math.ceil(w * 1.25) + 128, value: compute(Math.ceil(w * 1.25) + 128) }
    return known.value >> BigInt(known.w - w)
  }
}

/** arctan(1/n) at scale 2^w. */
const scaledArctanInverse = (n: bigint, w: number): bigint => {
  let power = (1n << BigInt(w)) / n
  let sum = power
  for (let k = 3n; power !== 0n; k += 2n) {
    power = -power / (n * n)
    sum += power / k
  }
  return sum
}

const scaledPi = cached((w) => 16n * scaledArctanInverse(5n, w) - 4n * scaledArctanInverse(239n, w))

/** ln 2 = 2 artanh(1/3) */
const scaledLn2 = cached((w) => {
  let power = (1n << BigInt(w + 1)) / 3n
  let sum = power
  for (let k = 3n; power !== 0n; k += 2n) {
    power /= 9n
    sum += power / k
  }
  return sum
})

/** e^x for x at scale 2^w: x = k ln 2 + r, then Taylor's series of r/2^8 and eight squarings. */
const scaledExp = (x: bigint, w: number): Interval.Interval => {
  const scale = BigInt(w)
  const turns = floorDivide(x, scaledLn2(w))
  const reduced = (x - turns * scaledLn2(w)) >> 8n
  const one = 1n << scale
  let term = one
  let sum = one
  for (let k = 1n; term !== 0n; k++) {
    term = ((term * reduced) / k) >> scale
    sum += term
  }
  for (let k = 0; k < 8; k++) sum = (sum * sum) >> scale
  // The error of ln 2 is counted `turns` times.
  const error = slack * (abs(turns) + 1n)
  return Interval.make(sum - error, sum + error, Number(turns) - w)
}

/** ln(m · 2^e) = k ln 2 + 2 artanh((y − 1)/(y + 1)) with y = m · 2^{e − k} in [1/2, 1). */
const scaledLn = (m: bigint, e: number, p: number): Interval.Interval => {
  const size = Integers.bits(m)
  const w = p + guard + Math.ceil(Math.log2(Math.abs(size + e) + 2))
  const scale = BigInt(w)
  const one = 1n << scale
  const y = size > w ? m >> BigInt(size - w) : m << BigInt(w - size)
  const z = ((y - one) << scale) / (y + one)
  const zz = (z * z) >> scale
  let power = z
  let sum = z
  for (let k = 3n; power !== 0n && power !== -1n; k += 2n) {
    power = (power * zz) >> scale
    sum += power / k
  }
  const exponent = BigInt(size + e)
  const error = slack * (abs(exponent) + 1n)
  const value = 2n * sum + exponent * scaledLn2(w)
  return Interval.round(Interval.make(value - error, value + error, -w), p)
}

/** cos and sin of |x| <= π/4 at scale 2^w: Taylor's series of x/2^6, then six doublings of cos − 1 and sin. */
const scaledCosSin = (x: bigint, w: number): readonly [bigint, bigint] => {
  const scale = BigInt(w)
  const one = 1n << scale
  const small = x >> 6n
  const square = (small * small) >> scale
  let term = one
  let versine = 0n // cos − 1, which keeps its digits under doubling
  for (let k = 1n; ; k += 2n) {
    term = -((term * square) >> scale) / (k * (k + 1n))
    if (term === 0n) break
    versine += term
  }
  let sine = small
  term = small
  for (let k = 2n; ; k += 2n) {
    term = -((term * square) >> scale) / (k * (k + 1n))
    if (term === 0n) break
    sine += term
  }
  for (let k = 0; k < 6; k++) {
    // sin 2t = 2 sin t cos t,  cos 2t − 1 = −2 sin² t
    const doubled = 2n * ((sine * (one + versine)) >> scale)
    versine = -2n * ((sine * sine) >> scale)
    sine = doubled
  }
  return [one + versine, sine]
}

/** arctan of 0 <= x < 16 at scale 2^w: halved three times by x → x/(1 + √(1 + x²)), then its series. */
const scaledArctan = (x: bigint, w: number): bigint => {
  const scale = BigInt(w)
  const one = 1n << scale
  let y = x
  for (let k = 0; k < 3; k++) {
    const root = Integers.rootFloor((one << scale) + y * y, 2)
    y = (y << scale) / (one + root)
  }
  const square = (y * y) >> scale
  let power = y
  let sum = y
  for (let k = 3n; power !== 0n && power !== -1n; k += 2n) {
    power = -((power * square) >> scale)
    sum += power / k
  }
  return sum << 3n
}
