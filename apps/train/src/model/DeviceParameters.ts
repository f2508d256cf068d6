/**
 * Parameters between the host and the device. What is moved to the device must be freed by who moved it.
 */
import * as tf from "@tensorflow/tfjs-core"
import type { HostParameters } from "./Checkpoint.ts"
import type { Parameters } from "./Parameters.ts"

/** Copies parameters to the device. */
export const toDevice = (parameters: HostParameters): Parameters =>
  Object.fromEntries(
    [...parameters].map(([name, { shape, values }]) => [name, tf.tensor(values, [...shape], "float32")]),
  )

/** Copies parameters to the host. */
export const toHost = (parameters: Parameters): HostParameters =>
  new Map(
    Object.entries(parameters).map(([name, tensor]) => [
      name,
      { shape: tensor.shape, values: Float32Array.from(tensor.dataSync()) },
    ]),
  )
