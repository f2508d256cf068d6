/**
 * Plain data with tensors in it, taken apart into its tensors and the rest.
 *
 *     withTensors(shapeOf(data), tensorsIn(data)) = data
 *
 * Objects are walked in the order of their keys; fields that are undefined count as absent.
 */
import * as tf from "@tensorflow/tfjs-core"

/** The data with each tensor replaced by its type and shape; numbers that JSON lacks are written as text. */
export type Shape =
  | { readonly tensor: string }
  | { readonly list: ReadonlyArray<Shape> }
  | { readonly fields: Readonly<Record<string, Shape>> }
  | string
  | number
  | boolean
  | null

/** The tensors, in order. */
export const tensorsIn = (data: unknown): ReadonlyArray<tf.Tensor> => {
  if (data instanceof tf.Tensor) return [data]
  if (Array.isArray(data)) return data.flatMap(tensorsIn)
  return typeof data === "object" && data !== null
    ? fieldsOf(data).flatMap(([, value]) => tensorsIn(value))
    : []
}

/** See `Shape`. Throws on what is no plain data, such as a function. */
export const shapeOf = (data: unknown): Shape => {
  if (data instanceof tf.Tensor) return { tensor: `${data.dtype}[${data.shape.join()}]` }
  if (Array.isArray(data)) return { list: data.map(shapeOf) }
  if (data === null || typeof data === "boolean") return data
  if (typeof data === "number") return Number.isFinite(data) ? data : `number ${data}`
  if (typeof data === "string") return `text ${data}`
  if (typeof data !== "object") throw new Error(`bug: a graph depends on a ${typeof data}`)
  return { fields: Object.fromEntries(fieldsOf(data).map(([name, value]) => [name, shapeOf(value)])) }
}

/** The data of a shape, with these tensors for its own. Only what holds tensors is brought back. */
export const withTensors = (shape: Shape, tensors: ReadonlyArray<tf.Tensor>): unknown => {
  let next = 0
  const filled = (part: Shape): unknown => {
    if (typeof part !== "object" || part === null) throw new Error("bug: a graph's result is no tensor")
    if ("tensor" in part) return tensors[next++]
    return "list" in part
      ? part.list.map(filled)
      : Object.fromEntries(Object.entries(part.fields).map(([name, value]) => [name, filled(value)]))
  }
  return filled(shape)
}

const fieldsOf = (data: object): ReadonlyArray<readonly [string, unknown]> =>
  Object.entries(data).filter(([, value]) => value !== undefined)
