import * as NodeServices from "@effect/platform-node/NodeServices"
import { Seed } from "@rapo/distributions"
import { Effect } from "effect"
import * as fc from "fast-check"
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import * as path from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import type { CheckpointError } from "../../src/errors.ts"
import {
  type Checkpoint,
  checkpointCodec,
  readCheckpoint,
  writeCheckpoint,
} from "../../src/model/Checkpoint.ts"
import { toDevice, toHost } from "../../src/model/DeviceParameters.ts"
import { type HostTensor, decode, encode } from "../../src/model/Safetensors.ts"
import { Countdown } from "../../src/tasks/Countdown.ts"
import { seed } from "../arbitraries.ts"
import { freeing } from "../engine.ts"
import { settingOf } from "../configs.ts"
import { checkpointOf } from "../models.ts"
import { describeWith } from "../sharedData.ts"

const scratch = mkdtempSync(path.join(tmpdir(), "rapo-checkpoint-"))
afterAll(() => rmSync(scratch, { recursive: true }))

const run = <A, E>(effect: Effect.Effect<A, E, NodeServices.NodeServices>): Promise<A> =>
  Effect.runPromise(effect.pipe(Effect.provide(NodeServices.layer)))

/** How reading a folder fails. */
const failureOf = (folder: string): Promise<CheckpointError> => run(Effect.flip(readCheckpoint(folder)))

const tied = settingOf(Countdown)
const untied = settingOf(Countdown, { tie_word_embeddings: false, num_key_value_heads: 4 })

/** A fresh folder with a good checkpoint in it. */
const written = async (checkpoint: Checkpoint): Promise<string> => {
  const folder = mkdtempSync(path.join(scratch, "c-"))
  await run(writeCheckpoint(folder, checkpoint))
  return folder
}

const hasSameParameters = (a: Checkpoint["parameters"], b: Checkpoint["parameters"]): boolean =>
  [...a.keys()].join() === [...b.keys()].join() &&
  [...a].every(([name, { shape, values }]) => {
    const other = b.get(name)
    return (
      other?.shape.join() === shape.join() && values.every((value, i) => Object.is(value, other.values[i]))
    )
  })

describe("a checkpoint", () => {
  it("is read as it was written, bit by bit, tied and untied", async () => {
    await fc.assert(
      fc.asyncProperty(seed, fc.constantFrom(tied, untied), async (own, setting) => {
        const checkpoint = checkpointOf(setting, own)
        const read = await run(readCheckpoint(await written(checkpoint)))
        return (
          hasSameParameters(read.parameters, checkpoint.parameters) &&
          JSON.stringify(read.config) === JSON.stringify(checkpoint.config) &&
          JSON.stringify([read.tokenizerJson, read.tokenizerConfig]) ===
            JSON.stringify([checkpoint.tokenizerJson, checkpoint.tokenizerConfig])
        )
      }),
      { numRuns: 6 },
    )
  })

  it("replaces one that is there, and leaves no partial file", async () => {
    const folder = await written(checkpointOf(tied, Seed.fromInteger(1)))
    const second = checkpointOf(untied, Seed.fromInteger(2))
    await run(writeCheckpoint(folder, second))
    expect(hasSameParameters((await run(readCheckpoint(folder))).parameters, second.parameters)).toBe(true)
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
    const folder = await written(checkpoint)
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
    const folder = await written(checkpointOf(tied, Seed.fromInteger(4)))
    for (const file of ["generation_config.json", "config.json"]) {
      expect(JSON.parse(readFileSync(path.join(folder, file), "utf8"))).toMatchObject({
        pad_token_id: 0,
        eos_token_id: 1,
      })
    }
  })

  it("reads rope_theta where transformers 5 writes it", async () => {
    const checkpoint = checkpointOf(tied, Seed.fromInteger(4))
    const folder = await written(checkpoint)
    const { rope_theta } = tied.config
    changeJson(folder, "config.json", {
      rope_theta: undefined,
      rope_parameters: { rope_type: "default", rope_theta },
    })
    expect((await run(readCheckpoint(folder))).config.rope_theta).toBe(rope_theta)
  })

  it("survives the way to the device and back", () => {
    const { parameters } = checkpointOf(tied, Seed.fromInteger(5))
    freeing(() => expect(hasSameParameters(toHost(toDevice(parameters)), parameters)).toBe(true))
  })

  it("accepts a tied model that carries a copy of its head", async () => {
    const folder = await written(checkpointOf(tied, Seed.fromInteger(6)))
    changeTensors(folder, (tensors) =>
      tensors.set("lm_head.weight", { shape: [1], values: Float32Array.of(0) }),
    )
    expect((await run(readCheckpoint(folder))).parameters.has("lm_head.weight")).toBe(false)
  })
})

describe("a checkpoint that cannot be used is refused, with file and field", () => {
  it.each<readonly [string, (folder: string) => void, string, string, RegExp]>([
    [
      "another architecture",
      (f) => changeJson(f, "config.json", { model_type: "llama" }),
      "config.json",
      "model_type",
      /"llama".*"qwen2"/,
    ],
    [
      "no architecture",
      (f) => changeJson(f, "config.json", { model_type: undefined }),
      "config.json",
      "model_type",
      /undefined/,
    ],
    [
      "a missing field",
      (f) => changeJson(f, "config.json", { rope_theta: undefined }),
      "config.json",
      "",
      /rope_theta/,
    ],
    [
      "scaled rotary embeddings",
      (f) => changeJson(f, "config.json", { rope_scaling: { rope_type: "yarn", factor: 4 } }),
      "config.json",
      "rope_scaling",
      /"yarn"/,
    ],
    [
      "a width of 0",
      (f) => changeJson(f, "config.json", { hidden_size: 0 }),
      "config.json",
      "",
      /hidden_size/,
    ],
    [
      "heads that do not divide",
      (f) => changeJson(f, "config.json", { num_attention_heads: 3 }),
      "config.json",
      "",
      /num_attention_heads 3/,
    ],
    [
      "a configuration of another size",
      (f) => changeJson(f, "config.json", { intermediate_size: 25 }),
      "model.safetensors",
      "model.layers.0.mlp.gate_proj.weight",
      /\[24, 16\].*\[25, 16\]/,
    ],
    [
      "more layers than tensors",
      (f) => changeJson(f, "config.json", { num_hidden_layers: 3 }),
      "model.safetensors",
      "model.layers.2.input_layernorm.weight",
      /missing/,
    ],
    [
      "fewer layers than tensors",
      (f) => changeJson(f, "config.json", { num_hidden_layers: 1 }),
      "model.safetensors",
      "model.layers.1.input_layernorm.weight",
      /no such tensor/,
    ],
    [
      "a missing tensor",
      (f) => changeTensors(f, (t) => void t.delete("model.norm.weight")),
      "model.safetensors",
      "model.norm.weight",
      /missing/,
    ],
    [
      "a tensor too many",
      (f) => changeTensors(f, (t) => t.set("extra", { shape: [1], values: Float32Array.of(1) })),
      "model.safetensors",
      "extra",
      /no such tensor/,
    ],
    [
      "a tensor of another rank",
      (f) =>
        changeTensors(f, (t) => t.set("model.norm.weight", { shape: [4, 4], values: new Float32Array(16) })),
      "model.safetensors",
      "model.norm.weight",
      /\[4, 4\].*\[16\]/,
    ],
    [
      "NaN",
      (f) =>
        changeTensors(f, (t) =>
          t.set("model.norm.weight", { shape: [16], values: new Float32Array(16).fill(NaN) }),
        ),
      "model.safetensors",
      "model.norm.weight",
      /NaN/,
    ],
    [
      "infinity",
      (f) =>
        changeTensors(f, (t) =>
          t.set("model.norm.weight", { shape: [16], values: new Float32Array(16).fill(-Infinity) }),
        ),
      "model.safetensors",
      "model.norm.weight",
      /infinity/,
    ],
    [
      "cut weights",
      (f) => truncate(path.join(f, "model.safetensors")),
      "model.safetensors",
      "model.norm.weight",
      /not inside the file/,
    ],
    [
      "config.json not JSON",
      (f) => writeFileSync(path.join(f, "config.json"), "{"),
      "config.json",
      "",
      /not JSON/,
    ],
    [
      "tokenizer.json not JSON",
      (f) => writeFileSync(path.join(f, "tokenizer.json"), "no"),
      "tokenizer.json",
      "",
      /not JSON/,
    ],
    [
      "config.json a JSON null",
      (f) => writeFileSync(path.join(f, "config.json"), "null"),
      "config.json",
      "",
      /JSON/,
    ],
    ...["config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"].map(
      (file) =>
        [
          `no ${file}`,
          (f: string) => rmSync(path.join(f, file)),
          file,
          "",
          /cannot be read \(there is no such path\)/,
        ] as const,
    ),
    [
      "a directory for a file",
      (f) => {
        rmSync(path.join(f, "config.json"))
        mkdirSync(path.join(f, "config.json"))
      },
      "config.json",
      "",
      /cannot be read/,
    ],
  ])("%s", async (_, damage, file, field, problem) => {
    const folder = await written(checkpointOf(tied, Seed.fromInteger(7)))
    damage(folder)
    const error = await failureOf(folder)
    expect(error).toMatchObject({ _tag: "CheckpointError", path: path.join(folder, file), field })
    expect(error.problem).toMatch(problem)
    expect(error.message).toContain(error.remedy)
    expect(error.remedy).not.toBe("")
  })

  it("no folder at all", async () => {
    expect((await failureOf(path.join(scratch, "nowhere"))).problem).toContain("there is no such path")
  })

  it("a tokenizer without its special tokens", async () => {
    const checkpoint = { ...checkpointOf(tied, Seed.fromInteger(8)), tokenizerConfig: {} }
    const error = await run(Effect.flip(checkpointCodec(checkpoint, "somewhere")))
    expect(error).toMatchObject({ path: "somewhere", field: "tokenizer" })
    expect(error.problem).toContain("pad_token")
  })

  it("a folder that cannot be written", async () => {
    const file = path.join(scratch, "file")
    writeFileSync(file, "")
    const error = await run(
      Effect.flip(writeCheckpoint(path.join(file, "under"), checkpointOf(tied, Seed.fromInteger(9)))),
    )
    expect(error).toMatchObject({ _tag: "CheckpointError", path: path.join(file, "under") })
    expect(error.problem).toContain("cannot be written")
  })

  describeWith("models/verl-arithmetic-sequence", "a Llama of other hands", (llama) => {
    it("is refused", async () => {
      expect(await failureOf(llama)).toMatchObject({ field: "model_type" })
    })
  })
})

const changeJson = (folder: string, file: string, fields: Readonly<Record<string, unknown>>): void => {
  const at = path.join(folder, file)
  const json = JSON.parse(readFileSync(at, "utf8")) as Record<string, unknown>
  writeFileSync(at, JSON.stringify({ ...json, ...fields }))
}

const changeTensors = (folder: string, change: (tensors: Map<string, HostTensor>) => unknown): void => {
  const at = path.join(folder, "model.safetensors")
  const read = decode(readFileSync(at))
  if (read._tag === "Left") throw new Error(read.left.problem)
  const tensors = new Map(read.right)
  change(tensors)
  writeFileSync(at, encode(tensors))
}

const truncate = (file: string): void => {
  const bytes = readFileSync(file)
  writeFileSync(file, bytes.subarray(0, bytes.byteLength - 1))
}
