/**
 * The memory of a training step, from sizes alone.
 *
 *     peak = weights + reference + moments + max( sampling, gradient, update )
 *
 *     sampling  max( prompts' KV + one layer over the prompts,
 *                    2 KV + max( one layer's timelines and scores, 3 [R, V] ) ),    KV = 2 L R S K
 *     gradient  Σ so far + states + max( head, layer )                            layers recomputed
 *               Σ so far + own + L · taped layer + head                           whole tape
 *     update    max over parameters of: gradients left + 3 × its group so far + 9 × itself
 *
 * with R sequences sampled at once over S positions; a micro-batch of b responses to p = ⌈b/G⌉ prompts; states = (L + 1) hidden
 * states of all its tokens. A layer's stage is a sum of its buffers (`Coefficients`): [tokens, C], [tokens, Q], [tokens, I], scores
 * b H T S + p H S_p², and its weights. The head's stage is some 18 [tokens, V] for whole logits (13 where saving shares), and in
 * chunks 9 [rows, V] beside at most 5 [V, C].
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
  update,
} from "./Coefficients.ts"
import { groupsWithin } from "../training/parameterGroups.ts"
import { mostScores } from "../rollout/prefixTree.ts"
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

/** Bytes by part. The phases do not add up: the largest is the peak. `taken` is what the allocator may have taken for it. */
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
  readonly taken: number
}

// constructors

/** See the module header. */
export const budgetOf = (engine: Coefficients, shape: Shape, load: Load): Budget => {
  const trained = shape.adapter === undefined ? shape.parameters : shape.adapter.size
  const adapter = shape.adapter?.size ?? 0
  const reference = shape.adapter === undefined ? shape.parameters : 0
  const moments = 2 * trained
  const resting = shape.parameters + adapter + reference + moments

  const { cache, sampled } = samplingOf(engine, shape, load)
  const { activations, logits, gradients } = gradientOf(engine, shape, load, trained)
  const updated = updateOf(engine, shape)
  const gradient = gradients + activations + logits
  const bytes = (numbers: number): number => 4 * Math.round(numbers)
  const most = Math.max(sampled, gradient, updated)
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
    peak: bytes(resting + most),
    taken: bytes(resting + engine.fragments * most),
  }
}

// numerics

/** The most that AdamW holds: gradients that are left, successors in the group at hand, and temporaries of one parameter. */
const updateOf = ({ group }: Coefficients, { trained }: Shape): number => {
  let gradients = trained.reduce((sum, size) => sum + size, 0)
  let most = gradients
  const sizes = trained.map((size, i) => [String(i), size] as const)
  for (const names of groupsWithin(group, sizes)) {
    let successors = 0
    for (const name of names) {
      const size = trained[Number(name)] ?? 0
      successors += update.successors * size
      most = Math.max(most, gradients + successors + update.temporaries * size)
    }
    gradients -= successors / update.successors
  }
  return most
}

const samplingOf = (
  engine: Coefficients,
  shape: Shape,
  load: Load,
): { readonly cache: number; readonly sampled: number } => {
  const { layers, keyWidth, width, vocabulary, isTied } = shape
  const { places, prompt, response } = load
  const total = prompt + response - 1
  const cache = sampling.caches * 2 * layers * places * total * keyWidth
  const inLayer =
    sampling.layerKeys * places * total * keyWidth +
    layerForward(shape, { answered: 0, tokens: places, pairs: places * total, positions: places * total })
  const atHead =
    (isTied && engine.transposesHead ? vocabulary * width : 0) + sampling.logits * places * vocabulary
  return { cache, sampled: Math.max(cache + Math.max(inLayer, atHead), prefillOf(shape, load)) }
}

/**
 * One layer over as many prompts as are begun together, beside the cache that their layers have made. Shorter prompts are begun
 * in larger portions: the most over all that are no longer.
 */
const prefillOf = (shape: Shape, { places, prompt, groupSize }: Load): number => {
  const before = Math.max(1, prompt - 1)
  const prompts = Math.ceil(places / groupSize)
  const tokens = Math.max(before, Math.min(prompts * before, Math.sqrt(mostScores * prompts)))
  const pairs = Math.max(before ** 2, Math.min(prompts * before ** 2, mostScores))
  return (
    2 * shape.layers * prompts * before * shape.keyWidth +
    layerForward(shape, { answered: 0, tokens, pairs, positions: tokens })
  )
}

/** One layer without a tape, its adapters' products among the rest. */
const layerForward = (shape: Shape, at: Counts): number =>
  layerNumbers(forward, shape, at) + sampling.adapted * (shape.adapter?.touched ?? 0) * at.tokens

/** How much goes through a layer at once: tokens, pairs of them that attention scores, and positions that are attended to. */
interface Counts {
  readonly tokens: number
  readonly pairs: number
  readonly positions: number
  /** Of the tokens, those that are predicted. */
  readonly answered: number
}

/** Those of a micro-batch, prompts and responses together. */
const countsOf = ({ prompt, response, groupSize }: Load, responses: number): Counts => {
  const [prompts, before] = [Math.ceil(responses / groupSize), Math.max(1, prompt - 1)]
  const total = before + response
  return {
    answered: responses * response,
    tokens: responses * response + prompts * before,
    pairs: responses * response * total + prompts * before ** 2,
    positions: responses * total + prompts * before,
  }
}

/** Responses of a micro-batch as `Shard.split` cuts it: whole groups, where one fits. */
const largestShard = ({ batch, microBatch, groupSize }: Load): number => {
  if (microBatch >= batch) return batch
  return microBatch >= groupSize ? microBatch - (microBatch % groupSize) : microBatch
}

const layerNumbers = (counts: LayerCounts, shape: Shape, at: Counts): number =>
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
  const micro = largestShard(load)
  const at = countsOf(load, micro)
  const isSplit = micro < load.batch
  const isFrozen = shape.adapter !== undefined
  const head = headNumbers(engine, shape, load, at.answered)
  const adapted = (shape.adapter?.touched ?? 0) * at.tokens
  const weightsOfLayer = (counts: LayerCounts, frozen: number): number =>
    isFrozen
      ? frozen * shape.layerParameters + 4 * (shape.adapter?.ofLayer ?? 0)
      : counts.weights * shape.layerParameters
  const states = at.tokens * shape.width
  const table = shape.vocabulary * shape.width
  // What the tape of the reference's forward pass needs is gone before the policy's begins: its hidden states stay.
  const resting = at.answered * shape.width + at.answered * lossNumbers

  if (load.checkpointsLayers) {
    const layer =
      layerNumbers(engine.layer, shape, at) + weightsOfLayer(engine.layer, engine.frozen.layer) + adapted
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
    shape.layers *
    (layerNumbers(engine.taped, shape, at) + weightsOfLayer(engine.taped, engine.frozen.taped) + adapted)
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
  { logits, kept, frozen, transposesHead }: Coefficients,
  { vocabulary, width, isTied, adapter }: Shape,
  { logitRows }: Load,
  answered: number,
): { readonly logits: number; readonly matrices: number } => {
  const table = vocabulary * width
  if (answered <= logitRows)
    return {
      logits: logits.rows * answered * vocabulary,
      matrices: (adapter === undefined ? logits.head : frozen.head) * table + kept * answered * width,
    }
  const chunk = logitRows * vocabulary
  const transposed = !transposesHead ? 0 : adapter === undefined && isTied ? 2 : 1
  const inChunk = transposed * table + chunkCopies * chunk
  const summing = adapter !== undefined ? 0 : (transposed + 3) * table + 3 * chunk
  const both = Math.max(inChunk + (adapter === undefined ? table : 0), summing)
  return {
    logits: chunkCopies * chunk,
    matrices: Math.max(0, both - chunkCopies * chunk) + kept * answered * width,
  }
}
