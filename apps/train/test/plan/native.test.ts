/**
 * The plan against what TensorFlow's allocator held, on the native engine: bytes that are counted, not sampled, so that they are
 * the same on a loaded machine.
 */
import { spawn } from "node:child_process"
import { once } from "node:events"
import * as fs from "node:fs"
import * as path from "node:path"
import * as readline from "node:readline"
import { fileURLToPath } from "node:url"
import { beforeAll, describe, expect, it } from "vitest"
import { nativePackage } from "../../src/engine/native/addon.ts"
import { startDry } from "../../src/plan/dry/start.ts"
import { configOf } from "../configs.ts"
import { scratchFolder } from "../rapo.ts"
import { type Held, readLog } from "./liveBytes.ts"
import type { MeasuredCase } from "./measureNative.ts"
import { budgetOf } from "./onDry.ts"
import { type Case, type Phase, phaseNames } from "./step.ts"

const isBuilt = nativePackage() !== undefined
if (!isBuilt)
  console.log("the plan for native is not tested: the native engine is not built (`npm run engine`)")

/**
 * Beside the tensors that tfjs knows of, oneDNN takes up to 1.4 MB while it computes a product, and TensorFlow sometimes reads an
 * array of the host in place, which the plan counts: less than this of a step that takes some megabytes.
 */
const bound = 0.03

/** A graph frees what is used up; beside that it holds the constants of its operations, a few kilobytes. */
const ofGraphs = 1.02

const scratch = scratchFolder("rapo-plan-native-")
const root = fileURLToPath(new URL("../../../../", import.meta.url))

const base: MeasuredCase = {
  config: configOf({ hidden_size: 128, intermediate_size: 256, num_hidden_layers: 3, vocab_size: 1003 }),
  prompt: 20,
  response: 6,
  groupSize: 3,
  prompts: 2,
  memory: { logitRows: 1e6 },
  rank: undefined,
  turns: 1,
}

const untied = configOf({ ...base.config, num_attention_heads: 2, tie_word_embeddings: false })
const single = configOf({ ...base.config, num_hidden_layers: 1, num_key_value_heads: 4 })
const wide = configOf({ ...base.config, hidden_size: 192, vocab_size: 4000, num_key_value_heads: 1 })

const cases: ReadonlyArray<MeasuredCase> = [
  // As graphs too.
  { ...base, turns: 3 },
  { ...base, turns: 3, rank: 4, memory: { checkpointsLayers: true, microBatch: 3, logitRows: 8 } },
  // Whole tape, recomputed layers, micro-batches of parts of a group, chunks.
  { ...base, memory: { microBatch: 3, logitRows: 8 } },
  { ...base, memory: { checkpointsLayers: true, logitRows: 1e6 } },
  { ...base, config: untied, memory: { checkpointsLayers: true, microBatch: 2, logitRows: 8 } },
  { ...base, config: untied, rank: 8, memory: { logitRows: 8 } },
  { ...base, config: single },
  { ...base, config: single, rank: 2, prompt: 60 },
  { ...base, config: single, memory: { checkpointsLayers: true, logitRows: 16 } },
  { ...base, config: wide, prompt: 6, memory: { logitRows: 1e6, samplingPlaces: 3 } },
  { ...base, config: wide, prompt: 40, rank: 4, memory: { checkpointsLayers: true, logitRows: 1e6 } },
  { ...base, config: wide, prompt: 2, response: 12, memory: { microBatch: 3, logitRows: 16 } },
]

const nameOf = ({ config, memory, rank, prompt }: Case): string =>
  `${config.num_hidden_layers} × ${config.hidden_size} wide, ${config.vocab_size} tokens, ` +
  `${config.tie_word_embeddings ? "tied" : "untied"}, prompts of ${prompt}, rank ${rank}, ${JSON.stringify(memory)}`

describe.runIf(isBuilt)("on native, the predicted peak", () => {
  let measured: ReadonlyMap<string, Held>

  beforeAll(async () => {
    const log = path.join(scratch, "log")
    // To a file: TensorFlow drops lines when a pipe is full.
    const descriptor = fs.openSync(log, "w")
    const child = spawn(
      process.execPath,
      [
        "--conditions=@rapo/source",
        "--import",
        "tsx",
        fileURLToPath(new URL("measureNative.ts", import.meta.url)),
        JSON.stringify(cases),
      ],
      {
        cwd: root,
        stdio: ["ignore", "ignore", descriptor],
        env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: "0", TF_CPP_VMODULE: "log_memory=2" },
      },
    )
    const [code] = (await once(child, "exit")) as [number | null]
    fs.closeSync(descriptor)
    expect(code).toBe(0)
    measured = await readLog(readline.createInterface({ input: fs.createReadStream(log) }))
  }, 600_000)

  const peak = (i: number, phase: Phase, turn: number): number =>
    measured.get(`${i} ${phase} ${turn}`)?.peak ?? NaN

  it.each(cases.map((each, i) => [nameOf(each), each, i] as const))(
    "of every phase is the first step's within some percent: %s",
    async (_, each, i) => {
      const budget = budgetOf(await startDry("native"), each)
      for (const phase of phaseNames)
        expect(Math.abs(budget[phase] / peak(i, phase, 1) - 1), phase).toBeLessThanOrEqual(bound)
    },
  )

  it("is that of operations one by one: as graphs the same phases take no more", () => {
    const repeated = [...cases.entries()].filter(([, { turns }]) => turns === 3)
    expect(repeated).not.toEqual([])
    for (const [i] of repeated)
      for (const phase of phaseNames)
        expect(peak(i, phase, 3) / peak(i, phase, 1), `${i} ${phase}`).toBeLessThan(ofGraphs)
  })
})
