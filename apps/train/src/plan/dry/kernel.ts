/**
 * A kernel of the dry backend: from inputs and attributes to tensors of the right shape and type, over buffers of their own or over
 * an input's.
 */
import type * as tf from "@tensorflow/tfjs-core"
import type { DryBackend } from "./backend.ts"

// model

/** A tensor, to a kernel. */
export type Info = tf.TensorInfo

export type Shape = ReadonlyArray<number>

/** One input. */
export interface X {
  readonly x: Info
}

/** Any number of inputs, in their order. */
export type Pieces = Readonly<Record<string, Info>>

// constructors

/** A kernel from what it makes. It reads all of its inputs. */
export const kernel =
  <Inputs, Attributes>(
    made: (on: DryBackend, inputs: Inputs, attributes: Attributes) => Info | Array<Info>,
  ): tf.KernelFunc =>
  ({ inputs, attrs, backend }) => {
    const on = backend as DryBackend
    for (const input of Object.values(inputs)) if (input !== undefined) on.use(input)
    return made(on, inputs as Inputs, attrs as Attributes)
  }
