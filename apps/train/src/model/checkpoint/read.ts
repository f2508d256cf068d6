/**
 * Checkpoints into memory: the host's, or, tensor by tensor, straight to the device.
 *
 * A model of 3 billion parameters has 12.3 GB in float32. So a large one is not passed around: who needs it is told its
 * folder (`ParametersSource`) and reads it for itself.
 *
 * **Memory**  `readCheckpoint`: the model in float32 and one piece of a file. `loadToDevice`: the largest tensor and one
 * piece, beside what the device holds.
 */
import * as tf from "@tensorflow/tfjs-core"
import { Effect, type FileSystem, type Path } from "effect"
import type { CheckpointError } from "../../errors.ts"
import type { Checkpoint, HostParameters, ParametersSource } from "../Checkpoint.ts"
import { toDevice } from "../DeviceParameters.ts"
import { type Parameters, parameterCount } from "../Parameters.ts"
import type { Qwen2Config } from "../Qwen2Config.ts"
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
        for (const { spec, read } of tensors)
          Object.assign(loaded, toDevice(new Map([[spec.name, yield* read]])))
        return loaded
      }),
    ).pipe(Effect.onError(() => Effect.sync(() => tf.dispose(Object.values(loaded)))))
  }).pipe(Effect.withSpan("loadToDevice"))

/** The parameters of a source on the device. The caller owns them. */
export const onDevice = (source: ParametersSource): Reading<Parameters> =>
  source._tag === "Folder" ? loadToDevice(source.folder) : Effect.sync(() => toDevice(source.parameters))

/** Ours: up to 1 GiB in float32 is read once and shared; a larger model is read by each worker for itself. */
export const mostBytesInMemory = 2 ** 30

/** Whether a model is small enough to be held on the host. */
export const fitsInMemory = (config: Qwen2Config): boolean => 4 * parameterCount(config) <= mostBytesInMemory

/** The parameters of a folder as a source: its numbers, or for a large model the folder. */
export const sourceOf = (folder: string, config: Qwen2Config): Reading<ParametersSource> =>
  fitsInMemory(config)
    ? Effect.map(readCheckpoint(folder), ({ parameters }) => ({
        _tag: "InMemory",
        parameters: inSharedMemory(parameters),
      }))
    : Effect.succeed({ _tag: "Folder", folder })

/** The same parameters in memory that threads share, so that sending them to a worker copies nothing. */
export const inSharedMemory = (parameters: HostParameters): HostParameters =>
  new Map(
    [...parameters].map(([name, { shape, values }]) => {
      const shared = new Float32Array(new SharedArrayBuffer(values.byteLength))
      shared.set(values)
      return [name, { shape, values: shared }]
    }),
  )
