/**
 * The tensors of a run without their numbers: what a dry run is a function of. In the shapes, and from where, that the run has them.
 */
import * as tf from "@tensorflow/tfjs-core"
import { contextOf } from "../model/layer.ts"
import { adapterNames } from "../model/lora/adapterNames.ts"
import { type Lora, adaptedLayers } from "../model/lora/Lora.ts"
import { type Parameters, parameterSpecs } from "../model/Parameters.ts"
import type { Cache, PlacedTokens } from "../model/Qwen2.ts"
import { type Qwen2Config, headSize } from "../model/Qwen2Config.ts"
import type { ShardGradient } from "../training/gradientOf.ts"
import type { Learning } from "../training/start.ts"
import type { DryBackend } from "./dry/backend.ts"

// tensors

/** On the device. Everything here belongs to the scope around. */
const blank = <R extends tf.Rank>(shape: tf.ShapeMap[R]): tf.Tensor<R> => tf.fill(shape, 0)

/** Given by the host. */
export const fromHost =
  (dry: DryBackend) =>
  <R extends tf.Rank>(shape: tf.ShapeMap[R], dtype: "float32" | "int32" = "float32"): tf.Tensor<R> =>
    tf.engine().makeTensorFromTensorInfo(dry.fromHost(shape, dtype)) as tf.Tensor<R>

/** Others of the same shapes. */
const blanksLike = (parameters: Parameters): Parameters =>
  Object.fromEntries(Object.entries(parameters).map(([name, { shape }]) => [name, blank(shape)]))

// models

/** Everything that is held between steps, policy and reference in buffers of their own, as they are from the first update on. */
export const blankLearning = (config: Qwen2Config, lora: Lora | undefined): Learning => {
  const base: Parameters = Object.fromEntries(
    parameterSpecs(config).map(({ name, shape }) => [name, blank([...shape])]),
  )
  if (lora === undefined) {
    const copy = blanksLike(base)
    return { trained: withMoments(base), reference: { parameters: copy, own: copy } }
  }
  const layers = adaptedLayers(config, lora).map((each) => ({ ...each, names: adapterNames(each.module) }))
  const adapter: Parameters = Object.fromEntries(
    layers.flatMap(({ names, inputs, outputs }) => [
      [names.a, blank([inputs, lora.rank])],
      [names.b, blank([lora.rank, outputs])],
    ]),
  )
  const scales: Parameters = Object.fromEntries(layers.map(({ names }) => [names.scale, blank([])]))
  return {
    trained: { ...withMoments(adapter), frozen: { ...base, ...scales } },
    reference: { parameters: base, own: {} },
  }
}

const withMoments = (parameters: Parameters): Learning["trained"] => ({
  parameters,
  optimiser: { first: blanksLike(parameters), second: blanksLike(parameters), updates: 0 },
})

/** Keys and values of so many rows over so many tokens. */
export const blankCache = (config: Qwen2Config, rows: number, length: number): Cache => {
  const shape: [number, number] = [rows * config.num_key_value_heads, length * headSize(config)]
  return {
    length,
    layers: Array.from({ length: config.num_hidden_layers }, () => ({
      keys: blank(shape),
      values: blank(shape),
    })),
  }
}

/** Gradients in these, as a shard gives them. */
export const blankGradient = (parameters: Parameters): ShardGradient => ({
  loss: 0,
  metrics: { policyGradient: 0, regulariser: 0, entropy: 0, clipFraction: 0, clampRate: 0 },
  gradients: blanksLike(parameters),
})

// tokens

/** `time` new tokens of `batch` sequences, after `past` others. */
export const blankTokens = (
  { dry, config }: { readonly dry: DryBackend; readonly config: Qwen2Config },
  batch: number,
  time: number,
  past: number,
): PlacedTokens => {
  const given = fromHost(dry)
  const d = headSize(config)
  return {
    ids: given([batch, time], "int32"),
    context: contextOf(config, batch, time, past, {
      rotation: {
        cos: given([batch * time, 1, d]),
        sin: given([batch * time, 1, d]),
        halfTurn: given([d, d]),
      },
      mask: given([batch, 1, time, 1, past + time]),
    }),
  }
}
