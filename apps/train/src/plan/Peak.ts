/**
 * The memory of a training step, from sizes alone.
 *
 *     peak = weights + reference + moments + max( sampling, gradient, update )
 *
 *     sampling  2 KV + max( one layer's timelines and scores, Eᵀ + 3 [R, V] ),    KV = 2 L R S K
 *     gradient  Σ so far + states + max( head, layer )                            layers recomputed
 *               Σ so far + own + L · taped layer + head                           whole tape
 *     update    gradients + 12 × the largest trained parameter
 *
 * with R sequences sampled at once over S positions; a micro-batch of b responses to p = ⌈b/G⌉ prompts; states = (L + 1) hidden
 * states of all its tokens. A layer's stage is a sum of its buffers (`Coefficients`): [tokens, C], [tokens, Q], [tokens, I], scores
 * b H T S + p H S_p², and its weights. The head's stage is 19 [tokens, V] for whole logits (14.7 where saving shares), and in chunks
 * 9 [rows, V] beside at most 5 [V, C].
 *
 * Everything is counted in numbers of 4 bytes: tfjs computes in float32. Laws (tests): monotone in every size; the measured peak
 * of a real step on wasm within 10%.
 */
import {
  type Coefficients,
  type LayerCounts,
  chunkCopies,
  forward,
  lossNumbers,
  sampling,
  savedShare,
  updateCopies,
} from "./Coefficients.ts"
import type { Shape } from "./Shape.ts"

// model

/** What is done with a model. */
export interface Load {
  /** Tokens of a prompt, and of a response at most. */
  readonly prompt: number
  readonly response: number
  readonly groupSize: number
  /** Responses of a whole step, of a micro-batch, and sampled at once. */
  readonly batch: number
  readonly microBatch: number
  readonly places: number
  readonly checkpointsLayers: boolean
  /** Rows of logits that are held at once; all of a micro-batch's, where they are fewer. */
  readonly logitRows: number
}

/** Bytes by part. The last three are phases: they do not add up, the largest counts. */
export interface Budget {
  readonly weights: number
  readonly adapter: number
  readonly reference: number
  readonly moments: number
  readonly gradients: number
  readonly cache: number
  readonly activations: number
  readonly logits: number
  readonly sampling: number
  readonly gradient: number
  readonly update: number
  readonly peak: number
}

// constructors

/** See the module header. */
export const budgetOf = (engine: Coefficients, shape: Shape, load: Load): Budget => {
  const trained = shape.adapter === undefined ? shape.parameters : shape.adapter.size
  const adapter = shape.adapter?.size ?? 0
  const reference = shape.adapter === undefined ? shape.parameters : 0
  const moments = 2 * trained
  const resting = shape.parameters + adapter + reference + moments

  const { cache, sampled } = samplingOf(shape, load)
  const { activations, logits, gradients } = gradientOf(engine, shape, load, trained)
  const largest = shape.adapter === undefined ? shape.largest : 0
  const updated = trained + updateCopies * largest
  const gradient = gradients + activations + logits
  const bytes = (numbers: number): number => 4 * Math.round(numbers)
  return {
    weights: bytes(shape.parameters),
    adapter: bytes(adapter),
    reference: bytes(reference),
    moments: bytes(moments),
    gradients: bytes(gradients),
    cache: bytes(cache),
    activations: bytes(activations),
    logits: bytes(logits),
    sampling: bytes(resting + sampled),
    gradient: bytes(resting + gradient),
    update: bytes(resting + updated),
    peak: bytes(resting + Math.max(sampled, gradient, updated)),
  }
}

// numerics

const samplingOf = (
  { layers, keyWidth, heads, width, vocabulary, isTied }: Shape,
  { places, prompt, response }: Load,
): { readonly cache: number; readonly sampled: number } => {
  const timeline = places * (prompt + response - 1) * keyWidth
  const cache = sampling.caches * 2 * layers * timeline
  const scores = places * heads * (prompt + response - 1)
  const inLayer = sampling.layerKeys * timeline + sampling.scores * scores + sampling.width * places * width
  const atHead = (isTied ? vocabulary * width : 0) + sampling.logits * places * vocabulary
  return { cache, sampled: cache + Math.max(inLayer, atHead) }
}

/** Tokens and scores of a micro-batch, prompts and responses together. */
const countsOf = (
  { prompt, response, groupSize }: Load,
  responses: number,
): {
  readonly answered: number
  readonly tokens: number
  readonly pairs: number
  readonly positions: number
} => {
  const [prompts, before] = [Math.ceil(responses / groupSize), Math.max(1, prompt - 1)]
  const total = before + response
  return {
    answered: responses * response,
    tokens: responses * response + prompts * before,
    pairs: responses * response * total + prompts * before ** 2,
    positions: responses * total + prompts * before,
  }
}

const layerNumbers = (counts: LayerCounts, shape: Shape, at: ReturnType<typeof countsOf>): number =>
  at.tokens *
    (counts.width * shape.width +
      counts.query * shape.queryWidth +
      counts.key * shape.keyWidth +
      counts.inner * shape.inner +
      counts.rotation * shape.headSize) +
  at.pairs * (counts.scores * shape.heads + counts.mask) +
  at.positions * counts.timeline * shape.keyWidth

const gradientOf = (
  engine: Coefficients,
  shape: Shape,
  load: Load,
  trained: number,
): { readonly activations: number; readonly logits: number; readonly gradients: number } => {
  const micro = Math.min(load.microBatch, load.batch)
  const at = countsOf(load, micro)
  const isSplit = micro < load.batch
  const isFrozen = shape.adapter !== undefined
  const head = headNumbers(engine, shape, load, at.answered)
  const adapted = (shape.adapter?.touched ?? 0) * at.tokens
  const weightsOfLayer = (counts: LayerCounts): number =>
    isFrozen
      ? (counts.weights - 1) * shape.layerParameters + 4 * (shape.adapter?.ofLayer ?? 0)
      : counts.weights * shape.layerParameters
  const states = at.tokens * shape.width
  const table = shape.vocabulary * shape.width
  // What the tape of the reference's forward pass needs is gone before the policy's begins: its hidden states stay.
  const resting = at.answered * shape.width + at.answered * lossNumbers

  if (load.checkpointsLayers) {
    const layer = layerNumbers(engine.layer, shape, at) + weightsOfLayer(engine.layer) + adapted
    const atHead = shape.layers * states + head.logits + head.matrices
    const first = shape.layers * states + layer + (isFrozen ? 0 : table)
    const last = 2 * states + layer + (isFrozen ? 0 : trained - shape.layerParameters)
    const own = isSplit ? Math.max(0, trained) : 0
    const held = Math.max(
      first,
      last,
      atHead + layerNumbers(forward, shape, { ...at, tokens: 0, pairs: 0, positions: 0 }),
    )
    // Once there is a sum, a gradient is added to it as it comes.
    const beside = isSplit && !isFrozen ? Math.max(first - table, 2 * states + layer, atHead) : held
    const largest = isSplit ? beside + own : held
    const gradients = isSplit ? trained : 0
    return {
      gradients,
      logits: head.logits,
      activations: largest - gradients - head.logits + resting,
    }
  }
  const layers =
    shape.layers * (layerNumbers(engine.taped, shape, at) + weightsOfLayer(engine.taped) + adapted)
  const isWhole = at.answered <= load.logitRows
  // The head's gradient is taken first, when of the layers there is only what the tape has saved; at the end there is all of the
  // layers, and of the head what its tape has saved and what its gradient has left.
  const whileHead = savedShare * layers + head.logits + head.matrices
  const atEnd = layers + (isWhole ? engine.logits.left * at.answered * shape.vocabulary : 0)
  return {
    gradients: (isSplit ? trained : 0) + (isFrozen ? 0 : 2 * table),
    logits: head.logits,
    activations: Math.max(whileHead, atEnd) - head.logits + resting,
  }
}

/** Logits, and matrices of the head's size beside the parameters. */
const headNumbers = (
  { logits, kept }: Coefficients,
  { vocabulary, width, isTied, adapter }: Shape,
  { logitRows }: Load,
  answered: number,
): { readonly logits: number; readonly matrices: number } => {
  const table = vocabulary * width
  if (answered <= logitRows)
    return {
      logits: logits.rows * answered * vocabulary,
      matrices: logits.head * table + kept * answered * width,
    }
  const chunk = logitRows * vocabulary
  const transposed = adapter !== undefined ? 1 : isTied ? 2 : 1
  const inChunk = transposed * table + chunkCopies * chunk
  const summing = adapter !== undefined ? 0 : (transposed + 3) * table + 3 * chunk
  const both = Math.max(inChunk + (adapter === undefined ? table : 0), summing)
  return {
    logits: chunkCopies * chunk,
    matrices: Math.max(0, both - chunkCopies * chunk) + kept * answered * width,
  }
}
