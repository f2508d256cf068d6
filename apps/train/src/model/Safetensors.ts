/**
 * The safetensors format: a table of named arrays.
 *
 *     file = length of header (u64, little endian) ‖ header (JSON) ‖ data
 *     header = { name: { dtype, shape, data_offsets: [begin, end) into data }, ..., "__metadata__"?: { string: string } }
 *
 * Arrays are read as float32, from F32, F16 or BF16; they are written as F32. Reading checks everything that the
 * format promises, since a checkpoint may come from anywhere.
 *
 * Laws: decode ∘ encode = identity; a damaged file is refused, with the tensor's name where there is one.
 * Source: huggingface/safetensors, README "Format".
 */
import * as E from "fp-ts/lib/Either.js"

// model

/** A float32 array with its shape, row by row. */
export interface HostTensor {
  readonly shape: ReadonlyArray<number>
  readonly values: Float32Array
}

/** What is wrong with a file; `tensor` is empty when the header itself is at fault. */
export interface SafetensorsError {
  readonly _tag: "SafetensorsError"
  readonly tensor: string
  readonly problem: string
}

// constructors

/** The tensors of a file. */
export const decode = (file: Uint8Array): E.Either<SafetensorsError, ReadonlyMap<string, HostTensor>> => {
  if (file.byteLength < 8)
    return fail("", `the file has ${file.byteLength} bytes, less than a header's length field`)
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const headerLength = view.getBigUint64(0, true)
  if (headerLength > BigInt(file.byteLength - 8))
    return fail("", `the header claims ${headerLength} bytes, but the file has ${file.byteLength}`)
  const dataStart = 8 + Number(headerLength)
  const header = parseHeader(file.subarray(8, dataStart))
  if (E.isLeft(header)) return header
  const tensors = new Map<string, HostTensor>()
  const spans: Array<readonly [number, number, string]> = []
  for (const [name, entry] of Object.entries(header.right)) {
    if (name === "__metadata__") continue
    const checked = checkEntry(name, entry, file.byteLength - dataStart)
    if (E.isLeft(checked)) return checked
    const { dtype, shape, begin, end } = checked.right
    spans.push([begin, end, name])
    tensors.set(name, {
      shape,
      values: readers[dtype](new DataView(file.buffer, file.byteOffset + dataStart + begin, end - begin)),
    })
  }
  spans.sort((a, b) => a[0] - b[0])
  const overlap = spans.find(([begin], i) => i > 0 && begin < (spans[i - 1]?.[1] ?? 0))
  return overlap === undefined ? E.right(tensors) : fail(overlap[2], "its bytes overlap another tensor's")
}

// destructors

/** A file with the given tensors, in their order, as F32. `metadata` is kept beside them. */
export const encode = (
  tensors: ReadonlyMap<string, HostTensor>,
  metadata: Readonly<Record<string, string>> = { format: "pt" },
): Uint8Array => {
  const header: Record<string, unknown> = { __metadata__: metadata }
  let offset = 0
  for (const [name, { shape, values }] of tensors) {
    header[name] = { dtype: "F32", shape, data_offsets: [offset, offset + values.byteLength] }
    offset += values.byteLength
  }
  const json = new TextEncoder().encode(JSON.stringify(header))
  const padded = Math.ceil(json.byteLength / 8) * 8
  const file = new Uint8Array(8 + padded + offset).fill(0x20, 8, 8 + padded)
  new DataView(file.buffer).setBigUint64(0, BigInt(padded), true)
  file.set(json, 8)
  let at = 8 + padded
  for (const { values } of tensors.values()) {
    file.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at)
    at += values.byteLength
  }
  return file
}

// numerics

type DType = "F32" | "F16" | "BF16"

const widths: Readonly<Record<DType, number>> = { F32: 4, F16: 2, BF16: 2 }

const readers: Readonly<Record<DType, (data: DataView) => Float32Array>> = {
  // The format is little endian, as is every machine that Node runs on; a copy makes the bytes aligned.
  F32: (data) =>
    new Float32Array(data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength) as ArrayBuffer),
  F16: (data) =>
    Float32Array.from({ length: data.byteLength / 2 }, (_, i) => halfToNumber(data.getUint16(2 * i, true))),
  // A bfloat16 is the upper half of a float32.
  BF16: (data) => {
    const bits = Uint32Array.from(
      { length: data.byteLength / 2 },
      (_, i) => data.getUint16(2 * i, true) << 16,
    )
    return new Float32Array(bits.buffer)
  },
}

/** IEEE 754 binary16: 1 sign bit, 5 exponent bits (bias 15), 10 fraction bits. */
const halfToNumber = (bits: number): number => {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

const fail = (tensor: string, problem: string): E.Either<SafetensorsError, never> =>
  E.left({ _tag: "SafetensorsError", tensor, problem })

const parseHeader = (bytes: Uint8Array): E.Either<SafetensorsError, Record<string, unknown>> => {
  const parsed = E.tryCatch(
    (): unknown => JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)),
    () => undefined,
  )
  return E.isRight(parsed) && isRecord(parsed.right)
    ? E.right(parsed.right)
    : fail("", "the header is not a JSON object: this is no safetensors file")
}

const isRecord = (x: unknown): x is Record<string, unknown> =>
  typeof x === "object" && x !== null && !Array.isArray(x)

const isSize = (x: unknown): x is number => typeof x === "number" && Number.isSafeInteger(x) && x >= 0

const checkEntry = (
  name: string,
  entry: unknown,
  available: number,
): E.Either<
  SafetensorsError,
  {
    readonly dtype: DType
    readonly shape: ReadonlyArray<number>
    readonly begin: number
    readonly end: number
  }
> => {
  if (!isRecord(entry)) return fail(name, "its entry in the header is not an object")
  const { dtype, shape, data_offsets: offsets } = entry
  if (dtype !== "F32" && dtype !== "F16" && dtype !== "BF16")
    return fail(name, `its type is ${JSON.stringify(dtype)}; F32, F16 and BF16 can be read`)
  if (!Array.isArray(shape) || !shape.every(isSize)) return fail(name, "its shape is not a list of sizes")
  const [begin, end]: ReadonlyArray<unknown> = Array.isArray(offsets) ? offsets : []
  if (!isSize(begin) || !isSize(end) || end < begin || end > available)
    return fail(
      name,
      `its bytes [${String(begin)}, ${String(end)}) are not inside the file's ${available} data bytes`,
    )
  const count = shape.reduce((a, b) => a * b, 1)
  if (end - begin !== count * widths[dtype])
    return fail(
      name,
      `shape [${shape.join(", ")}] of ${dtype} needs ${count * widths[dtype]} bytes, it has ${end - begin}`,
    )
  return E.right({ dtype, shape, begin, end })
}
