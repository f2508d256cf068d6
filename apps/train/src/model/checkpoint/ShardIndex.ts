/**
 * Which file of a checkpoint holds which tensor: `model.safetensors.index.json`, read and planned.
 *
 *     { "metadata": { "total_size": bytes }, "weight_map": { tensor: file } }
 *
 * Laws (tests): `pack` keeps the order and loses nothing; a shard is larger than the limit only when it holds one tensor;
 * neighbouring shards could not have been one.
 *
 * Source: `split_torch_state_dict_into_shards` in huggingface_hub, whose layout transformers writes and reads.
 */
import * as E from "fp-ts/lib/Either.js"

// model

/** Tensors by the file that holds them. */
export type Shards = ReadonlyMap<string, ReadonlySet<string>>

/** Why an index cannot be used. `field` is the tensor concerned, where there is one. */
export interface UnusableIndex {
  readonly _tag: "UnusableIndex"
  readonly field: string
  readonly problem: string
}

/** The name of a checkpoint's only file of weights. */
export const singleFile = "model.safetensors"

/** The name of the index of several. */
export const indexFile = `${singleFile}.index.json`

/** What transformers takes for `max_shard_size` when nothing is said: 5 GB. */
export const defaultShardBytes = 5e9

// constructors

/**
 * The parsed index. A file must be a plain name, so that what comes from elsewhere cannot name files outside its folder.
 * (The file itself may be a symbolic link: the Hub's cache on disk is made of them.)
 */
export const parseIndex = (value: unknown): E.Either<UnusableIndex, Shards> => {
  const map = isRecord(value) ? value["weight_map"] : undefined
  if (!isRecord(map) || Object.keys(map).length === 0)
    return fail("", "has no weight_map of tensors to files")
  const shards = new Map<string, Set<string>>()
  for (const [tensor, file] of Object.entries(map)) {
    if (typeof file !== "string" || !isPlainName(file))
      return fail(tensor, `its file ${JSON.stringify(file)} is not the name of a file in the folder`)
    const held = shards.get(file) ?? new Set()
    shards.set(file, held.add(tensor))
  }
  return E.right(shards)
}

/** The index of shards, for the file. */
export const renderIndex = (shards: Shards, totalBytes: number): object => ({
  metadata: { total_size: totalBytes },
  weight_map: Object.fromEntries(
    [...shards].flatMap(([file, tensors]) => [...tensors].map((tensor) => [tensor, file] as const)),
  ),
})

/** The name of shard `i` of `count`, i from 0. */
export const shardFile = (i: number, count: number): string =>
  `model-${digits(i + 1)}-of-${digits(count)}.safetensors`

/** Whether a file's name is that of weights, in one file or in several, or of their index. */
export const isWeightsFile = (name: string): boolean =>
  name === singleFile || name === indexFile || /^model-\d{5,}-of-\d{5,}\.safetensors$/.test(name)

/** Items in groups, in their order, each as large as `limit` allows; an item that is larger by itself stands alone. */
export const pack = <A>(
  items: ReadonlyArray<A>,
  size: (item: A) => number,
  limit: number,
): ReadonlyArray<ReadonlyArray<A>> => {
  const groups: Array<Array<A>> = []
  let room = -1
  for (const item of items) {
    if (size(item) > room || groups.length === 0) {
      groups.push([])
      room = limit
    }
    groups.at(-1)?.push(item)
    room -= size(item)
  }
  return groups
}

// numerics

const digits = (n: number): string => String(n).padStart(5, "0")

const isPlainName = (file: string): boolean =>
  file !== "" && file !== "." && file !== ".." && [...file].every((character) => !separators.has(character))

/** On every system, since the index may have been written on another; a colon would name a drive or a stream. */
const separators: ReadonlySet<string> = new Set(["/", "\\", "\0", ":"])

const isRecord = (x: unknown): x is Readonly<Record<string, unknown>> =>
  typeof x === "object" && x !== null && !Array.isArray(x)

const fail = (field: string, problem: string): E.Either<UnusableIndex, never> =>
  E.left({ _tag: "UnusableIndex", field, problem })
