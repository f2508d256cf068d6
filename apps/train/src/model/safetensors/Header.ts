/**
 * The header of a safetensors file: which tensors it holds, and where.
 *
 *     file = length of header (u64, little endian) ‖ header (JSON) ‖ data
 *     header = { name: { dtype, shape, data_offsets: [begin, end) into data }, ..., "__metadata__"?: { string: string } }
 *
 * Everything that the format promises is checked, since a checkpoint may come from anywhere: the tensors' bytes tile the
 * data, without overlap and without gap, and no key stands twice. So a header tells one story, to every reader.
 *
 * Source: huggingface/safetensors, README "Format", and its reference implementation for the limit and the tiling.
 */
import * as E from "fp-ts/lib/Either.js"
import { duplicateKey } from "./duplicateKey.ts"
import { type DType, widths } from "./numbers.ts"

// model

/** A tensor of a file: its bytes are [begin, end) of the file's data. */
export interface Entry {
  readonly name: string
  readonly dtype: DType
  readonly shape: ReadonlyArray<number>
  readonly begin: number
  readonly end: number
}

/** What is wrong with a file; `tensor` is empty when the header itself is at fault. */
export interface SafetensorsError {
  readonly _tag: "SafetensorsError"
  readonly tensor: string
  readonly problem: string
}

/** Bytes of the field that tells the header's length. */
export const lengthBytes = 8

/** The longest header that is read: the limit of the reference implementation. 7B Qwen2.5 has 30 kB. */
export const maxHeaderBytes = 100_000_000

// constructors

/** Length of the header of a file of `fileBytes` bytes that begins with `start`. */
export const headerLength = (start: Uint8Array, fileBytes: number): E.Either<SafetensorsError, number> => {
  if (fileBytes < lengthBytes || start.byteLength < lengthBytes)
    return fail("", `the file has ${fileBytes} bytes, less than a header's length field`)
  const length = new DataView(start.buffer, start.byteOffset, lengthBytes).getBigUint64(0, true)
  if (length > BigInt(fileBytes - lengthBytes))
    return fail("", `the header claims ${length} bytes, but the file has ${fileBytes}`)
  return length > BigInt(maxHeaderBytes)
    ? fail("", `the header claims ${length} bytes, more than the ${maxHeaderBytes} that are allowed`)
    : E.right(Number(length))
}

/** The tensors of a header, in the order of their bytes, of a file with `dataBytes` bytes of data. */
export const parseHeader = (
  header: Uint8Array,
  dataBytes: number,
): E.Either<SafetensorsError, ReadonlyArray<Entry>> => {
  const object = parseObject(header)
  if (E.isLeft(object)) return object
  const entries: Array<Entry> = []
  for (const [name, value] of Object.entries(object.right)) {
    if (name === "__metadata__") {
      if (!isRecord(value) || !Object.values(value).every((text) => typeof text === "string"))
        return fail(name, "is not a table of texts")
      continue
    }
    const entry = parseEntry(name, value, dataBytes)
    if (E.isLeft(entry)) return entry
    entries.push(entry.right)
  }
  entries.sort((a, b) => a.begin - b.begin || a.end - b.end)
  const untiled = entries.find(({ begin }, i) => begin !== (entries[i - 1]?.end ?? 0))
  if (untiled !== undefined) {
    const before = entries[entries.indexOf(untiled) - 1]?.end ?? 0
    return untiled.begin < before
      ? fail(untiled.name, "its bytes overlap another tensor's")
      : fail(untiled.name, `${untiled.begin - before} bytes before its own belong to no tensor`)
  }
  const last = entries.at(-1)
  const unclaimed = dataBytes - (last?.end ?? 0)
  return unclaimed === 0
    ? E.right(entries)
    : fail(last?.name ?? "", `the last ${unclaimed} bytes of the file belong to no tensor`)
}

// destructors

/** What a header that `parseHeader` takes says beside its tensors. */
export const metadataOf = (header: Uint8Array): Readonly<Record<string, string>> => {
  const object = parseObject(header)
  const metadata = E.isRight(object) ? object.right["__metadata__"] : undefined
  return isRecord(metadata)
    ? Object.fromEntries(Object.entries(metadata).map(([name, text]) => [name, String(text)]))
    : {}
}

// numerics

const fail = (tensor: string, problem: string): E.Either<SafetensorsError, never> =>
  E.left({ _tag: "SafetensorsError", tensor, problem })

const openingBrace = 0x7b

const parseObject = (bytes: Uint8Array): E.Either<SafetensorsError, Readonly<Record<string, unknown>>> => {
  const text = E.tryCatch(
    () => new TextDecoder("utf-8", { fatal: true }).decode(bytes),
    () => undefined,
  )
  const parsed = E.isLeft(text)
    ? text
    : E.tryCatch(
        (): unknown => JSON.parse(text.right),
        () => undefined,
      )
  if (E.isLeft(text) || E.isLeft(parsed) || !isRecord(parsed.right) || bytes[0] !== openingBrace)
    return fail("", "the header is not a JSON object: this is no safetensors file")
  const twice = duplicateKey(text.right)
  return twice === undefined ? E.right(parsed.right) : fail(twice, "stands twice in the header")
}

const isRecord = (x: unknown): x is Record<string, unknown> =>
  typeof x === "object" && x !== null && !Array.isArray(x)

const isSize = (x: unknown): x is number => typeof x === "number" && Number.isSafeInteger(x) && x >= 0

const isDType = (x: unknown): x is DType => x === "F32" || x === "F16" || x === "BF16"

const parseEntry = (name: string, value: unknown, dataBytes: number): E.Either<SafetensorsError, Entry> => {
  if (!isRecord(value)) return fail(name, "its entry in the header is not an object")
  const { dtype, shape, data_offsets: offsets } = value
  if (!isDType(dtype))
    return fail(name, `its type is ${JSON.stringify(dtype)}; F32, F16 and BF16 can be read`)
  if (!Array.isArray(shape) || !shape.every(isSize)) return fail(name, "its shape is not a list of sizes")
  const [begin, end]: ReadonlyArray<unknown> = Array.isArray(offsets) && offsets.length === 2 ? offsets : []
  if (!isSize(begin) || !isSize(end) || end < begin || end > dataBytes)
    return fail(
      name,
      `its bytes [${String(begin)}, ${String(end)}) are not inside the file's ${dataBytes} data bytes`,
    )
  const bytes = widths[dtype] * shape.reduce((a, b) => a * b, 1)
  return end - begin === bytes
    ? E.right({ name, dtype, shape, begin, end })
    : fail(name, `shape [${shape.join(", ")}] of ${dtype} needs ${bytes} bytes, it has ${end - begin}`)
}
