/**
 * Numbers of a safetensors file and float32.
 *
 *     F32   as they are
 *     F16   IEEE 754 binary16: 1 sign bit, 5 exponent bits (bias 15), 10 fraction bits; every one is a float32
 *     BF16  the upper half of a float32; every one is a float32, and a float32 is rounded to the nearest, ties to even
 *
 * Laws: fromFloat32 ∘ toFloat32 = identity on BF16 (NaN stays NaN); |bf16(x) − x| ≤ |b − x| for every bfloat16 b.
 * The format is little endian, as is every machine that Node runs on.
 */

// model

/** The types of numbers that can be read. */
export type DType = "F32" | "F16" | "BF16"

/** The types of numbers that can be written. */
export type WrittenDType = "F32" | "BF16"

/** Bytes of one number. */
export const widths: Readonly<Record<DType, number>> = { F32: 4, F16: 2, BF16: 2 }

// destructors

/** The numbers in `bytes`, as float32 in memory of their own. */
export const toFloat32 = (dtype: DType, bytes: Uint8Array): Float32Array => {
  const values = new Float32Array(bytes.byteLength / widths[dtype])
  // A copy (which a Buffer's slice is not), so that the numbers are aligned wherever the bytes lay.
  widen(dtype, new Uint8Array(bytes), values)
  return values
}

/** The same into given memory; the bytes begin at a multiple of 4 in theirs. */
export const widen = (dtype: DType, bytes: Uint8Array, values: Float32Array): void => {
  const { buffer, byteOffset } = bytes
  if (dtype === "F32") {
    values.set(new Float32Array(buffer, byteOffset, values.length))
    return
  }
  const bits = new Uint16Array(buffer, byteOffset, values.length)
  if (dtype === "F16") {
    const numbers = halves()
    for (let i = 0; i < bits.length; i++) values[i] = numbers[bits[i] ?? 0] ?? NaN
    return
  }
  const wide = new Uint32Array(values.buffer, values.byteOffset, values.length)
  for (let i = 0; i < bits.length; i++) wide[i] = (bits[i] ?? 0) << 16
}

/** The bytes of `values`. */
export const fromFloat32 = (dtype: WrittenDType, values: Float32Array): Uint8Array => {
  if (dtype === "F32") return new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
  const wide = new Uint32Array(values.buffer, values.byteOffset, values.length)
  const bits = new Uint16Array(values.length)
  for (let i = 0; i < bits.length; i++) bits[i] = nearestBfloat16(wide[i] ?? 0)
  return new Uint8Array(bits.buffer)
}

// numerics

const infinity = 0x7f800000
const magnitude = 0x7fffffff

/** Half of the lower 16 bits is added, less one where the upper half is even: a tie goes to the even neighbour. */
const nearestBfloat16 = (bits: number): number =>
  (bits & magnitude) > infinity
    ? (bits >>> 16) | 0x40 // A NaN whose payload lies in the lower half would become infinity.
    : (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16

let table: Float32Array | undefined

/** All 65,536 numbers of binary16, by their bits. */
const halves = (): Float32Array => (table ??= Float32Array.from({ length: 0x10000 }, (_, bits) => half(bits)))

const half = (bits: number): number => {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}
