/**
 * LoRA (Hu et al., 2021, arXiv 2106.09685): the model stays frozen, and a product of two thin matrices is learnt beside some
 * of its linear layers.
 *
 *     W' = W + s·A B,     A: [in, r],  B: [r, out],     s = α/r,   or α/√r (rsLoRA, Kalajdzievski, 2023, arXiv 2312.03732)
 *
 * A starts random and B at zero, so training starts from the model itself, which, with the adapters off, is the frozen
 * reference: no second copy of its weights is needed. What stands here is plain data on the host; `addAdapter` computes.
 *
 * Laws (tests): at B = 0 the model is the base, bit for bit; dA = s·dW Bᵀ and dB = s·Aᵀ dW; merged weights give the same
 * logits; rank min(in, out) can represent any change of W.
 */
import { Seed } from "@rapo/distributions"
import type { HostParameters } from "../Checkpoint.ts"
import { type ParameterSpec, parameterSpecs } from "../Parameters.ts"
import type { Qwen2Config } from "../Qwen2Config.ts"
import type { HostTensor } from "../Safetensors.ts"
import { adapterNames } from "./adapterNames.ts"

// model

/** The linear layers that can be adapted, by the last part of their name: all of a block's, which PEFT calls "all-linear". */
export const targets = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"] as const

/** One of them. */
export type Target = (typeof targets)[number]

/** What is adapted, and how. */
export interface Lora {
  /** r ≥ 1. */
  readonly rank: number
  /** α > 0. */
  readonly alpha: number
  readonly targets: ReadonlyArray<Target>
  /** Divide α by √r instead of r. */
  readonly rankStabilised: boolean
}

/** A linear layer: its name, and the sizes of its matrix. */
export interface LinearLayer {
  readonly module: string
  readonly inputs: number
  readonly outputs: number
}

// constructors

/**
 * An adapter that changes nothing yet: A as PEFT draws it, from U(−1/√in, 1/√in), that is Kaiming's uniform distribution with
 * a = √5; B = 0. Each layer draws from a seed of its own name.
 */
export const initialAdapter = (config: Qwen2Config, lora: Lora, seed: Seed.Seed): HostParameters =>
  new Map(
    adaptedLayers(config, lora).flatMap(({ module, inputs, outputs }) => {
      const { uniform } = Seed.generator(Seed.child(seed, module))
      const bound = 1 / Math.sqrt(inputs)
      const a = Float32Array.from({ length: inputs * lora.rank }, () => bound * (2 * uniform() - 1))
      return adapterEntries(
        module,
        { shape: [inputs, lora.rank], values: a },
        { shape: [lora.rank, outputs], values: new Float32Array(lora.rank * outputs) },
        scaleOf(lora),
      )
    }),
  )

/** An adapter's entries for one layer, by their names among a model's parameters. */
export const adapterEntries = (
  module: string,
  a: HostTensor,
  b: HostTensor,
  scale: number,
): ReadonlyArray<readonly [string, HostTensor]> => {
  const names = adapterNames(module)
  return [
    [names.a, a],
    [names.b, b],
    [names.scale, { shape: [], values: Float32Array.of(scale) }],
  ]
}

// measurements

/** s = α/r, or α/√r. */
export const scaleOf = ({ rank, alpha, rankStabilised }: Lora): number =>
  alpha / (rankStabilised ? Math.sqrt(rank) : rank)

/** Every linear layer of the model's blocks, in the order of its parameters. */
export const linearLayers = (config: Qwen2Config): ReadonlyArray<LinearLayer> =>
  parameterSpecs(config).flatMap(({ name, shape }: ParameterSpec): ReadonlyArray<LinearLayer> => {
    const module = name.replace(/\.weight$/, "")
    const [inputs = 0, outputs = 0] = shape
    return name.endsWith(".weight") && targets.some((target) => isNamed(module, target))
      ? [{ module, inputs, outputs }]
      : []
  })

/** Those that an adapter is for. */
export const adaptedLayers = (config: Qwen2Config, lora: Lora): ReadonlyArray<LinearLayer> =>
  linearLayers(config).filter(({ module }) => lora.targets.some((target) => isNamed(module, target)))

/** Whether a name is a layer's own or the end of it, as in PEFT's `target_modules`. */
export const isNamed = (module: string, target: string): boolean =>
  module === target || module.endsWith(`.${target}`)

/** How many numbers are trained: Σ r·(in + out). */
export const adapterSize = (config: Qwen2Config, lora: Lora): number =>
  adaptedLayers(config, lora).reduce((sum, { inputs, outputs }) => sum + lora.rank * (inputs + outputs), 0)
