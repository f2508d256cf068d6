/**
 * `adapter_model.safetensors`: PEFT's names and layout of an adapter's tensors.
 *
 *     base_model.model.<layer>.lora_A.weight   [r, in]
 *     base_model.model.<layer>.lora_B.weight   [out, r]
 *
 * Both are the transposes of what stands in memory here (`Lora.ts`). Law: reading what was written gives it back.
 */
import * as E from "fp-ts/lib/Either.js"
import type { HostParameters } from "../Checkpoint.ts"
import type { Qwen2Config } from "../Qwen2Config.ts"
import type { HostTensor } from "../Safetensors.ts"
import { adapterNames } from "./adapterNames.ts"
import { type LinearLayer, adapterEntries, linearLayers } from "./Lora.ts"
import { type PeftConfig, expectedLayers } from "./PeftConfig.ts"
import { layerOfA } from "./split.ts"

// model

/** What is wrong with the tensors, and of which; the field is the configuration's where that is at fault. */
export interface AdapterFault {
  readonly file: "adapter_config.json" | "adapter_model.safetensors"
  readonly field: string
  readonly problem: string
  readonly remedy: string
}

// constructors

/** An adapter's entries among a model's parameters, from the file's tensors: checked one by one against the model. */
export const fromFile = (
  config: Qwen2Config,
  peft: PeftConfig,
  found: ReadonlyMap<string, HostTensor>,
): E.Either<AdapterFault, HostParameters> => {
  const expected = expectedLayers(peft, config)
  if (E.isLeft(expected)) return E.left({ file: "adapter_config.json", ...expected.left })
  const layers = linearLayers(config)
  const named = (kind: "A" | "B") => new Map(layers.map((layer) => [fileName(layer.module, kind), layer]))
  const [ofA, ofB] = [named("A"), named("B")]
  const stranger = [...found.keys()].find((name) => !ofA.has(name) && !ofB.has(name))
  if (stranger !== undefined) return fail(stranger, "the model has no linear layer of this name")

  const scale = peft.alpha / (peft.rankStabilised ? Math.sqrt(peft.rank) : peft.rank)
  const entries: Array<readonly [string, HostTensor]> = []
  for (const layer of layers) {
    const isExpected = expected.right?.has(layer.module)
    const [a, b] = [found.get(fileName(layer.module, "A")), found.get(fileName(layer.module, "B"))]
    if (a === undefined && b === undefined && isExpected !== true) continue
    const fault =
      isExpected === false
        ? wrong(fileName(layer.module, "A"), "adapter_config.json does not name its layer")
        : (shapeFault(layer, "A", a, [peft.rank, layer.inputs], peft.rank) ??
          shapeFault(layer, "B", b, [layer.outputs, peft.rank], peft.rank))
    if (fault !== undefined) return E.left(fault)
    if (a === undefined || b === undefined) throw new Error("bug: a missing tensor is a fault")
    entries.push(...adapterEntries(layer.module, transposed(a), transposed(b), scale))
  }
  return entries.length === 0 ? fail("", "holds no tensors of an adapter") : E.right(new Map(entries))
}

// destructors

/** The file's tensors of an adapter. */
export const toFile = (adapter: HostParameters): ReadonlyMap<string, HostTensor> =>
  new Map(
    [...adapter].flatMap(([name, a]): ReadonlyArray<readonly [string, HostTensor]> => {
      const module = layerOfA(name)
      if (module === undefined) return []
      const b = adapter.get(adapterNames(module).b)
      if (b === undefined) throw new Error(`bug: ${module} has an A and no B`)
      return [
        [fileName(module, "A"), transposed(a)],
        [fileName(module, "B"), transposed(b)],
      ]
    }),
  )

// numerics

const fileName = (module: string, kind: "A" | "B"): string => `base_model.model.${module}.lora_${kind}.weight`

const wrong = (field: string, problem: string): AdapterFault => ({
  file: "adapter_model.safetensors",
  field,
  problem,
  remedy: "The adapter must have been made for this very model: check --model, or copy both again.",
})

const fail = (field: string, problem: string): E.Either<AdapterFault, never> => E.left(wrong(field, problem))

const shapeFault = (
  { module }: LinearLayer,
  kind: "A" | "B",
  tensor: HostTensor | undefined,
  shape: ReadonlyArray<number>,
  rank: number,
): AdapterFault | undefined => {
  const name = fileName(module, kind)
  if (tensor === undefined) return wrong(name, "is missing")
  if (tensor.shape.join() !== shape.join())
    return wrong(
      name,
      `its shape is [${tensor.shape.join(", ")}]; the model and rank ${rank} ask for [${shape.join(", ")}]`,
    )
  return tensor.values.every(Number.isFinite) ? undefined : wrong(name, "holds NaN or infinity")
}

const transposed = ({ shape, values }: HostTensor): HostTensor => {
  const [rows = 0, columns = 0] = shape
  const out = new Float32Array(values.length)
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) out[j * rows + i] = values[i * columns + j] ?? 0
  return { shape: [columns, rows], values: out }
}
