/**
 * A function of tensors that on the native engine runs as one graph from the second time on that it meets inputs of the same
 * shapes; on other engines it is the function itself.
 *
 *     asGraph(name, inputs, f) = f(inputs)
 *
 * Inputs and results are plain data with tensors in it. The tensors are what a graph is run on; all else in the inputs, with
 * the name, says which graph: so f must depend on nothing besides. Shapes that come once only are never recorded.
 */
import type * as tf from "@tensorflow/tfjs-core"
import { nativeBackend } from "./Binding.ts"
import { type Graph, graphOf } from "./Graph.ts"
import { record } from "./record.ts"
import { type Shape, shapeOf, tensorsIn, withTensors } from "./plainData.ts"

/** Graphs held at once of one name; the one not used for longest goes first. Ours: a step has a handful of shapes. */
const mostGraphs = 64

/** What runs from the third time on, and the form of its results. */
interface Known {
  readonly graph: Graph
  readonly results: Shape
}

/** What has been seen under a name, by signature; undefined until it comes again. */
type Seen = Map<string, Known | undefined>

/** What this thread has seen. */
const seenAs = new Map<string, Seen>()

/** See the module header. The results belong to the scope around. */
export const asGraph = <Inputs extends object, Results extends object>(
  name: string,
  inputs: Inputs,
  f: (inputs: Inputs) => Results,
): Results => {
  const backend = nativeBackend()
  if (backend === undefined || !runsGraphs()) return f(inputs)
  const tensors = tensorsIn(inputs)
  const seen: Seen = seenAs.get(name) ?? new Map<string, Known | undefined>()
  seenAs.set(name, seen)
  const signature = `${JSON.stringify(shapeOf(inputs))} ${twinsOf(tensors).join()}`
  if (!seen.has(signature)) {
    remember(seen, signature, undefined)
    return f(inputs)
  }
  const known = seen.get(signature)
  if (known !== undefined) {
    remember(seen, signature, known)
    return withTensors(known.results, known.graph.run(tensors)) as Results
  }
  const made: Array<Results> = []
  const { recording } = record(backend, tensors, () => {
    const results = f(inputs)
    made.push(results)
    return tensorsIn(results)
  })
  const [results] = made as [Results]
  remember(seen, signature, { graph: graphOf(backend, recording), results: shapeOf(results) })
  return results
}

/** Whether anything is recorded or run as a graph. */
let isOn = true

/** Whether passes of this thread become graphs. */
export const runsGraphs = (): boolean => isOn && nativeBackend() !== undefined

/** What `g` does, operation by operation: the reference that graphs are held to. */
export const withoutGraphs = <A>(g: () => A): A => {
  const before = isOn
  isOn = false
  try {
    return g()
  } finally {
    isOn = before
  }
}

/** How many graphs of a name this thread holds. */
export const heldGraphs = (name: string): number =>
  [...(seenAs.get(name)?.values() ?? [])].filter((known) => known !== undefined).length

/** Frees this thread's graphs. */
export const disposeGraphs = (): void => {
  for (const seen of seenAs.values()) for (const known of seen.values()) known?.graph.dispose()
  seenAs.clear()
}

/**
 * For each tensor the first that holds the same data: a graph recorded with one tensor in two places cannot tell them apart
 * when they come to differ.
 */
const twinsOf = (tensors: ReadonlyArray<tf.Tensor>): ReadonlyArray<number> => {
  const first = new Map<object, number>()
  return tensors.map(({ dataId }, i) => {
    if (!first.has(dataId)) first.set(dataId, i)
    return first.get(dataId) ?? i
  })
}

/** As the youngest; the eldest is forgotten when there are too many. */
const remember = (seen: Seen, signature: string, known: Known | undefined): void => {
  seen.delete(signature)
  seen.set(signature, known)
  const [eldest] = seen.keys()
  if (seen.size > mostGraphs && eldest !== undefined) {
    seen.get(eldest)?.graph.dispose()
    seen.delete(eldest)
  }
}
