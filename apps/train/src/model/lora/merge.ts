/**
 * An adapter made part of the weights:
 *
 *     W' = W + s·A B
 *
 * Law: the merged model computes what the adapted one does, up to float32 rounding.
 */
import type { HostParameters } from "../Checkpoint.ts"
import type { HostTensor } from "../Safetensors.ts"
import { adapterNames } from "./adapterNames.ts"
import { isOfAdapter } from "./split.ts"

/** The parameters of a plain model that computes what these do, adapters among them. */
export const merged = (parameters: HostParameters): HostParameters =>
  new Map(
    [...parameters].flatMap(([name, tensor]): ReadonlyArray<readonly [string, HostTensor]> =>
      isOfAdapter(name) ? [] : [[name, mergedWeight(name, tensor, parameters)]],
    ),
  )

/** One parameter of the merged model: itself, unless `adapter` holds a part for it. */
export const mergedWeight = (name: string, weight: HostTensor, adapter: HostParameters): HostTensor => {
  if (!name.endsWith(".weight")) return weight
  const names = adapterNames(name.slice(0, -".weight".length))
  const [a, b, scale] = [adapter.get(names.a), adapter.get(names.b), adapter.get(names.scale)]
  if (a === undefined || b === undefined || scale === undefined) return weight
  return { shape: weight.shape, values: addProduct(weight, a, b, scale.values[0] ?? NaN) }
}

// numerics

/** W + s·A B, row by row; a row's sums are in double precision. */
const addProduct = (weight: HostTensor, a: HostTensor, b: HostTensor, scale: number): Float32Array => {
  const [inputs = 0, outputs = 0] = weight.shape
  const [rank = 0] = b.shape
  const values = new Float32Array(weight.values.length)
  const row = new Float64Array(outputs)
  for (let i = 0; i < inputs; i++) {
    row.set(weight.values.subarray(i * outputs, (i + 1) * outputs))
    for (let k = 0; k < rank; k++) {
      const factor = scale * (a.values[i * rank + k] ?? NaN)
      for (let j = 0; j < outputs; j++) row[j] = (row[j] ?? NaN) + factor * (b.values[k * outputs + j] ?? NaN)
    }
    values.set(row, i * outputs)
  }
  return values
}
