/**
 * The front of the prefix trees of many samples: a row for each distinct unfinished prefix, and the model's cache of the rows.
 *
 * Rows may begin at different times, so they have prefixes of different lengths. They stand flush right in one rectangle of
 * `cache.length` tokens: a shorter prefix has padding on its left, which nothing attends to. A row that joins widens the rectangle
 * if its prefix is longer; when all rows have padding to spare, it is cut off.
 */
import * as tf from "@tensorflow/tfjs-core"
import { gatherRows } from "../engine/gatherRows.ts"
import { scoped } from "../engine/scoped.ts"
import { type Cache, cacheTensors } from "../model/Qwen2.ts"
import { type Qwen2Config, headSize } from "../model/Qwen2Config.ts"

// model

/** A distinct unfinished prefix. */
export interface FrontRow {
  /** Its last token, which is fed next; the cache holds what stands before it. */
  readonly token: number
  readonly leftPadding: number
  /** How many tokens of the prefix are not the prompt's. */
  readonly grown: number
  /** The samples that begin with it. */
  readonly samples: ReadonlyArray<number>
}

/** See the module header. Who makes a front of another owns both: `released` frees what the new one does not hold. */
export interface Front {
  readonly rows: ReadonlyArray<FrontRow>
  /** Undefined when there are no rows. */
  readonly cache: Cache | undefined
}

// constructors

/** No rows. */
export const empty: Front = { rows: [], cache: undefined }

// destructors

/** How many samples are under way. */
export const underWay = ({ rows }: Front): number =>
  rows.reduce((sum, { samples }) => sum + samples.length, 0)

/** Frees the tensors of a front. */
export const release = ({ cache }: Front): void => {
  if (cache !== undefined) tf.dispose(cacheTensors(cache))
}

// combinators

/** The rows of both, the shorter rectangle padded to the longer; frees both. */
export const join = (config: Qwen2Config, one: Front, other: Front): Front => {
  if (one.cache === undefined) return other
  if (other.cache === undefined) return one
  const { cache: a } = one
  const { cache: b } = other
  const length = Math.max(a.length, b.length)
  const joined = scoped(
    (): Cache => ({
      length,
      layers: a.layers.map(({ keys, values }, i) => {
        const [widenA, widenB] = [a, b].map(widen(config, length))
        const with_ = b.layers[i]
        if (widenA === undefined || widenB === undefined || with_ === undefined)
          throw new Error("bug: caches of two models")
        return {
          keys: tf.concat([widenA(keys), widenB(with_.keys)]),
          values: tf.concat([widenA(values), widenB(with_.values)]),
        }
      }),
    }),
    cacheTensors,
  )
  release(one)
  release(other)
  return { rows: [...paddedTo(length, one), ...paddedTo(length, other)], cache: joined }
}

/** The rows, each grown from the given row of the front before; that one's cache, `after` the step, is freed. */
export const select = (
  config: Qwen2Config,
  after: Cache,
  rows: ReadonlyArray<FrontRow>,
  parents: ReadonlyArray<number>,
  before: number,
): Front => {
  if (rows.length === 0) {
    release({ rows, cache: after })
    return empty
  }
  const isAll = rows.length === before && parents.every((parent, i) => parent === i)
  if (isAll) return { rows, cache: after }
  const heads = parents.flatMap((row) =>
    Array.from({ length: config.num_key_value_heads }, (_, head) => row * config.num_key_value_heads + head),
  )
  const cache = scoped(
    (): Cache => ({
      length: after.length,
      layers: after.layers.map(({ keys, values }) => ({
        keys: gatherRows(keys, heads),
        values: gatherRows(values, heads),
      })),
    }),
    cacheTensors,
  )
  release({ rows, cache: after })
  return { rows, cache }
}

/**
 * Padding that every row has is cut off, in whole multiples of `columns`, once it is an eighth of the rectangle (ours: a cut copies
 * the cache).
 */
export const trim = (config: Qwen2Config, front: Front, columns: number): Front => {
  const { rows, cache } = front
  if (cache === undefined) return front
  const least = Math.min(...rows.map(({ leftPadding }) => leftPadding))
  const spare = least - (least % columns)
  if (spare * 8 < cache.length || spare === 0) return front
  const size = headSize(config)
  const cutOff = (x: tf.Tensor2D): tf.Tensor2D => tf.slice2d(x, [0, spare * size], [-1, -1])
  const shorter = scoped(
    (): Cache => ({
      length: cache.length - spare,
      layers: cache.layers.map(({ keys, values }) => ({ keys: cutOff(keys), values: cutOff(values) })),
    }),
    cacheTensors,
  )
  release(front)
  return {
    rows: rows.map((row) => ({ ...row, leftPadding: row.leftPadding - spare })),
    cache: shorter,
  }
}

// numerics

/** A row of the cache is one head's tokens in order, so that padding on the left is zeros before them. */
const widen =
  (config: Qwen2Config, length: number) =>
  (cache: Cache): ((x: tf.Tensor2D) => tf.Tensor2D) => {
    const missing = (length - cache.length) * headSize(config)
    return (x) =>
      missing === 0
        ? x
        : tf.pad2d(x, [
            [0, 0],
            [missing, 0],
          ])
  }

const paddedTo = (length: number, { rows, cache }: Front): ReadonlyArray<FrontRow> => {
  const more = length - (cache?.length ?? length)
  return rows.map((row) => ({ ...row, leftPadding: row.leftPadding + more }))
}
