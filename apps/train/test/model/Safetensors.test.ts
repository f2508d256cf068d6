import { isLeft, isRight } from "fp-ts/lib/Either.js"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { type HostTensor, decode, encode } from "../../src/model/Safetensors.ts"
import { headerLength, maxHeaderBytes } from "../../src/model/safetensors/Header.ts"
import { duplicateKey } from "../../src/model/safetensors/duplicateKey.ts"
import { hostTensors } from "../arbitraries.ts"

/** A file with any header and data, right or wrong. */
const fileOf = (header: unknown, data: Uint8Array = new Uint8Array(0), claimed?: bigint): Uint8Array => {
  const json = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header))
  const file = new Uint8Array(8 + json.byteLength + data.byteLength)
  new DataView(file.buffer).setBigUint64(0, claimed ?? BigInt(json.byteLength), true)
  file.set(json, 8)
  file.set(data, 8 + json.byteLength)
  return file
}

/** The bits, so that NaN equals NaN and −0 differs from 0. */
const bits = (values: Float32Array): ReadonlyArray<number> => [
  ...new Uint32Array(values.buffer, values.byteOffset, values.length),
]

const isSameTensor = (a: HostTensor | undefined, b: HostTensor): boolean =>
  a !== undefined && a.shape.join() === b.shape.join() && bits(a.values).join() === bits(b.values).join()

const halves = (...patterns: ReadonlyArray<number>): Uint8Array =>
  new Uint8Array(Uint16Array.from(patterns).buffer)

/** The numbers of a file with one tensor of 16-bit patterns. */
const read16 = (dtype: "F16" | "BF16", ...patterns: ReadonlyArray<number>): Float32Array => {
  const data = halves(...patterns)
  const read = decode(
    fileOf({ x: { dtype, shape: [patterns.length], data_offsets: [0, data.byteLength] } }, data),
  )
  if (isLeft(read)) throw new Error(read.left.problem)
  return read.right.get("x")?.values ?? new Float32Array(0)
}

describe("what is written is read again", () => {
  it("bit by bit, with names, shapes and order", () => {
    fc.assert(
      fc.property(hostTensors, (tensors) => {
        const read = decode(encode(tensors))
        return (
          isRight(read) &&
          [...read.right.keys()].toSorted().join() === [...tensors.keys()].toSorted().join() &&
          [...tensors].every(([name, tensor]) => isSameTensor(read.right.get(name), tensor))
        )
      }),
    )
  })

  it("also out of the middle of a larger buffer", () => {
    fc.assert(
      fc.property(hostTensors, fc.integer({ min: 1, max: 9 }), (tensors, offset) => {
        const file = encode(tensors)
        const larger = new Uint8Array(file.byteLength + 2 * offset).fill(0xff)
        larger.set(file, offset)
        const read = decode(larger.subarray(offset, offset + file.byteLength))
        return (
          isRight(read) && [...tensors].every(([name, tensor]) => isSameTensor(read.right.get(name), tensor))
        )
      }),
    )
  })

  it("with data that begins at a multiple of 8 bytes, as the format asks of writers", () => {
    fc.assert(
      fc.property(hostTensors, (tensors) => {
        const file = encode(tensors)
        return new DataView(file.buffer).getBigUint64(0, true) % 8n === 0n
      }),
    )
  })
})

describe("half precision", () => {
  it("F16: ±0, subnormals, limits, infinities, NaN", () => {
    const values = read16(
      "F16",
      0x0000,
      0x8000,
      0x0001,
      0x83ff,
      0x0400,
      0x3c00,
      0x3555,
      0x7bff,
      0x7c00,
      0xfc00,
    )
    expect([...values]).toEqual([
      0,
      -0,
      2 ** -24,
      -1023 * 2 ** -24,
      2 ** -14,
      1,
      0.333251953125,
      65504,
      Infinity,
      -Infinity,
    ])
    expect(read16("F16", 0x7e00)[0]).toBeNaN()
  })

  it("BF16: ±0, subnormals, limits, infinities, NaN", () => {
    const values = read16("BF16", 0x0000, 0x8000, 0x0001, 0x3f80, 0xc049, 0x7f7f, 0x7f80, 0xff80)
    expect([...values]).toEqual([0, -0, 2 ** -133, 1, -3.140625, 3.3895313892515355e38, Infinity, -Infinity])
    expect(read16("BF16", 0x7fc0)[0]).toBeNaN()
  })

  it("F16 is monotone over all its positive numbers", () => {
    const values = read16("F16", ...Array.from({ length: 0x7c01 }, (_, pattern) => pattern))
    expect(values.every((value, i) => i === 0 || value > (values[i - 1] ?? Infinity))).toBe(true)
  })

  it("BF16 is the upper half of a float32", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffff }), (pattern) => {
        const expected = new Float32Array(Uint32Array.of(pattern * 0x10000).buffer)[0] ?? 0
        return Object.is(read16("BF16", pattern)[0], expected)
      }),
    )
  })
})

describe("a damaged file is refused, with the tensor's name", () => {
  const data = new Uint8Array(16)
  const entry = (shape: unknown, from: unknown, to: unknown, dtype: unknown = "F32") => ({
    dtype,
    shape,
    data_offsets: [from, to],
  })
  const cases: ReadonlyArray<readonly [string, Uint8Array, string, RegExp]> = [
    ["empty", new Uint8Array(0), "", /0 bytes/],
    ["shorter than its length field", new Uint8Array(7), "", /7 bytes/],
    ["header of 2^63 bytes", fileOf({}, data, 2n ** 63n), "", /9223372036854775808 bytes/],
    ["header longer than the file by one", fileOf({}, data, 19n), "", /claims 19 bytes/],
    ["header not JSON", fileOf("{not json"), "", /not a JSON object/],
    ["header a list", fileOf([]), "", /not a JSON object/],
    ["header null", fileOf("null"), "", /not a JSON object/],
    ["header not UTF-8", fileOf({}, data, 4n), "", /not a JSON object/],
    ["entry not an object", fileOf({ w: 3 }, data), "w", /not an object/],
    ["integers", fileOf({ w: entry([2], 0, 16, "I64") }, data), "w", /I64/],
    ["no type", fileOf({ w: { shape: [4], data_offsets: [0, 16] } }, data), "w", /type is undefined/],
    ["type of a prototype", fileOf({ w: entry([4], 0, 16, "toString") }, data), "w", /toString/],
    ["negative size", fileOf({ w: entry([-4], 0, 16) }, data), "w", /shape/],
    ["fractional size", fileOf({ w: entry([1.5], 0, 6) }, data), "w", /shape/],
    ["shape not a list", fileOf({ w: entry(4, 0, 16) }, data), "w", /shape/],
    ["no offsets", fileOf({ w: { dtype: "F32", shape: [4] } }, data), "w", /undefined/],
    ["offsets swapped", fileOf({ w: entry([4], 16, 0) }, data), "w", /\[16, 0\)/],
    ["offsets past the end", fileOf({ w: entry([5], 0, 20) }, data), "w", /16 data bytes/],
    ["negative offset", fileOf({ w: entry([4], -16, 0) }, data), "w", /-16/],
    ["more bytes than the shape", fileOf({ w: entry([3], 0, 16) }, data), "w", /needs 12 bytes, it has 16/],
    ["fewer bytes than the shape", fileOf({ w: entry([4], 0, 12) }, data), "w", /needs 16 bytes, it has 12/],
    ["sizes whose product overflows", fileOf({ w: entry([2 ** 40, 2 ** 40], 0, 16) }, data), "w", /needs/],
    ["overlap", fileOf({ v: entry([3], 0, 12), w: entry([2], 8, 16) }, data), "w", /overlap/],
    ["a gap", fileOf({ v: entry([1], 0, 4), w: entry([2], 8, 16) }, data), "w", /4 bytes before its own/],
    ["bytes before the first", fileOf({ w: entry([3], 4, 16) }, data), "w", /4 bytes before its own/],
    ["bytes after the last", fileOf({ w: entry([3], 0, 12) }, data), "w", /last 4 bytes/],
    ["bytes of nobody", fileOf({}, data), "", /last 16 bytes/],
    [
      "three offsets",
      fileOf({ w: { dtype: "F32", shape: [4], data_offsets: [0, 16, 16] } }, data),
      "w",
      /undefined/,
    ],
    [
      "metadata not a table",
      fileOf({ __metadata__: ["pt"], w: entry([4], 0, 16) }, data),
      "__metadata__",
      /texts/,
    ],
    ["metadata not texts", fileOf({ __metadata__: { format: 1 } }), "__metadata__", /texts/],
    [
      "a space before the header",
      fileOf(` ${JSON.stringify({ w: entry([4], 0, 16) })}`, data),
      "",
      /no safetensors/,
    ],
    [
      "a tensor twice",
      fileOf(`{"w":${JSON.stringify(entry([4], 0, 16))},"w":${JSON.stringify(entry([2, 2], 0, 16))}}`, data),
      "w",
      /twice/,
    ],
    [
      "a tensor twice, once escaped",
      fileOf(
        `{"w":${JSON.stringify(entry([4], 0, 16))},"\\u0077" :${JSON.stringify(entry([4], 0, 16))}}`,
        data,
      ),
      "w",
      /twice/,
    ],
    [
      "a type twice",
      fileOf(`{"w":{"dtype":"F32","dtype":"F16","shape":[4],"data_offsets":[0,16]}}`, data),
      "dtype",
      /twice/,
    ],
    ["one inside another", fileOf({ v: entry([4], 0, 16), w: entry([1], 4, 8) }, data), "w", /overlap/],
  ]

  it.each(cases)("%s", (_, file, tensor, problem) => {
    const read = decode(file)
    expect(read).toMatchObject({ _tag: "Left", left: { _tag: "SafetensorsError", tensor } })
    expect(isLeft(read) ? read.left.problem : "").toMatch(problem)
  })

  it("a header longer than the reference implementation allows, before it is read", () => {
    const start = new Uint8Array(8)
    const view = new DataView(start.buffer)
    view.setBigUint64(0, BigInt(maxHeaderBytes) + 1n, true)
    expect(headerLength(start, 2e9)).toMatchObject({
      left: { problem: expect.stringContaining("more than the 100000000") as string },
    })
    view.setBigUint64(0, BigInt(maxHeaderBytes), true)
    expect(headerLength(start, 2e9)).toMatchObject({ right: maxHeaderBytes })
  })

  it("at every length to which a file can be cut", () => {
    const whole = encode(
      new Map([
        ["a", { shape: [2, 2], values: Float32Array.of(1, 2, 3, 4) }],
        ["b", { shape: [1], values: Float32Array.of(5) }],
      ]),
    )
    for (let length = 0; length < whole.byteLength; length++) {
      expect(isLeft(decode(whole.subarray(0, length)))).toBe(true)
    }
  })

  it("never throws: on arbitrary bytes, on arbitrary headers, on a byte changed", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => isLeft(decode(bytes)) || bytes.length >= 10),
    )
    fc.assert(
      fc.property(fc.json(), fc.uint8Array({ maxLength: 32 }), (header, rest) =>
        ["Left", "Right"].includes(decode(fileOf(header, rest))._tag),
      ),
    )
    fc.assert(
      fc.property(hostTensors, fc.nat(), fc.nat(255), (tensors, place, byte) => {
        const file = encode(tensors)
        file[place % file.length] = byte
        return ["Left", "Right"].includes(decode(file)._tag)
      }),
    )
  })
})

describe("a key that stands twice", () => {
  it("is found wherever it is put; and no other is", () => {
    const keys = fc.uniqueArray(fc.string({ unit: "binary" }), { minLength: 1, maxLength: 6 })
    const object = (names: ReadonlyArray<string>, values: ReadonlyArray<unknown>): string =>
      `{${names.map((name, i) => `${JSON.stringify(name)}: ${JSON.stringify(values[i % values.length])}`).join(",")}}`
    const values = fc.array(fc.jsonValue(), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(keys, values, fc.nat(), fc.nat(), (names, own, which, where) => {
        const name = names[which % names.length] ?? ""
        const twice = names.toSpliced(where % (names.length + 1), 0, name)
        return duplicateKey(object(names, own)) === undefined && duplicateKey(object(twice, own)) === name
      }),
    )
  })
})
