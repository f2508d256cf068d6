/**
 * How many buffers of each size are live at the peak of each stage: counted, not derived.
 *
 * The peak of a stage is a sum of products of sizes, because every tensor of it is. How many there are of each kind follows from the
 * operations of `model/layer.ts`, of the loss, and from what the engine keeps of each for the gradient. The numbers were solved for
 * from the measured peaks of random shapes and settings of 2 to 6 layers: on wasm live bytes of the backend's buffers, 96 shapes; on
 * native TensorFlow's log of allocations, 63. Where two sizes always come together their split is arbitrary.
 *
 * Largest misses, over all of them and 33 others that nothing was fitted to: sampling 2% (native 14%, of models of less than a
 * megabyte), gradient 12% (native 8%), update 0.1% (native 9%, likewise). Of a single layer up to 34%: of prompts the last layer needs
 * keys and values alone, which is not modelled.
 *
 * Engines differ in what keeping costs: for the gradient, tfjs clones what an operation saves. On wasm a clone is a copy; on native and
 * webgpu it is another name of the same buffer. webgpu is taken to be as native but for AdamW; it was not measured.
 */
import type { EngineName } from "../engine/EngineName.ts"
import { groupNumbers } from "../training/parameterGroups.ts"

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
  /** Copies of frozen weights: of a layer while its gradient is taken, or that the tape keeps; of the head, with whole logits. */
  readonly frozen: { readonly layer: number; readonly taped: number; readonly head: number }
  /** Whether a product with a transposed head makes a copy of it. */
  readonly transposesHead: boolean
  /** Numbers of the parameters that AdamW updates together; 0: one parameter. */
  readonly group: number
  /**
   * What the allocator took from the system for a byte that comes and goes, at most as seen: it keeps what it has had and loses
   * some to fragments. 1 where that was not measured.
   */
  readonly fragments: number
  /** The most bytes that one worker can address. */
  readonly addressable: number
}

/** Without a tape: one layer forward. The same on all engines. */
export const forward: LayerCounts = {
  width: 4.2,
  query: 7.1,
  key: 6.8,
  inner: 5.1,
  scores: 3.1,
  mask: 1,
  timeline: 0,
  rotation: 1,
  weights: 0,
}

/** wasm: what is saved is copied. */
export const copying: Coefficients = {
  layer: {
    width: 22.6,
    query: 16.5,
    key: 10.8,
    inner: 9.5,
    scores: 8,
    mask: 1.5,
    timeline: 11.1,
    rotation: 0,
    weights: 3.05,
  },
  taped: {
    width: 19.9,
    query: 15.9,
    key: 8.1,
    inner: 8.45,
    scores: 8.8,
    mask: 0.5,
    timeline: 8.2,
    rotation: 11.8,
    weights: 3.25,
  },
  logits: { rows: 17.7, left: 16.8, head: 1.75 },
  kept: 2.3,
  frozen: { layer: 2.5, taped: 2.45, head: 1.75 },
  transposesHead: true,
  group: 0,
  fragments: 1,
  addressable: 2 ** 32,
}

/** webgpu: what is saved is shared. */
export const sharing: Coefficients = {
  layer: {
    width: 14.2,
    query: 11.2,
    key: 5,
    inner: 6.3,
    scores: 5.3,
    mask: 2,
    timeline: 10.9,
    rotation: 2.1,
    weights: 2,
  },
  taped: {
    width: 13.5,
    query: 10.6,
    key: 14.6,
    inner: 6.1,
    scores: 5.25,
    mask: 0,
    timeline: 6.9,
    rotation: 0,
    weights: 1.95,
  },
  logits: { rows: 14.7, left: 12.1, head: 0.85 },
  kept: 1,
  frozen: { layer: 0.45, taped: 0, head: 0.25 },
  transposesHead: false,
  group: 0,
  fragments: 1,
  addressable: Infinity,
}

/**
 * native: as webgpu, but for AdamW, which updates parameters in groups. Counted operation by operation, as shapes that come for the
 * first time are computed; the same passes as graphs free what is used up, and take less (test).
 */
export const native: Coefficients = { ...sharing, group: groupNumbers, fragments: 1.6 }

/** By engine. */
export const coefficients: Readonly<Record<EngineName, Coefficients>> = {
  native,
  webgpu: sharing,
  wasm: copying,
}

/** How much of what a taped layer adds to the peak is there before the backward pass has begun. */
export const savedShare = 0.57

/** Chunks of [rows, V] that live at once in the chunked loss, in its backward pass with an exact KL. */
export const chunkCopies = 9

/** While AdamW updates a group of parameters: buffers of the group's size, its new values and moments; and temporaries of the largest. */
export const update = { successors: 3, temporaries: 9 } as const

/** Numbers a token that the loss's formulas take: [B, T] tensors. */
export const lossNumbers = 60

/** In a step of sampling: the cache before and after, and beside them buffers of one layer's keys, and of the scores. */
export const sampling = { caches: 2, layerKeys: 0.9, adapted: 0.69, logits: 3.03 } as const
