import { Seed } from "@rapo/distributions"
import * as fc from "fast-check"
import * as E from "fp-ts/lib/Either.js"
import { describe, expect, it } from "vitest"
import { type Lora, adaptedLayers, targets } from "../../src/model/lora/Lora.ts"
import { type PeftConfig, fromJson, toJson } from "../../src/model/lora/PeftConfig.ts"
import { fromFile, toFile } from "../../src/model/lora/PeftTensors.ts"
import { type HostTensor, decode, encode } from "../../src/model/Safetensors.ts"
import { lora, modelConfig, seed } from "../arbitraries.ts"
import { configOf } from "../configs.ts"
import { randomAdapter } from "./adapters.ts"

const plain: Lora = { rank: 2, alpha: 4, targets: ["q_proj", "down_proj"], rankStabilised: false }
const json = toJson(plain, "base")

const rightOf = <L, A>(either: E.Either<L, A>): A =>
  E.getOrElseW((left: L): never => {
    throw new Error(JSON.stringify(left))
  })(either)

const read: PeftConfig = rightOf(fromJson(json))

describe("adapter_config.json", () => {
  it("says what was written, for every adapter", () => {
    fc.assert(
      fc.property(lora, fc.string(), (own, base) => {
        const parsed = fromJson(JSON.parse(JSON.stringify(toJson(own, base))) as Record<string, unknown>)
        return (
          E.isRight(parsed) &&
          JSON.stringify(parsed.right) ===
            JSON.stringify({
              rank: own.rank,
              alpha: own.alpha,
              rankStabilised: own.rankStabilised,
              targetModules: own.targets,
              baseModel: base,
            })
        )
      }),
    )
  })

  it("never throws, whatever stands in it", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.keys(json), "arrow_config", "megatron_config"),
        fc.jsonValue(),
        (field, value) => {
          const parsed = fromJson({ ...json, [field]: value })
          return E.isRight(parsed) || parsed.left.problem.length > 0
        },
      ),
    )
  })

  it.each<readonly [string, unknown, RegExp]>([
    ["peft_type", "IA3", /"IA3".*"LORA"/],
    ["peft_type", undefined, /missing/],
    ["use_dora", true, /DoRA/],
    ["use_qalora", true, /QALoRA/],
    ["bias", "all", /biases are trained/],
    ["bias", "lora_only", /biases are trained/],
    ["lora_bias", true, /biases of its own/],
    ["modules_to_save", ["lm_head"], /\["lm_head"\].*whole modules/],
    ["rank_pattern", { q_proj: 8 }, /ranks of their own/],
    ["alpha_pattern", { q_proj: 8 }, /scales of their own/],
    ["layer_replication", [[0, 1]], /repeated/],
    ["trainable_token_indices", [1, 2], /embedding/],
    ["target_parameters", ["x"], /outside linear layers/],
    ["r", 0, /whole number/],
    ["r", 1.5, /whole number/],
    ["r", undefined, /missing/],
    ["lora_alpha", "16", /"16".*a number/],
    ["target_modules", [], /list of layers/],
    ["target_modules", [1], /list of layers/],
    ["target_modules", null, /list of layers/],
  ])("refuses %s = %j by its name", (field, value, problem) => {
    expect(fromJson({ ...json, [field]: value })).toMatchObject({
      left: { field, problem: expect.stringMatching(problem) as string },
    })
  })

  it.each<readonly [string, unknown]>([
    ["lora_dropout", 0.1],
    ["modules_to_save", []],
    ["rank_pattern", {}],
    ["fan_in_fan_out", false],
    ["peft_version", "0.21.0"],
    ["revision", "main"],
    ["task_type", null],
  ])("accepts %s = %j, which changes nothing", (field, value) => {
    expect(fromJson({ ...json, [field]: value })).toEqual(E.right(read))
  })

  it("reads all-linear as every layer that can be adapted, and leaves a pattern to the tensors", () => {
    expect(rightOf(fromJson({ ...json, target_modules: "all-linear" })).targetModules).toEqual(targets)
    expect(rightOf(fromJson({ ...json, target_modules: ".*_proj" })).targetModules).toBeUndefined()
    expect(rightOf(fromJson({ ...json, layers_to_transform: [0] })).targetModules).toBeUndefined()
  })
})

describe("adapter_model.safetensors", () => {
  const config = configOf({ num_hidden_layers: 2 })
  const adapter = randomAdapter(config, plain, Seed.fromInteger(1))
  const file = toFile(adapter)
  const faultOf = (found: ReadonlyMap<string, HostTensor>, peft: PeftConfig = read): unknown => {
    const result = fromFile(config, peft, found)
    return E.isLeft(result) ? result.left : "it is read"
  }
  const q = "base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight"
  const tensor = (shape: ReadonlyArray<number>, value = 0): HostTensor => ({
    shape,
    values: new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(value),
  })

  it("gives back what was written, for every adapter", () => {
    fc.assert(
      fc.property(modelConfig, lora, seed, (model, own, random) => {
        const written = randomAdapter(model, own, random)
        const decoded = rightOf(decode(encode(toFile(written))))
        const back = rightOf(fromFile(model, rightOf(fromJson(toJson(own, ""))), decoded))
        return (
          [...back.keys()].join() === [...written.keys()].join() &&
          [...back].every(([name, { shape, values }]) => {
            const before = written.get(name)
            return (
              shape.join() === before?.shape.join() &&
              values.join() === Float32Array.from(before.values).join()
            )
          })
        )
      }),
    )
  })

  it("has PEFT's names and shapes: A [r, in], B [out, r]", () => {
    const { rank } = plain
    const expected = adaptedLayers(config, plain).flatMap(({ module, inputs, outputs }) => [
      [`base_model.model.${module}.lora_A.weight`, [rank, inputs]],
      [`base_model.model.${module}.lora_B.weight`, [outputs, rank]],
    ])
    expect([...file].map(([name, { shape }]) => [name, shape])).toEqual(expected)
  })

  it("refuses a tensor that the model has no layer for", () => {
    const name = "base_model.model.model.layers.7.self_attn.q_proj.lora_A.weight"
    expect(faultOf(new Map([...file, [name, tensor([2, 16])]]))).toMatchObject({ field: name })
    const head = "base_model.model.lm_head.lora_A.weight"
    expect(faultOf(new Map([...file, [head, tensor([2, 16])]]))).toMatchObject({ field: head })
  })

  it("refuses a missing tensor, another rank, another width, NaN, and none at all", () => {
    const without = new Map(file)
    without.delete(q)
    expect(faultOf(without)).toMatchObject({ field: q, problem: "is missing" })
    const [a, b] = [q, q.replace("lora_A", "lora_B")]
    expect(faultOf(new Map([...file, [a, tensor([3, 16])], [b, tensor([16, 3])]]))).toMatchObject({
      field: q,
      problem: "its shape is [3, 16]; the model and rank 2 ask for [2, 16]",
    })
    expect(faultOf(new Map([...file, [b, tensor([8, 2])]]))).toMatchObject({
      problem: expect.stringContaining("[8, 2]") as string,
    })
    expect(faultOf(new Map([...file, [a, tensor([2, 16], NaN)]]))).toMatchObject({
      field: q,
      problem: "holds NaN or infinity",
    })
    expect(faultOf(new Map(), { ...read, targetModules: undefined })).toMatchObject({
      problem: "holds no tensors of an adapter",
    })
  })

  it("refuses targets that are no layers of the model, and tensors of layers that are no targets", () => {
    expect(faultOf(file, { ...read, targetModules: ["q_proj", "lm_head"] })).toMatchObject({
      file: "adapter_config.json",
      field: "target_modules",
      problem: expect.stringContaining('"lm_head"') as string,
    })
    expect(faultOf(file, { ...read, targetModules: ["down_proj"] })).toMatchObject({ field: q })
  })

  it("reads the layers that the tensors name where the configuration has a pattern", () => {
    const some = new Map([...file].filter(([name]) => name.includes("layers.1.")))
    const result = rightOf(fromFile(config, { ...read, targetModules: undefined }, some))
    expect([...result.keys()]).toEqual([...adapter.keys()].filter((name) => name.includes("layers.1.")))
  })

  it("never throws, whichever tensors are left out or changed in shape", () => {
    fc.assert(
      fc.property(fc.subarray([...file]), fc.nat(3), fc.nat(20), (kept, rows, columns) => {
        const [head, ...rest] = kept
        const changed = head === undefined ? [] : [[head[0], tensor([rows, columns])] as const, ...rest]
        const result = fromFile(config, read, new Map(changed))
        return E.isRight(result) || result.left.problem.length > 0
      }),
    )
  })
})
