/**
 * How much memory reading takes, measured in a process of its own on a model of 176 MiB in float32 (88 MiB in
 * its bfloat16 file).
 *
 *     to the host     model + pieces
 *     to the device   model (on wasm, the device's memory is the process's) + largest tensor + pieces;
 *                     so does a worker that trains an adapter of a model in a folder
 *
 * A reader of whole files would take the model and its file beside it, one that goes by the host twice the model.
 */
import { execFile } from "node:child_process"
import * as path from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { beforeAll, describe, expect, it } from "vitest"
import { writeCheckpoint } from "../../../src/model/Checkpoint.ts"
import { parameterCount, parameterSpecs } from "../../../src/model/Parameters.ts"
import { configOf } from "../../configs.ts"
import { run, scratchFolder } from "./folders.ts"

const scratch = scratchFolder()
const root = fileURLToPath(new URL("../../../../../", import.meta.url))
const script = fileURLToPath(new URL("measureMemory.ts", import.meta.url))

const MiB = 2 ** 20

const config = configOf({
  vocab_size: 16384,
  hidden_size: 512,
  intermediate_size: 4096,
  num_hidden_layers: 4,
  num_attention_heads: 8,
  num_key_value_heads: 8,
  tie_word_embeddings: false,
})

const sizeOf = (shape: ReadonlyArray<number>): number => shape.reduce((a, b) => a * b, 1)
const model = 4 * parameterCount(config)
const largest = 4 * Math.max(...parameterSpecs(config).map(({ shape }) => sizeOf(shape)))

/** Memory that the collector has not yet taken back, and the program's own growth. Measured 0 to 44 MiB. */
const slack = 64 * MiB

/** The process may use memory again that its start has freed: it must grow by this at least, or nothing was measured. */
const least = 0.8 * model

/** A checkpoint whose tensors are made as they are written, so that this process does not hold it either. */
const makeFolder = async (): Promise<string> => {
  const shapes = new Map(parameterSpecs(config).map((spec) => [spec.name, spec.shape]))
  const get = (tensor: string) => {
    const shape = shapes.get(tensor) ?? []
    return { shape, values: new Float32Array(sizeOf(shape)).fill(0.5) }
  }
  const folder = path.join(scratch, "model")
  await run(
    writeCheckpoint(
      folder,
      { config, tokenizerJson: undefined, tokenizerConfig: undefined, parameters: { get } },
      { dtype: "BF16" },
    ),
  )
  return folder
}

/** Bytes by which reading makes a process grow. */
const growth = async (kind: "host" | "device" | "member", folder: string): Promise<number> => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--expose-gc", "--conditions=@rapo/source", "--import", "tsx", script, kind, folder],
    { cwd: root },
  )
  const measured = JSON.parse(stdout) as { readonly grown: number; readonly isPeakOfReading: boolean }
  if (!measured.isPeakOfReading) throw new Error(`the model is too small to be measured: ${stdout}`)
  return measured.grown
}

describe("reading a checkpoint", () => {
  let folder: string
  beforeAll(async () => {
    folder = await makeFolder()
  }, 120_000)

  it("holds the model and pieces of its file on the host", async () => {
    const grown = await growth("host", folder)
    expect(grown).toBeGreaterThan(least)
    expect(grown).toBeLessThan(model + slack)
    expect(slack).toBeLessThan(model / 2)
  }, 120_000)

  it.each(["device", "member"] as const)(
    "holds no second copy on the way to the device: %s",
    async (kind) => {
      const grown = await growth(kind, folder)
      expect(grown).toBeGreaterThan(least)
      expect(grown).toBeLessThan(model + largest + slack)
      expect(largest + slack).toBeLessThan(model)
    },
    120_000,
  )
})
