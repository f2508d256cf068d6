/**
 * The parameters of a Qwen2 (or Llama) model: their names, shapes and initial values.
 *
 * Names are Hugging Face's. Matrices of linear layers are held as [in, out], the transpose of the file's layout
 * (`ops/linear.ts` says why); `isTransposed` tells which.
 */
import { Seed } from "@rapo/distributions"
import * as tf from "@tensorflow/tfjs-core"
import { type Qwen2Config, biasedProjections, headSize } from "./Qwen2Config.ts"

// model

/** Tensors by name. All float32. */
export type Parameters = Readonly<Record<string, tf.Tensor>>

/** A parameter's name and its shape in memory. */
export interface ParameterSpec {
  readonly name: string
  readonly shape: ReadonlyArray<number>
  /** Whether the checkpoint file holds the transpose. */
  readonly isTransposed: boolean
}

// constructors

/** Every parameter of the model, in the order of Hugging Face's files. */
export const parameterSpecs = (config: Qwen2Config): ReadonlyArray<ParameterSpec> => {
  const { hidden_size: width, intermediate_size: inner, vocab_size: vocabulary } = config
  const queryWidth = config.num_attention_heads * headSize(config)
  const keyWidth = config.num_key_value_heads * headSize(config)
  const biased = new Set(biasedProjections(config))
  const vector = (name: string, size: number): ParameterSpec => ({ name, shape: [size], isTransposed: false })
  const matrix = (name: string, inputs: number, outputs: number): ParameterSpec => ({
    name,
    shape: [inputs, outputs],
    isTransposed: true,
  })
  const projection = (
    at: string,
    name: string,
    inputs: number,
    outputs: number,
  ): ReadonlyArray<ParameterSpec> => [
    matrix(`${at}.${name}.weight`, inputs, outputs),
    ...(biased.has(name) ? [vector(`${at}.${name}.bias`, outputs)] : []),
  ]
  const layer = (index: number): ReadonlyArray<ParameterSpec> => {
    const at = `model.layers.${index}`
    return [
      vector(`${at}.input_layernorm.weight`, width),
      ...projection(`${at}.self_attn`, "q_proj", width, queryWidth),
      ...projection(`${at}.self_attn`, "k_proj", width, keyWidth),
      ...projection(`${at}.self_attn`, "v_proj", width, keyWidth),
      ...projection(`${at}.self_attn`, "o_proj", queryWidth, width),
      vector(`${at}.post_attention_layernorm.weight`, width),
      ...projection(`${at}.mlp`, "gate_proj", width, inner),
      ...projection(`${at}.mlp`, "up_proj", width, inner),
      ...projection(`${at}.mlp`, "down_proj", inner, width),
    ]
  }
  return [
    { name: "model.embed_tokens.weight", shape: [vocabulary, width], isTransposed: false },
    ...Array.from({ length: config.num_hidden_layers }, (_, index) => layer(index)).flat(),
    vector("model.norm.weight", width),
    ...(config.tie_word_embeddings ? [] : [matrix("lm_head.weight", width, vocabulary)]),
  ]
}

/** How many numbers the model has. */
export const parameterCount = (config: Qwen2Config): number =>
  parameterSpecs(config).reduce((total, { shape }) => total + shape.reduce((a, b) => a * b, 1), 0)

/** Standard deviation of the initial embedding: Hugging Face's `initializer_range` for Qwen2. */
export const embeddingDeviation = 0.02

/**
 * Initial parameters: matrices from N(0, 1/inputs) (LeCun et al., 1998, §4.6), the embedding from N(0, 0.02²), biases 0,
 * norm weights 1. At width 64, Qwen2's own 0.02 for all matrices is too small to learn from in a minute.
 *
 * Matrices that write to the residual stream are divided by √(2 layers), as GPT-2 does (Radford et al., 2019, §2.3).
 */
export const initialParameters = (config: Qwen2Config, seed: Seed.Seed): Parameters =>
  Object.fromEntries(
    parameterSpecs(config).map(({ name, shape }) => {
      if (name.endsWith("norm.weight")) return [name, tf.ones([...shape])]
      if (name.endsWith(".bias")) return [name, tf.zeros([...shape])]
      const writesToResidual = name.endsWith("o_proj.weight") || name.endsWith("down_proj.weight")
      const deviation =
        name === "model.embed_tokens.weight"
          ? embeddingDeviation
          : 1 / Math.sqrt((shape[0] ?? 1) * (writesToResidual ? 2 * config.num_hidden_layers : 1))
      return [name, normal(shape, deviation, Seed.child(seed, name))]
    }),
  )

// destructors

/** The parameter of a name; its rank is known from `parameterSpecs`. */
export const parameter = (parameters: Parameters, name: string): tf.Tensor => {
  const found = parameters[name]
  if (found === undefined) throw new Error(`bug: the model has no parameter ${name}`)
  return found
}

/** Frees the tensors. */
export const disposeParameters = (parameters: Parameters): void => tf.dispose(Object.values(parameters))

// numerics

/** Independent normal numbers by the Box–Muller transform, from a seed of the project's (tfjs's generator is not ours). */
const normal = (shape: ReadonlyArray<number>, deviation: number, seed: Seed.Seed): tf.Tensor => {
  const { uniform } = Seed.generator(seed)
  const values = new Float32Array(shape.reduce((a, b) => a * b, 1))
  for (let i = 0; i < values.length; i++) {
    values[i] = deviation * Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
  }
  return tf.tensor(values, [...shape])
}
