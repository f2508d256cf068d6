/**
 * Real numbers as integers of 2^-bits: what floating-point results are compared with.
 *
 * Doubles are exact where bits ≥ 1074. Exponentials err by less than 2^-(bits - 64) relative to max(1, result).
 */

export interface Exact {
  /** A double, exactly (or cut off below 2^-bits). */
  readonly of: (x: number) => bigint
  readonly mul: (a: bigint, b: bigint) => bigint
  readonly exp: (a: bigint) => bigint
  readonly one: bigint
}

export const abs = (a: bigint): bigint => (a < 0n ? -a : a)
export const total = (xs: ReadonlyArray<bigint>): bigint => xs.reduce((a, b) => a + b, 0n)

const view = new DataView(new ArrayBuffer(8))

/** x = m 2^e, with integers m and e. */
const parts = (x: number): readonly [bigint, number] => {
  view.setFloat64(0, x)
  const word = view.getBigUint64(0)
  const exponent = Number((word >> 52n) & 0x7ffn)
  const fraction = word & 0xfffffffffffffn
  const m = exponent === 0 ? fraction : fraction | 0x10000000000000n
  return [word >> 63n === 1n ? -m : m, Math.max(exponent, 1) - 1075]
}

export const exact = (bits: number): Exact => {
  const width = BigInt(bits)
  const one = 1n << width
  const of = (x: number): bigint => {
    const [m, e] = parts(x)
    const shift = e + bits
    return shift >= 0 ? m << BigInt(shift) : m >> BigInt(-shift)
  }
  const mul = (a: bigint, b: bigint): bigint => (a * b) >> width
  /** e^a = (e^{a / 2^halvings})^{2^halvings}, the inner one by Taylor; each squaring costs a bit. */
  const halvings = 40
  const exp = (a: bigint): bigint => {
    if (a < 0n) {
      const inverse = exp(-a)
      return (one * one) / inverse
    }
    const small = a >> BigInt(halvings)
    let term = one
    let sum = one
    for (let n = 1n; term > 0n; n++) {
      term = mul(term, small) / n
      sum += term
    }
    let result = sum
    for (let n = 0; n < halvings; n++) result = mul(result, result)
    return result
  }
  return { of, mul, exp, one }
}
