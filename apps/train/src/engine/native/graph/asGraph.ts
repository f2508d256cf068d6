/**
 * A function of tensors that on the native engine runs as one graph from the second time on that it meets inputs of the same
 * shapes; on other engines it is the function itself.
 *
 *     asGraph(f)(key, inputs) = f(inputs)
 *
 * The key says everything but the inputs that f's result depends on. Shapes that come once only are never recorded.
 */
import * as tf from "@tensorflow/tfjs-core"
import { nativeBackend } from "./Binding.ts"
import { type Graph, graphOf } from "./Graph.ts"
import { record } from "./record.ts"

/** Tensors by name. */
export type Named = Readonly<Record<string, tf.Tensor>>

/** Graphs held at once; the one not used for longest goes first. Ours: a step has a handful of shapes. */
const mostGraphs = 64

/** What has been seen, by key and shapes; undefined until it comes again. */
type Seen = Map<string, { readonly graph: Graph; readonly outputs: ReadonlyArray<string> } | undefined>

/** This thread's graphs. */
const seen: Seen = new Map()

/** See the module header. The results belong to the scope around. */
export const asGraph = <Outputs extends Named>(
  key: string,
  inputs: Named,
  f: (inputs: Named) => Outputs,
): Outputs => {
  const backend = nativeBackend()
  if (backend === undefined) return f(inputs)
  const names = Object.keys(inputs)
  const tensors = Object.values(inputs)
  const signature = `${key} ${shapesOf(inputs)}`
  const isKnown = seen.has(signature)
  const known = seen.get(signature)
  if (!isKnown) {
    remember(signature, undefined)
    return f(inputs)
  }
  if (known !== undefined) {
    remember(signature, known)
    const results = known.graph.run(tensors)
    return Object.fromEntries(known.outputs.map((name, i) => [name, results[i]])) as unknown as Outputs
  }
  let outputNames: ReadonlyArray<string> = []
  const { recording, outputs } = record(backend, tensors, (own) => {
    const result = f(Object.fromEntries(names.map((name, i) => [name, own[i] as tf.Tensor])))
    outputNames = Object.keys(result)
    return Object.values(result)
  })
  remember(signature, { graph: graphOf(backend, recording), outputs: outputNames })
  return Object.fromEntries(outputNames.map((name, i) => [name, outputs[i]])) as unknown as Outputs
}

/** Frees this thread's graphs. */
export const disposeGraphs = (): void => {
  for (const entry of seen.values()) entry?.graph.dispose()
  seen.clear()
}

/**
 * Names, types and shapes; and which inputs are one tensor, for a graph recorded with one tensor in two places cannot tell
 * them apart when they come to differ.
 */
const shapesOf = (inputs: Named): string => {
  const first = new Map<object, string>()
  return Object.entries(inputs)
    .map(([name, { dataId, dtype, shape }]) => {
      const twin = first.get(dataId)
      if (twin === undefined) first.set(dataId, name)
      return twin === undefined ? `${name}:${dtype}[${shape.join()}]` : `${name}=${twin}`
    })
    .join(" ")
}

/** As the youngest; the eldest is forgotten when there are too many. */
const remember = (signature: string, entry: Seen extends Map<string, infer A> ? A : never): void => {
  seen.delete(signature)
  seen.set(signature, entry)
  const [eldest] = seen.keys()
  if (seen.size > mostGraphs && eldest !== undefined) {
    seen.get(eldest)?.graph.dispose()
    seen.delete(eldest)
  }
}
