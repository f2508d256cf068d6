/** Rounding to bfloat16, against its definition; and the tiles of a transpose against the plain loop. */
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { fromFloat32, toFloat32 } from "../../src/model/safetensors/numbers.ts"
import { putRows, takeRows } from "../../src/model/safetensors/transpose.ts"
import { float32 } from "../arbitraries.ts"

const rounded = (...values: ReadonlyArray<number>): ReadonlyArray<number> => [
  ...toFloat32("BF16", fromFloat32("BF16", Float32Array.from(values))),
]

/** The bfloat16 with the given 16 bits. */
const numberOf = (pattern: number): number =>
  toFloat32("BF16", new Uint8Array(Uint16Array.of(pattern).buffer))[0] ?? NaN

/** The largest finite bfloat16. */
const largest = numberOf(0x7f7f)

describe("bfloat16", () => {
  it("every one of them is kept by rounding, bit by bit; NaN stays NaN", () => {
    const all = Uint16Array.from({ length: 0x10000 }, (_, pattern) => pattern)
    const values = toFloat32("BF16", new Uint8Array(all.buffer))
    const again = new Uint16Array(fromFloat32("BF16", values).buffer)
    const wrong = [...all].filter((pattern, i) =>
      Number.isNaN(values[i] ?? 0) ? !Number.isNaN(numberOf(again[i] ?? 0)) : again[i] !== pattern,
    )
    expect(wrong).toEqual([])
  })

  it("a number goes to the nearest, a tie to the one with an even last bit", () => {
    fc.assert(
      fc.property(float32, (x) => {
        if (Number.isNaN(x)) return Number.isNaN(rounded(x)[0] ?? 0)
        if (Math.abs(x) > largest) return true
        const [near = NaN] = rounded(x)
        const bits = new Uint16Array(fromFloat32("BF16", Float32Array.of(x)).buffer)[0] ?? 0
        // The neighbours in magnitude; below 0 there is none.
        const neighbours = [bits - 1, bits + 1]
          .filter((pattern) => (pattern & 0x7fff) !== 0x7fff)
          .map(numberOf)
        return neighbours.every((other) => {
          const [own, theirs] = [Math.abs(near - x), Math.abs(other - x)]
          return Number.isNaN(other) || own < theirs || (own === theirs && bits % 2 === 0)
        })
      }),
      { numRuns: 2000 },
    )
  })

  it("ties, the largest number, and a NaN whose payload is in the lower half", () => {
    expect(rounded(1 + 2 ** -8, 1 + 3 * 2 ** -8, -(1 + 2 ** -8))).toEqual([1, 1 + 2 ** -6, -1])
    expect(rounded(largest, 3.4028234663852886e38)).toEqual([largest, Infinity])
    const hidden = new Float32Array(Uint32Array.of(0x7f800001).buffer)
    expect(toFloat32("BF16", fromFloat32("BF16", hidden))[0]).toBeNaN()
  })
})

describe("a transpose, some rows at a time", () => {
  it("puts and takes what the plain loop does", () => {
    const size = fc.integer({ min: 1, max: 70 })
    fc.assert(
      fc.property(size, size, size, (rows, columns, step) => {
        const file = Float32Array.from({ length: rows * columns }, (_, i) => i)
        const memory = new Float32Array(rows * columns).fill(-1)
        const back = new Float32Array(rows * columns)
        for (let first = 0; first < rows; first += step) {
          const count = Math.min(step, rows - first)
          putRows(memory, [rows, columns], first, file.subarray(first * columns, (first + count) * columns))
        }
        for (let first = 0; first < rows; first += step)
          back.set(takeRows(memory, [rows, columns], first, Math.min(step, rows - first)), first * columns)
        return (
          memory.every((value, i) => value === file[(i % rows) * columns + Math.floor(i / rows)]) &&
          back.every((value, i) => value === file[i])
        )
      }),
    )
  })
})
