/**
 * The sizes of a model that memory depends on, in numbers (float32 each).
 */
import { type Lora, adapterSize, adaptedLayers } from "../model/lora/Lora.ts"
import { parameterSpecs } from "../model/Parameters.ts"
import { type Qwen2Config, headSize } from "../model/Qwen2Config.ts"

/** See the module header. */
export interface Shape {
  readonly layers: number
  /** C, I, V. */
  readonly width: number
  readonly inner: number
  readonly vocabulary: number
  /** H, d, and the widths of all queries and of all keys: Q = H d, K = H_kv d. */
  readonly heads: number
  readonly headSize: number
  readonly queryWidth: number
  readonly keyWidth: number
  readonly isTied: boolean
  /** All parameters, and those of one layer. */
  readonly parameters: number
  readonly layerParameters: number
  /** The sizes of what is trained, parameter by parameter, in AdamW's order. */
  readonly trained: ReadonlyArray<number>
  /**
   * Of the adapter: all its numbers, those of one layer, and Σ inputs + 2 Σ outputs of the layers that it adapts in one.
   */
  readonly adapter:
    | {
        readonly size: number
        readonly ofLayer: number
        readonly touched: number
      }
    | undefined
}

/** See the module header. */
export const shapeOf = (config: Qwen2Config, lora: Lora | undefined): Shape => {
  const sizes = parameterSpecs(config).map(({ name, shape }) => ({
    name,
    size: shape.reduce((a, b) => a * b, 1),
  }))
  const sum = (belongs: (name: string) => boolean): number =>
    sizes.filter(({ name }) => belongs(name)).reduce((total, { size }) => total + size, 0)
  const adapted = lora === undefined ? [] : adaptedLayers(config, lora)
  const touched = adapted.reduce((total, { inputs, outputs }) => total + inputs + 2 * outputs, 0)
  const d = headSize(config)
  const adapterNumbers = lora === undefined ? 0 : adapterSize(config, lora)
  return {
    layers: config.num_hidden_layers,
    width: config.hidden_size,
    inner: config.intermediate_size,
    vocabulary: config.vocab_size,
    heads: config.num_attention_heads,
    headSize: d,
    queryWidth: config.num_attention_heads * d,
    keyWidth: config.num_key_value_heads * d,
    isTied: config.tie_word_embeddings,
    parameters: sum(() => true),
    layerParameters: sum((name) => name.startsWith("model.layers.0.")),
    trained:
      lora === undefined
        ? sizes.map(({ size }) => size)
        : adapted.flatMap(({ inputs, outputs }) => [lora.rank * inputs, lora.rank * outputs]),
    adapter:
      lora === undefined
        ? undefined
        : {
            size: adapterNumbers,
            ofLayer: adapterNumbers / config.num_hidden_layers,
            touched: touched / config.num_hidden_layers,
          },
  }
}
