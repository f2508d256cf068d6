/**
 * A checkpoint's `config.json` as the model that this program computes, or the reason why it does not.
 *
 * What would change the numbers is refused by name: another architecture or activation, scaled rotary embeddings, sliding
 * windows, biases of the feed-forward layers, quantised weights. Fields that do not matter here pass (`max_window_layers`,
 * `attention_dropout`, `use_cache`, …). Defaults are those of transformers' own configuration classes.
 */
import { Schema } from "effect"
import * as E from "fp-ts/lib/Either.js"
import { Qwen2Config, inconsistencies } from "../Qwen2Config.ts"

// model

/** Why a configuration cannot be used. */
export interface UnusableConfig {
  readonly _tag: "UnusableConfig"
  readonly field: string
  readonly problem: string
  readonly remedy: string
}

/** A JSON object. */
export type RawConfig = Readonly<Record<string, unknown>>

// constructors

/** See the module header. */
export const parseConfig = (raw: RawConfig): E.Either<UnusableConfig, Qwen2Config> => {
  const refused = refusals.find(({ applies }) => applies(raw))
  if (refused !== undefined) {
    const { field, problem, remedy } = refused
    return E.left({ _tag: "UnusableConfig", field, problem: problem(raw), remedy })
  }
  const decoded = Schema.decodeUnknownResult(Qwen2Config)(withDefaults(raw))
  if (decoded._tag === "Failure") return unusable(decoded.failure.message)
  const [contradiction] = inconsistencies(decoded.success)
  return contradiction === undefined ? E.right(decoded.success) : unusable(contradiction)
}

// numerics

const copyAgain = "Copy the file again from its source."

const unusable = (problem: string): E.Either<UnusableConfig, never> =>
  E.left({ _tag: "UnusableConfig", field: "", problem, remedy: copyAgain })

interface Refusal {
  readonly field: string
  readonly applies: (raw: RawConfig) => boolean
  readonly problem: (raw: RawConfig) => string
  readonly remedy: string
}

const shown = (value: unknown): string => JSON.stringify(value) ?? "undefined"

const isSet = (value: unknown): boolean => value !== undefined && value !== null && value !== false

const refusals: ReadonlyArray<Refusal> = [
  {
    field: "model_type",
    applies: ({ model_type: type }) => type !== "qwen2" && type !== "llama",
    problem: ({ model_type: type }) =>
      `is ${shown(type)}, but this program computes the architectures "qwen2" and "llama"`,
    remedy: "Use a Qwen2, Qwen2.5 or Llama checkpoint, or make one with `rapo pretrain`.",
  },
  {
    field: "quantization_config",
    applies: (raw) => isSet(raw["quantization_config"]),
    problem: () => "the weights are quantised, which this program does not read",
    remedy: "Use the checkpoint with float weights (the same name without -AWQ, -GPTQ or -Int4).",
  },
  {
    field: "rope_scaling",
    applies: (raw) => ropeScaling(raw) !== undefined,
    problem: (raw) =>
      `asks for rotary embeddings of type ${shown(ropeScaling(raw))}, which this program does not compute`,
    remedy: "Use the model without it (Qwen2.5 needs it beyond 32,768 tokens only), or another checkpoint.",
  },
  {
    field: "use_sliding_window",
    applies: (raw) => isSet(raw["use_sliding_window"]) || slidingLayer(raw) !== undefined,
    problem: () => "asks for attention within a sliding window, which this program does not compute",
    remedy:
      "Set use_sliding_window to false: up to sliding_window tokens the numbers are the same. Every Qwen2.5 has it so.",
  },
  {
    field: "hidden_act",
    applies: ({ hidden_act: activation }) => isSet(activation) && activation !== "silu",
    problem: ({ hidden_act: activation }) => `is ${shown(activation)}, but this program computes "silu"`,
    remedy: "Use another checkpoint.",
  },
  {
    field: "mlp_bias",
    applies: (raw) => isSet(raw["mlp_bias"]),
    problem: () => "asks for biases in the feed-forward layers, which this program does not compute",
    remedy: "Use another checkpoint.",
  },
]

/** The scaling of rotary embeddings that a configuration asks for, such as "yarn"; undefined for none. */
const ropeScaling = (raw: RawConfig): string | undefined =>
  [raw["rope_scaling"], raw["rope_parameters"]]
    .flatMap((rope) => (isRecord(rope) ? [rope["rope_type"] ?? rope["type"] ?? "default"] : []))
    .map(String)
    .find((type) => type !== "default")

const slidingLayer = ({ layer_types: types }: RawConfig): unknown =>
  Array.isArray(types) ? types.find((type) => type !== "full_attention") : undefined

/**
 * Fields that files may leave out, or write as null. transformers writes the base of the rotation at the top level up to
 * version 4, in `rope_parameters` from 5 on; an old Llama has as many key–value heads as heads.
 */
const withDefaults = (raw: RawConfig): RawConfig => {
  const { rope_parameters: rope, model_type: type } = raw
  return {
    tie_word_embeddings: false,
    ...(isRecord(rope) ? { rope_theta: rope["rope_theta"] } : {}),
    ...(type === "llama" ? { num_key_value_heads: raw["num_attention_heads"] } : {}),
    ...Object.fromEntries(Object.entries(raw).filter(([, value]) => value !== null)),
  }
}

const isRecord = (value: unknown): value is RawConfig =>
  typeof value === "object" && value !== null && !Array.isArray(value)
