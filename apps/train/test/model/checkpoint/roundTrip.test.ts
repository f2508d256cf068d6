import { Seed } from "@rapo/distributions"
import * as fc from "fast-check"
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import * as path from "node:path"
import { describe, expect, it } from "vitest"
import { describeModel, readCheckpoint, tokenizerOf, writeCheckpoint } from "../../../src/model/Checkpoint.ts"
import { pack } from "../../../src/model/checkpoint/ShardIndex.ts"
import { toDevice, toHost } from "../../../src/model/DeviceParameters.ts"
import { parameterSpecs } from "../../../src/model/Parameters.ts"
import { decode } from "../../../src/model/Safetensors.ts"
import { fromFloat32, toFloat32 } from "../../../src/model/safetensors/numbers.ts"
import { Countdown } from "../../../src/tasks/Countdown.ts"
import { seed } from "../../arbitraries.ts"
import { settingOf } from "../../configs.ts"
import { freeing } from "../../engine.ts"
import { checkpointOf } from "../../models.ts"
import { changeJson, changeTensors, hasSameParameters, run, scratchFolder, written } from "./folders.ts"

const scratch = scratchFolder()
const tied = settingOf(Countdown)
const untied = settingOf(Countdown, { tie_word_embeddings: false, num_key_value_heads: 4 })
const llama = settingOf(Countdown, { model_type: "llama", head_dim: 6, tie_word_embeddings: false })
const biasedLlama = settingOf(Countdown, { model_type: "llama", attention_bias: true })
const setting = fc.constantFrom(tied, untied, llama, biasedLlama)

const weightsIn = (folder: string): ReadonlyArray<string> =>
  readdirSync(folder)
    .filter((name) => name.startsWith("model"))
    .toSorted()

describe("a checkpoint is read as it was written", () => {
  it("bit by bit in float32, whatever the size of its files", async () => {
    await fc.assert(
      fc.asyncProperty(
        seed,
        setting,
        fc.integer({ min: 1, max: 20_000 }),
        async (own, model, maxShardBytes) => {
          const checkpoint = checkpointOf(model, own)
          const folder = await written(scratch, checkpoint, { maxShardBytes })
          const read = await run(readCheckpoint(folder))
          const files = weightsIn(folder)
          return (
            hasSameParameters(read.parameters, checkpoint.parameters) &&
            JSON.stringify(read.config) === JSON.stringify(checkpoint.config) &&
            JSON.stringify([read.tokenizerJson, read.tokenizerConfig]) ===
              JSON.stringify([checkpoint.tokenizerJson, checkpoint.tokenizerConfig]) &&
            (files.length === 1 || files.at(-1) === "model.safetensors.index.json")
          )
        },
      ),
      { numRuns: 20 },
    )
  })

  it("rounded to the nearest in bfloat16; and then it is kept", async () => {
    await fc.assert(
      fc.asyncProperty(seed, setting, async (own, model) => {
        const checkpoint = checkpointOf(model, own)
        const rounded = new Map(
          [...checkpoint.parameters].map(([name, { shape, values }]) => [
            name,
            { shape, values: toFloat32("BF16", fromFloat32("BF16", values)) },
          ]),
        )
        const options = { dtype: "BF16", maxShardBytes: 3000 } as const
        const once = await run(readCheckpoint(await written(scratch, checkpoint, options)))
        const twice = await run(readCheckpoint(await written(scratch, once, options)))
        return (
          hasSameParameters(once.parameters, rounded) && hasSameParameters(twice.parameters, once.parameters)
        )
      }),
      { numRuns: 10 },
    )
  })

  it("again after what was written is read and written: config and generation settings are kept", async () => {
    const first = await written(scratch, checkpointOf(tied, Seed.fromInteger(1)))
    changeJson(first, "config.json", { max_window_layers: 28, bos_token_id: 3, dtype: "bfloat16" })
    changeJson(first, "generation_config.json", { eos_token_id: [5, 6], top_p: 0.8 })
    writeFileSync(path.join(first, "chat_template.jinja"), "{{ messages }}")
    const second = await written(scratch, await run(readCheckpoint(first)))
    const json = (file: string): unknown => JSON.parse(readFileSync(path.join(second, file), "utf8"))
    expect(json("config.json")).toMatchObject({
      max_window_layers: 28,
      bos_token_id: 3,
      torch_dtype: "float32",
    })
    expect(json("config.json")).not.toHaveProperty("dtype")
    expect(json("generation_config.json")).toMatchObject({ eos_token_id: [5, 6], top_p: 0.8 })
    expect(readFileSync(path.join(second, "chat_template.jinja"), "utf8")).toBe("{{ messages }}")
  })

  it("replaces one that is there, one file or several, and leaves none of the old ones", async () => {
    const folder = await written(scratch, checkpointOf(tied, Seed.fromInteger(1)))
    for (const [i, maxShardBytes, count] of [
      [2, 4000, undefined],
      [3, 9000, undefined],
      [4, 1e9, 1],
    ] as const) {
      const next = checkpointOf(untied, Seed.fromInteger(i))
      await run(writeCheckpoint(folder, next, { maxShardBytes }))
      expect(hasSameParameters((await run(readCheckpoint(folder))).parameters, next.parameters)).toBe(true)
      const files = weightsIn(folder)
      expect(files.length).toBe(count ?? files.length)
      if (files.length > 1) expect(new Set(files.slice(0, -1).map((name) => name.slice(-20))).size).toBe(1)
    }
    expect(readdirSync(folder).toSorted()).toEqual([
      "config.json",
      "generation_config.json",
      "model.safetensors",
      "tokenizer.json",
      "tokenizer_config.json",
    ])
  })

  it("holds linear layers as Hugging Face does, [out, in]", async () => {
    const checkpoint = checkpointOf(tied, Seed.fromInteger(3))
    const folder = await written(scratch, checkpoint)
    const file = decode(readFileSync(path.join(folder, "model.safetensors")))
    const name = "model.layers.0.mlp.up_proj.weight"
    const { hidden_size: width, intermediate_size: inner } = tied.config
    const stored = file._tag === "Right" ? file.right.get(name) : undefined
    const held = checkpoint.parameters.get(name)
    expect(stored?.shape).toEqual([inner, width])
    expect(held?.shape).toEqual([width, inner])
    expect(stored?.values[1]).toBe(held?.values[inner])
  })

  it("names its special tokens in generation_config.json and config.json", async () => {
    const folder = await written(scratch, checkpointOf(tied, Seed.fromInteger(4)))
    for (const file of ["generation_config.json", "config.json"]) {
      expect(JSON.parse(readFileSync(path.join(folder, file), "utf8"))).toMatchObject({
        pad_token_id: 0,
        eos_token_id: 1,
      })
    }
  })

  it("survives the way to the device and back", () => {
    const { parameters } = checkpointOf(tied, Seed.fromInteger(5))
    freeing(() => expect(hasSameParameters(toHost(toDevice(parameters)), parameters)).toBe(true))
  })
})

describe("a checkpoint of other hands", () => {
  it("has rope_theta where transformers 5 writes it", async () => {
    const folder = await written(scratch, checkpointOf(tied, Seed.fromInteger(4)))
    const { rope_theta } = tied.config
    changeJson(folder, "config.json", {
      rope_theta: undefined,
      rope_parameters: { rope_type: "default", rope_theta },
    })
    expect((await run(readCheckpoint(folder))).config.rope_theta).toBe(rope_theta)
  })

  it("has fields that are null, or that an old Llama leaves out", async () => {
    const plain = settingOf(Countdown, {
      model_type: "llama",
      num_key_value_heads: 4,
      tie_word_embeddings: false,
    })
    const folder = await written(scratch, checkpointOf(plain, Seed.fromInteger(4)))
    changeJson(folder, "config.json", {
      num_key_value_heads: undefined,
      tie_word_embeddings: undefined,
      head_dim: null,
      attention_bias: null,
      rope_scaling: null,
      sliding_window: null,
    })
    const { config } = await run(readCheckpoint(folder))
    expect(JSON.stringify(config)).toBe(JSON.stringify(plain.config))
  })

  it("carries a copy of its head although it is tied, or frequencies of its rotation", async () => {
    const folder = await written(scratch, checkpointOf(tied, Seed.fromInteger(6)))
    changeTensors(folder, (tensors) => {
      const own = tensors.get("model.embed_tokens.weight")
      if (own !== undefined) tensors.set("lm_head.weight", own)
      tensors.set("model.layers.0.self_attn.rotary_emb.inv_freq", {
        shape: [2],
        values: Float32Array.of(1, 2),
      })
    })
    const { parameters } = await run(readCheckpoint(folder))
    expect([...parameters.keys()]).toEqual(parameterSpecs(tied.config).map(({ name }) => name))
  })

  it("has no tokenizer: token ids are all that can be said", async () => {
    const folder = await written(scratch, checkpointOf(tied, Seed.fromInteger(6)))
    for (const file of ["tokenizer.json", "tokenizer_config.json", "generation_config.json"])
      rmSync(path.join(folder, file))
    const checkpoint = await run(readCheckpoint(folder))
    expect(tokenizerOf(checkpoint)).toMatchObject({ left: { problem: "the folder has no tokenizer.json" } })
    const again = await written(scratch, checkpoint)
    expect(existsSync(path.join(again, "tokenizer.json"))).toBe(false)
    expect((await run(describeModel(again))).tokenizerJson).toBeUndefined()
  })
})

describe("tensors are packed into files", () => {
  it("in their order, none larger than the limit unless it holds one, neighbours not joinable", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(100)), fc.integer({ min: 1, max: 150 }), (sizes, limit) => {
        const groups = pack(sizes, (size) => size, limit)
        const total = (group: ReadonlyArray<number> = []): number => group.reduce((a, b) => a + b, 0)
        return (
          groups.flat().join() === sizes.join() &&
          groups.every((group) => total(group) <= limit || group.length === 1) &&
          groups.every((group, i) => i === 0 || total(groups[i - 1]) + (group[0] ?? 0) > limit)
        )
      }),
    )
  })
})
