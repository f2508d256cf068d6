/**
 * Checkpoints into memory: the host's, or, tensor by tensor, straight to the device.
 *
 * A model of 3 billion parameters has 12.3 GB in float32. So a model that stands in a folder is not passed around: who needs it
 * is told the folder (`ParametersSource`) and reads it for itself.
 *
 * **Memory**  `readCheckpoint`: the model in float32 and one piece of a file. `loadToDevice`: the largest tensor and one
 * piece, beside what the device holds.
 */
import * as tf from "@tensorflow/tfjs-core"
import { Effect, type FileSystem, type Path } from "effect"
import type { CheckpointError } from "../../errors.ts"
import type { Checkpoint, HostParameters, ParametersSource } from "../Checkpoint.ts"
import { toDevice } from "../DeviceParameters.ts"
import type { Parameters } from "../Parameters.ts"
import type { HostTensor } from "../Safetensors.ts"
import type { ModelDescription } from "./ModelFolder.ts"
import { openCheckpoint } from "./open.ts"

type Reading<A> = Effect.Effect<A, CheckpointError, FileSystem.FileSystem | Path.Path>

/** Reads and checks a checkpoint folder, weights and all. */
export const readCheckpoint = (folder: string): Reading<Checkpoint> =>
  Effect.scoped(
    Effect.gen(function* () {
      const { description, tensors } = yield* openCheckpoint(folder)
      const parameters = new Map<string, HostTensor>()
      for (const { spec, read } of tensors) parameters.set(spec.name, yield* read)
      return { ...description, parameters }
    }),
  ).pipe(Effect.withSpan("readCheckpoint"))

/** Reads and checks everything but the numbers. */
export const describeModel = (folder: string): Reading<ModelDescription> =>
  Effect.scoped(Effect.map(openCheckpoint(folder), ({ description }) => description)).pipe(
    Effect.withSpan("describeModel"),
  )

/** Reads a checkpoint's parameters onto the device. The caller owns the tensors; after a failure there are none. */
export const loadToDevice = (folder: string): Reading<Parameters> =>
  Effect.suspend(() => {
    const loaded: Record<string, tf.Tensor> = {}
    return Effect.scoped(
      Effect.gen(function* () {
        const { tensors } = yield* openCheckpoint(folder)
        for (const { spec, read } of tensors) {
          const tensor = toDevice(new Map([[spec.name, yield* read]]))
          Object.assign(loaded, tensor)
          Object.values(tensor).forEach(settle)
        }
        return loaded
      }),
    ).pipe(Effect.onError(() => Effect.sync(() => tf.dispose(Object.values(loaded)))))
  }).pipe(Effect.withSpan("loadToDevice"))

/**
 * Engines copy a tensor to the device when it is first used, and hold the host's numbers until then: this uses it, so that they are
 * not held until all are read.
 */
const settle = (tensor: tf.Tensor): void =>
  tf.tidy(() => {
    tf.slice(
      tensor,
      tensor.shape.map(() => 0),
      tensor.shape.map(() => 1),
    )
  })

/** The parameters of a source on the device. The caller owns them. */
export const onDevice = (source: ParametersSource): Reading<Parameters> =>
  source._tag === "Folder" ? loadToDevice(source.folder) : Effect.sync(() => toDevice(source.parameters))

/** The same parameters in memory that threads share, so that sending them to a worker copies nothing. */
export const inSharedMemory = (parameters: HostParameters): HostParameters =>
  new Map(
    [...parameters].map(([name, { shape, values }]) => {
      const shared = new Float32Array(new SharedArrayBuffer(values.byteLength))
      shared.set(values)
      return [name, { shape, values: shared }]
    }),
  )
