/**
 * In what engines differ that memory depends on. Read from the sources of tfjs 4.22 (wasm, webgpu, tfjs-node), of
 * TensorFlow 2, and of the kernels that `engine/` puts in their place.
 */
import { type DataType, util } from "@tensorflow/tfjs-core"
import type { EngineName } from "../../engine/EngineName.ts"

// model

/** See the module header. */
export interface Traits {
  /**
   * Whether a cast makes no buffer: TensorFlow's to the same type; webgpu's where no number changes; wasm's always copies. (A clone,
   * of which tfjs makes one of all that is saved for a gradient, is another name of the same buffer on all: `engine/wasm/kernels.ts`.)
   */
  readonly sharesCast: (from: DataType, to: DataType) => boolean
  /** Whether what comes from the host gets its buffer when it is first used: tfjs-node and webgpu keep the values until then. */
  readonly uploadsWhenUsed: boolean
  /**
   * Whether a kernel that need not move numbers makes no buffer: TensorFlow's `Transpose` of axes of size 1, its `Slice` of the
   * whole, or of whole rows that stay aligned.
   */
  readonly sharesViews: boolean
  /** Whether a reduction over other than the last axes transposes first, beside its input: `permuteAxesAndTranspose`. */
  readonly transposesToReduce: boolean
  /** Whether a value is clipped in two steps, with a buffer between them: tfjs-node's `ClipByValue` is a minimum and a maximum. */
  readonly clipsInTwo: boolean
  /**
   * What a process took from the system beyond what is live at the peak, at most as seen: for itself, in bytes, and of what comes and
   * goes, since an allocator keeps what it has had and loses some to fragments. 0 where that was not measured.
   */
  readonly overhead: { readonly own: number; readonly ofPassing: number }
  /** The most bytes that one worker can address. */
  readonly addressable: number
}

// the engines

/** By engine. webgpu's were read, and not measured. */
export const traitsOf: Readonly<Record<EngineName, Traits>> = {
  native: {
    sharesCast: (from, to) => from === to,
    uploadsWhenUsed: true,
    sharesViews: true,
    transposesToReduce: false,
    clipsInTwo: true,
    overhead: { own: 0.25e9, ofPassing: 0.4 },
    addressable: Infinity,
  },
  webgpu: {
    sharesCast: (from, to) => !util.hasEncodingLoss(from, to),
    uploadsWhenUsed: true,
    sharesViews: false,
    transposesToReduce: true,
    clipsInTwo: false,
    overhead: { own: 0, ofPassing: 0 },
    addressable: Infinity,
  },
  wasm: {
    sharesCast: () => false,
    uploadsWhenUsed: false,
    sharesViews: false,
    transposesToReduce: true,
    clipsInTwo: false,
    overhead: { own: 0, ofPassing: 0 },
    addressable: 2 ** 32,
  },
}
