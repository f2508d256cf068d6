/**
 * `adapter_config.json`: how PEFT (Hugging Face) describes an adapter.
 *
 * Read are those adapters that this project computes as PEFT does: LoRA on linear layers, one rank for all. What PEFT would
 * compute otherwise is refused by its field's name, not ignored. Dropout is accepted: it acts in PEFT's training alone.
 *
 * Source: `LoraConfig` of the peft library, version 0.21.
 */
import * as E from "fp-ts/lib/Either.js"
import { type Lora, isNamed, linearLayers, targets } from "./Lora.ts"
import type { Qwen2Config } from "../Qwen2Config.ts"

// model

/** What the file says. */
export interface PeftConfig {
  readonly rank: number
  readonly alpha: number
  readonly rankStabilised: boolean
  /** Names of layers or the ends of them; undefined where the file has a pattern: then the tensors tell. */
  readonly targetModules: ReadonlyArray<string> | undefined
  readonly baseModel: string
}

/** A field that cannot be used, and what to do about it. */
export interface PeftError {
  readonly _tag: "PeftError"
  readonly field: string
  readonly problem: string
  readonly remedy: string
}

// constructors

/** The file's content, if it is an adapter that this project computes. */
export const fromJson = (raw: Readonly<Record<string, unknown>>): E.Either<PeftError, PeftConfig> => {
  const {
    peft_type: type,
    r,
    lora_alpha: alpha,
    target_modules: modules,
    base_model_name_or_path: base,
  } = raw
  if (type !== "LORA")
    return fail("peft_type", `is ${shown(type)}; adapters of type "LORA" can be read`, otherAdapter)
  for (const [field, neutral, meaning] of unsupported) {
    const value = raw[field]
    if (!isNothing(value) && value !== neutral)
      return fail(field, `is ${shown(value)}: ${meaning}, which this program does not compute`, otherAdapter)
  }
  if (typeof r !== "number" || !Number.isSafeInteger(r) || r < 1)
    return fail("r", `is ${shown(r)}: a rank is a whole number of at least 1`, damaged)
  if (typeof alpha !== "number" || !Number.isFinite(alpha))
    return fail("lora_alpha", `is ${shown(alpha)}: it must be a number`, damaged)
  const list = moduleList(modules)
  if (E.isLeft(list)) return list
  return E.right({
    rank: r,
    alpha,
    rankStabilised: raw["use_rslora"] === true,
    targetModules: isLimited(raw) ? undefined : list.right,
    baseModel: typeof base === "string" ? base : "",
  })
}

/** The layers of a model that the adapter must have tensors for; undefined where its tensors alone tell. */
export const expectedLayers = (
  { targetModules }: PeftConfig,
  config: Qwen2Config,
): E.Either<PeftError, ReadonlySet<string> | undefined> => {
  if (targetModules === undefined) return E.right(undefined)
  const modules = linearLayers(config).map(({ module }) => module)
  const unknown = targetModules.find((target) => !modules.some((module) => isNamed(module, target)))
  if (unknown !== undefined)
    return fail(
      "target_modules",
      `names ${shown(unknown)}, which is no layer that can be adapted here`,
      `Those are ${targets.join(", ")} of a Qwen2 model's blocks.`,
    )
  return E.right(new Set(modules.filter((module) => targetModules.some((target) => isNamed(module, target)))))
}

// destructors

/** The file for an adapter of ours. */
export const toJson = (lora: Lora, baseModel: string): Readonly<Record<string, unknown>> => ({
  alpha_pattern: {},
  auto_mapping: null,
  base_model_name_or_path: baseModel,
  bias: "none",
  fan_in_fan_out: false,
  inference_mode: true,
  init_lora_weights: true,
  layer_replication: null,
  layers_pattern: null,
  layers_to_transform: null,
  lora_alpha: lora.alpha,
  lora_bias: false,
  lora_dropout: 0,
  modules_to_save: null,
  peft_type: "LORA",
  r: lora.rank,
  rank_pattern: {},
  revision: null,
  target_modules: [...lora.targets],
  task_type: "CAUSAL_LM",
  use_dora: false,
  use_rslora: lora.rankStabilised,
})

// numerics

/** Fields that change what PEFT computes, with the value beside absence that does not, and what they ask for. */
const unsupported: ReadonlyArray<readonly [field: string, neutral: unknown, meaning: string]> = [
  ["use_dora", false, "the adapter is a DoRA"],
  ["use_qalora", false, "the adapter is a QALoRA"],
  ["bias", "none", "biases are trained too"],
  ["lora_bias", false, "the adapter has biases of its own"],
  ["modules_to_save", undefined, "whole modules are trained beside the adapter"],
  ["rank_pattern", undefined, "layers have ranks of their own"],
  ["alpha_pattern", undefined, "layers have scales of their own"],
  ["layer_replication", undefined, "layers of the model are repeated"],
  ["trainable_token_indices", undefined, "rows of the embedding are trained too"],
  ["target_parameters", undefined, "parameters outside linear layers are adapted"],
  ["megatron_config", undefined, "the layers are Megatron's"],
  ["alora_invocation_tokens", undefined, "the adapter acts on a part of the text alone"],
  ["arrow_config", undefined, "several adapters are mixed"],
]

/** Whether `target_modules` says less than which layers are adapted. */
const isLimited = (raw: Readonly<Record<string, unknown>>): boolean =>
  ["exclude_modules", "layers_to_transform", "layers_pattern"].some((field) => !isNothing(raw[field]))

const moduleList = (value: unknown): E.Either<PeftError, ReadonlyArray<string> | undefined> => {
  if (value === "all-linear") return E.right(targets)
  if (typeof value === "string") return E.right(undefined)
  return Array.isArray(value) && value.length > 0 && value.every((name) => typeof name === "string")
    ? E.right(value)
    : fail("target_modules", `is ${shown(value)}: it must be a list of layers' names`, damaged)
}

const isNothing = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === "object" && Object.keys(value).length === 0)

const otherAdapter =
  "Merge the adapter in Python (`merge_and_unload`) and name the merged folder with --model, or use a plain LoRA."

const damaged = "Copy the adapter again from its source."

const shown = (value: unknown): string => {
  const text = JSON.stringify(value) ?? "missing"
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}

const fail = (field: string, problem: string, remedy: string): E.Either<PeftError, never> =>
  E.left({ _tag: "PeftError", field, problem, remedy })
