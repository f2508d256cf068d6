/**
 * How far this program's numbers are from Hugging Face's `transformers`, on whichever backend is set.
 *
 *     distance = max |ours − theirs| / max |theirs|
 *
 * A folder holds a checkpoint, `reference.json` (texts, a greedy continuation) and `reference.safetensors` (logits,
 * log-probabilities, entropies, and the gradient of the mean negative log-likelihood in every parameter), computed in
 * float64 and stored in float32 (`transformers/reference.py` makes more of them).
 */
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Categorical } from "@rapo/distributions/tensor"
import * as tf from "@tensorflow/tfjs-core"
import { Effect } from "effect"
import { isLeft } from "fp-ts/lib/Either.js"
import { scoped } from "../src/engine/scoped.ts"
import { type Checkpoint, readCheckpoint } from "../src/model/Checkpoint.ts"
import { toDevice } from "../src/model/DeviceParameters.ts"
import { type Parameters, disposeParameters, parameterSpecs } from "../src/model/Parameters.ts"
import { type Cache, cacheTensors, forward, logits } from "../src/model/Qwen2.ts"
import { type HostTensor, decode } from "../src/model/Safetensors.ts"
import { relativeDistance } from "./closeness.ts"
import { readBytes, readJson } from "./sharedData.ts"

/** Float32 against float64 over a few layers: measured 1e-6. The project promises 1e-4. */
export const parityTolerance = 1e-4

/** What transformers computed. */
export interface Reference {
  readonly input_ids: ReadonlyArray<ReadonlyArray<number>>
  readonly mean_nll: number
  readonly greedy: { readonly prompt: ReadonlyArray<number>; readonly output: ReadonlyArray<number> }
  readonly tensors: ReadonlyMap<string, HostTensor>
}

/** The distances, and whether the greedy continuation is the same. */
export interface Parity {
  readonly logits: number
  readonly logProbs: number
  readonly entropy: number
  readonly meanNll: number
  /** The gradient that is farthest off. */
  readonly gradient: number
  readonly farthest: string
  readonly gradients: number
  readonly isSameContinuation: boolean
}

/** Reads a folder and compares; `parityTolerance` is the bound. */
export const parity = async (folder: string): Promise<Parity> =>
  parityOf(await checkpointIn(folder), referenceIn(folder))

/** The largest of the distances; infinite when the continuation differs. */
export const worst = (found: Parity): number =>
  found.isSameContinuation
    ? Math.max(found.logits, found.logProbs, found.entropy, found.meanNll, found.gradient)
    : Infinity

/** A checkpoint as the program reads it. */
export const checkpointIn = (folder: string): Promise<Checkpoint> =>
  Effect.runPromise(readCheckpoint(folder).pipe(Effect.provide(NodeServices.layer)))

/** The reference in a folder. */
export const referenceIn = (folder: string): Reference => {
  const tensors = decode(readBytes(folder, "reference.safetensors"))
  if (isLeft(tensors)) throw new Error(JSON.stringify(tensors.left))
  const json = readJson(folder, "reference.json") as Omit<Reference, "tensors">
  return { ...json, tensors: tensors.right }
}

/** See `parity`. */
export const parityOf = async (
  { config, parameters: host }: Checkpoint,
  reference: Reference,
): Promise<Parity> => {
  const parameters = toDevice(host)
  const [batch, time] = [reference.input_ids.length, reference.input_ids[0]?.length ?? 0]
  const distanceTo = (key: string, found: ArrayLike<number> | undefined): number => {
    const expected = reference.tensors.get(key)?.values
    if (expected === undefined) throw new Error(`the reference has no ${key}`)
    return relativeDistance(found ?? [], expected)
  }
  /** Logits [B, T, V] of the texts, and of their next tokens the log-probabilities and entropies [B, T−1]. */
  const predict = (own: Parameters): ReadonlyArray<tf.Tensor> => {
    const ids = tf.tensor2d(reference.input_ids.flat(), [batch, time], "int32")
    const { hidden } = forward(config, own, { ids, leftPadding: new Int32Array(batch) })
    const all = tf.reshape(logits(config, own, hidden), [batch, time, config.vocab_size])
    const before = tf.slice(all, [0, 0, 0], [-1, time - 1, -1]) as tf.Tensor3D
    const next = tf.slice(ids, [0, 1], [-1, time - 1])
    return [
      all,
      Categorical.gatherLogProbs(Categorical.logSoftmax(before), next),
      Categorical.entropy(before),
    ]
  }
  const [all, logProbs, entropy] = await numbers(() => predict(parameters))

  const specs = parameterSpecs(config)
  const [nll, ...gradients] = await numbers(() => {
    const { value, grads } = tf.valueAndGrads((...tensors: Array<tf.Tensor>) => {
      const own = Object.fromEntries(specs.map(({ name }, i) => [name, tensors[i] as tf.Tensor]))
      return tf.neg(tf.mean(predict(own)[1] as tf.Tensor))
    })(specs.map(({ name }) => parameters[name] as tf.Tensor))
    return [
      value,
      ...specs.map(({ isTransposed }, i) =>
        isTransposed ? tf.transpose(grads[i] as tf.Tensor) : (grads[i] as tf.Tensor),
      ),
    ]
  })
  const distances = specs.map(({ name }, i) => [distanceTo(`grad.${name}`, gradients[i]), name] as const)
  const [gradient, farthest] = distances.reduce((a, b) => (b[0] > a[0] ? b : a))
  const isSameContinuation = await continuesAs(config, parameters, reference.greedy)
  disposeParameters(parameters)
  return {
    logits: distanceTo("logits", all),
    logProbs: distanceTo("logprobs_next", logProbs),
    entropy: distanceTo("entropy", entropy),
    meanNll: relativeDistance(nll ?? [], [reference.mean_nll]),
    gradient,
    farthest,
    gradients: [...reference.tensors.keys()].filter((key) => key.startsWith("grad.")).length,
    isSameContinuation,
  }
}

// numerics

/** The numbers of tensors that `f` makes; they are freed. Asynchronous, since some devices are. */
const numbers = async (f: () => ReadonlyArray<tf.Tensor>): Promise<ReadonlyArray<ArrayLike<number>>> => {
  const made = tf.tidy(() => [...f()])
  const read = await Promise.all(made.map((tensor) => tensor.data<"float32">()))
  tf.dispose(made)
  return read
}

/** The token that the references' `generate` was told to take for padding. */
const padding = 0

/**
 * Whether the greedy continuation, token by token with the cache, is the stored one.
 *
 * The references come from `generate(pad_token_id=0)`, which gives no attention to tokens 0 of the prompt. In a prompt that
 * ends with one, as the Llama's does, that token itself still predicts the first: there the comparison begins after it.
 */
const continuesAs = async (
  config: Checkpoint["config"],
  parameters: Parameters,
  { prompt, output }: Reference["greedy"],
): Promise<boolean> => {
  const endsMasked = prompt.at(-1) === padding
  const given = output.slice(0, prompt.length + (endsMasked ? 1 : 0))
  const tokens = [
    ...given.slice(0, prompt.length).filter((id) => id !== padding),
    ...given.slice(prompt.length),
  ]
  const wanted = output.slice(given.length)
  let cache: Cache | undefined
  let fresh = tokens
  const found: Array<number> = []
  while (found.length < wanted.length) {
    const { grown, best } = scoped(
      () => {
        const ids = tf.tensor2d(fresh, [1, fresh.length], "int32")
        const step = forward(config, parameters, { ids, leftPadding: [0] }, cache)
        const last = tf.slice(step.hidden, [fresh.length - 1, 0], [1, -1])
        return { grown: step.cache, best: tf.argMax(logits(config, parameters, last), 1) }
      },
      (made) => [...cacheTensors(made.grown), made.best],
    )
    if (cache !== undefined) tf.dispose(cacheTensors(cache))
    cache = grown
    fresh = [(await best.data())[0] ?? NaN]
    best.dispose()
    found.push(...fresh)
  }
  if (cache !== undefined) tf.dispose(cacheTensors(cache))
  return found.join() === wanted.join()
}
