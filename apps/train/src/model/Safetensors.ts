/**
 * The safetensors format, whole files in memory: for adapters, references and tests. A model's own files are streamed
 * (`checkpoint/`), and both go through the same header (`safetensors/Header.ts`) and numbers (`safetensors/numbers.ts`).
 *
 * Arrays are read as float32, from F32, F16 or BF16; they are written as F32 or BF16.
 *
 * Laws: decode ∘ encode = identity (F32); a damaged file is refused, with the tensor's name where there is one.
 */
import * as E from "fp-ts/lib/Either.js"
import { type SafetensorsError, headerLength, lengthBytes, parseHeader } from "./safetensors/Header.ts"
import { type WrittenDType, fromFloat32, toFloat32, widths } from "./safetensors/numbers.ts"

export type { SafetensorsError } from "./safetensors/Header.ts"
export type { WrittenDType } from "./safetensors/numbers.ts"

// model

/** A float32 array with its shape, row by row. */
export interface HostTensor {
  readonly shape: ReadonlyArray<number>
  readonly values: Float32Array
}

// constructors

/** The tensors of a file. */
export const decode = (file: Uint8Array): E.Either<SafetensorsError, ReadonlyMap<string, HostTensor>> => {
  const length = headerLength(file, file.byteLength)
  if (E.isLeft(length)) return length
  const dataStart = lengthBytes + length.right
  const entries = parseHeader(file.subarray(lengthBytes, dataStart), file.byteLength - dataStart)
  if (E.isLeft(entries)) return entries
  return E.right(
    new Map(
      entries.right.map(({ name, dtype, shape, begin, end }) => [
        name,
        { shape, values: toFloat32(dtype, file.subarray(dataStart + begin, dataStart + end)) },
      ]),
    ),
  )
}

// destructors

/** A file with the given tensors, in their order. `metadata` is kept beside them. */
export const encode = (
  tensors: ReadonlyMap<string, HostTensor>,
  metadata: Readonly<Record<string, string>> = { format: "pt" },
  dtype: WrittenDType = "F32",
): Uint8Array => {
  const start = encodeHeader(
    [...tensors].map(([name, { shape }]) => ({ name, shape })),
    metadata,
    dtype,
  )
  const parts = [...tensors.values()].map(({ values }) => fromFloat32(dtype, values))
  const file = new Uint8Array(start.byteLength + parts.reduce((sum, { byteLength }) => sum + byteLength, 0))
  file.set(start)
  let at = start.byteLength
  for (const part of parts) {
    file.set(part, at)
    at += part.byteLength
  }
  return file
}

/** The length field and header of a file whose tensors follow one another in the given order; data begin after it. */
export const encodeHeader = (
  tensors: ReadonlyArray<{ readonly name: string; readonly shape: ReadonlyArray<number> }>,
  metadata: Readonly<Record<string, string>>,
  dtype: WrittenDType,
): Uint8Array => {
  let offset = 0
  const entries = tensors.map(({ name, shape }) => {
    const begin = offset
    offset += widths[dtype] * shape.reduce((a, b) => a * b, 1)
    return [name, { dtype, shape, data_offsets: [begin, offset] }] as const
  })
  const json = new TextEncoder().encode(
    JSON.stringify(Object.fromEntries([["__metadata__", metadata], ...entries])),
  )
  // Spaces after the header make the data begin at a multiple of 8 bytes, as the format asks of writers.
  const padded = Math.ceil(json.byteLength / 8) * 8
  const start = new Uint8Array(lengthBytes + padded).fill(0x20)
  new DataView(start.buffer).setBigUint64(0, BigInt(padded), true)
  start.set(json, lengthBytes)
  return start
}
