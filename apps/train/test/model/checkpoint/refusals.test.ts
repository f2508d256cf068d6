import { Seed } from "@rapo/distributions"
import { Effect } from "effect"
import { mkdirSync, rmSync, writeFileSync } from "node:fs"
import * as path from "node:path"
import { describe, expect, it } from "vitest"
import { checkpointCodec, readCheckpoint, writeCheckpoint } from "../../../src/model/Checkpoint.ts"
import type { HostTensor } from "../../../src/model/Safetensors.ts"
import { Countdown } from "../../../src/tasks/Countdown.ts"
import { settingOf } from "../../configs.ts"
import "../../engine.ts"
import { checkpointOf } from "../../models.ts"
import { changeJson, changeTensors, failureOf, run, scratchFolder, truncate, written } from "./folders.ts"

const scratch = scratchFolder()
const tied = settingOf(Countdown)

/** What is done to a good folder. */
type Damage = (folder: string) => void

const config =
  (fields: Readonly<Record<string, unknown>>): Damage =>
  (folder) =>
    changeJson(folder, "config.json", fields)

const tensors =
  (change: (tensors: Map<string, HostTensor>) => unknown): Damage =>
  (folder) =>
    changeTensors(folder, change)

const withText =
  (file: string, text: string): Damage =>
  (folder) =>
    writeFileSync(path.join(folder, file), text)

const without =
  (file: string): Damage =>
  (folder) =>
    rmSync(path.join(folder, file))

const folderFor =
  (file: string): Damage =>
  (folder) => {
    without(file)(folder)
    mkdirSync(path.join(folder, file))
  }

/** The weights of the norm before the head, filled with a number. */
const normOf = (value: number): Damage =>
  tensors((t) => t.set("model.norm.weight", { shape: [16], values: new Float32Array(16).fill(value) }))

describe("a checkpoint that cannot be used is refused, with file and field", () => {
  it.each<readonly [string, Damage, string, string, RegExp]>([
    [
      "another architecture",
      config({ model_type: "gpt2" }),
      "config.json",
      "model_type",
      /"gpt2".*"qwen2" and "llama"/,
    ],
    ["no architecture", config({ model_type: undefined }), "config.json", "model_type", /undefined/],
    ["a missing field", config({ rope_theta: undefined }), "config.json", "", /rope_theta/],
    [
      "a base of the rotation that is no number",
      config({ rope_theta: "1e6" }),
      "config.json",
      "",
      /rope_theta/,
    ],
    ["more layers than can be", config({ num_hidden_layers: 1e9 }), "config.json", "", /num_hidden_layers/],
    [
      "a sliding window",
      config({ use_sliding_window: true, sliding_window: 4 }),
      "config.json",
      "use_sliding_window",
      /sliding window/,
    ],
    [
      "a sliding window as transformers 5 writes it",
      config({ layer_types: ["full_attention", "sliding_attention"] }),
      "config.json",
      "use_sliding_window",
      /sliding window/,
    ],
    ["another activation", config({ hidden_act: "gelu" }), "config.json", "hidden_act", /"gelu".*"silu"/],
    [
      "biases in the feed-forward layers",
      config({ model_type: "llama", mlp_bias: true }),
      "config.json",
      "mlp_bias",
      /feed-forward/,
    ],
    [
      "quantised weights",
      config({ quantization_config: { quant_method: "awq", bits: 4 } }),
      "config.json",
      "quantization_config",
      /quantised/,
    ],
    [
      "a Llama with the biases of a Qwen2",
      config({ model_type: "llama" }),
      "model.safetensors",
      "model.layers.0.self_attn.q_proj.bias",
      /no such tensor/,
    ],
    [
      "a Llama whose biases are missing",
      config({ model_type: "llama", attention_bias: true }),
      "model.safetensors",
      "model.layers.0.self_attn.o_proj.bias",
      /missing/,
    ],
    [
      "a head of its own in a tied model",
      tensors((t) => {
        const { shape = [], values = [] } = t.get("model.embed_tokens.weight") ?? {}
        t.set("lm_head.weight", {
          shape,
          values: Float32Array.from(values, (x, i) => x + (i === 37 ? 1 : 0)),
        })
      }),
      "model.safetensors",
      "lm_head.weight",
      /differs from the embedding/,
    ],
    [
      "scaled rotary embeddings",
      config({ rope_scaling: { rope_type: "yarn", factor: 4 } }),
      "config.json",
      "rope_scaling",
      /"yarn"/,
    ],
    ["a width of 0", config({ hidden_size: 0 }), "config.json", "", /hidden_size/],
    [
      "heads that do not divide",
      config({ num_attention_heads: 3 }),
      "config.json",
      "",
      /num_attention_heads 3/,
    ],
    [
      "a configuration of another size",
      config({ intermediate_size: 25 }),
      "model.safetensors",
      "model.layers.0.mlp.gate_proj.weight",
      /\[24, 16\].*\[25, 16\]/,
    ],
    [
      "more layers than tensors",
      config({ num_hidden_layers: 3 }),
      "model.safetensors",
      "model.layers.2.input_layernorm.weight",
      /missing/,
    ],
    [
      "fewer layers than tensors",
      config({ num_hidden_layers: 1 }),
      "model.safetensors",
      "model.layers.1.input_layernorm.weight",
      /no such tensor/,
    ],
    [
      "a missing tensor",
      tensors((t) => void t.delete("model.norm.weight")),
      "model.safetensors",
      "model.norm.weight",
      /missing/,
    ],
    [
      "a tensor too many",
      tensors((t) => t.set("extra", { shape: [1], values: Float32Array.of(1) })),
      "model.safetensors",
      "extra",
      /no such tensor/,
    ],
    [
      "a tensor of another rank",
      tensors((t) => t.set("model.norm.weight", { shape: [4, 4], values: new Float32Array(16) })),
      "model.safetensors",
      "model.norm.weight",
      /\[4, 4\].*\[16\]/,
    ],
    ["NaN", normOf(NaN), "model.safetensors", "model.norm.weight", /NaN/],
    ["infinity", normOf(-Infinity), "model.safetensors", "model.norm.weight", /infinity/],
    [
      "cut weights",
      (f) => truncate(path.join(f, "model.safetensors")),
      "model.safetensors",
      "model.norm.weight",
      /not inside the file/,
    ],
    [
      "a directory for the weights",
      folderFor("model.safetensors"),
      "model.safetensors",
      "",
      /cannot be read/,
    ],
    ["config.json not JSON", withText("config.json", "{"), "config.json", "", /not JSON/],
    ["tokenizer.json not JSON", withText("tokenizer.json", "no"), "tokenizer.json", "", /not JSON/],
    ["config.json a JSON null", withText("config.json", "null"), "config.json", "", /JSON/],
    ...["config.json", "model.safetensors"].map(
      (file) => [`no ${file}`, without(file), file, "", /cannot be read \(there is no such path\)/] as const,
    ),
    ["a directory for a file", folderFor("config.json"), "config.json", "", /cannot be read/],
  ])("%s", async (_, damage, file, field, problem) => {
    const folder = await written(scratch, checkpointOf(tied, Seed.fromInteger(7)))
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

  it.each(["tokenizer.json", "tokenizer_config.json"])("text is asked for, without %s", async (file) => {
    const folder = await written(scratch, checkpointOf(tied, Seed.fromInteger(8)))
    rmSync(path.join(folder, file))
    const checkpoint = await run(readCheckpoint(folder))
    const error = await run(Effect.flip(checkpointCodec(checkpoint, folder)))
    expect(error).toMatchObject({ path: folder, field: "tokenizer", problem: `the folder has no ${file}` })
  })
})
