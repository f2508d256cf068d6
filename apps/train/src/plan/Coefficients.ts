/**
 * How many buffers of each size are live at the peak of each stage: counted, not derived.
 *
 * The peak of a stage is a sum of products of sizes, because every tensor of it is. How many there are of each kind follows from the
 * operations of `model/layer.ts`, of the loss, and from what the engine keeps of each for the gradient; it was counted by
 * measuring the live bytes of the wasm backend on 24 to 40 random shapes a stage and solving for the coefficients. They reproduce
 * these peaks within 4% for layers, 10% for the head's stage, and 15% for a step of sampling on tiny models. Where two sizes
 * always come together their split is arbitrary.
 *
 * Engines differ in what keeping costs: for the gradient, tfjs clones what an operation saves. On wasm a clone is a copy; on native and
 * webgpu it is another name of the same buffer. The second column was counted on wasm with its `Identity` replaced by one
 * that shares; kernels' own scratch memory, and what an allocator loses to fragments, are not in it.
 */

/** Of a stage of a layer: buffers of [tokens, C], [tokens, Q], [tokens, I], … */
export interface LayerCounts {
  readonly width: number
  readonly query: number
  readonly key: number
  readonly inner: number
  /** Of the attention's scores, [B, H, T, S]. */
  readonly scores: number
  /** Of the mask, [B, T, S]. */
  readonly mask: number
  /** Of keys over all positions, [B, S, K]. */
  readonly timeline: number
  /** Of [tokens, d]. */
  readonly rotation: number
  /** Of the layer's parameters. */
  readonly weights: number
}

/** One engine's numbers. */
export interface Coefficients {
  /** A layer's vector–Jacobian product, alone: forward, backward, its gradients. */
  readonly layer: LayerCounts
  /** What a layer adds to the peak of the whole tape. */
  readonly taped: LayerCounts
  /** Whole logits: buffers of [tokens, V] while their gradient is taken, and at the end of the tape; and of [V, C]. */
  readonly logits: { readonly rows: number; readonly left: number; readonly head: number }
  /** Copies of the hidden states that a chunked loss keeps, beside the states themselves. */
  readonly kept: number
}

/** Without a tape: one layer forward. The same on all engines. */
export const forward: LayerCounts = {
  width: 4.7,
  query: 7,
  key: 9.9,
  inner: 4.5,
  scores: 3.2,
  mask: 0,
  timeline: 0,
  rotation: 1,
  weights: 0,
}

/** wasm: what is saved is copied. */
export const copying: Coefficients = {
  layer: {
    width: 22.2,
    query: 14.65,
    key: 3.9,
    inner: 6.35,
    scores: 8,
    mask: 2.3,
    timeline: 16.5,
    rotation: 7,
    weights: 4.1,
  },
  taped: {
    width: 19.7,
    query: 14.3,
    key: 7.3,
    inner: 7,
    scores: 8.2,
    mask: 0,
    timeline: 15,
    rotation: 7.5,
    weights: 4,
  },
  logits: { rows: 19, left: 14, head: 3 },
  kept: 2,
}

/** native, webgpu: what is saved is shared. */
export const sharing: Coefficients = {
  layer: {
    width: 17.25,
    query: 12.7,
    key: 5.7,
    inner: 6.4,
    scores: 4.9,
    mask: 1.5,
    timeline: 11.8,
    rotation: 2,
    weights: 2.1,
  },
  taped: {
    width: 16.7,
    query: 12.9,
    key: 7.9,
    inner: 7.1,
    scores: 5,
    mask: 0,
    timeline: 10.7,
    rotation: 0,
    weights: 2,
  },
  logits: { rows: 14.7, left: 12, head: 3 },
  kept: 1,
}

/** How much of what a taped layer adds to the peak is there before the backward pass has begun. */
export const savedShare = 0.57

/** Chunks of [rows, V] that live at once in the chunked loss, in its backward pass with an exact KL. */
export const chunkCopies = 9

/** Buffers of a parameter's size while AdamW updates it, its old and new values not counted. */
export const updateCopies = 12

/** Numbers a token that the loss's formulas take: [B, T] tensors. */
export const lossNumbers = 60

/** In a step of sampling: the cache before and after, and beside them buffers of one layer's keys, and of the scores. */
export const sampling = { caches: 2, layerKeys: 2.5, scores: 2.3, width: 9, logits: 3 } as const
