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
import { native } from "../../src/plan/Coefficients.ts"
import { budgetOf } from "../../src/plan/Peak.ts"
import { shapeOf } from "../../src/plan/Shape.ts"
import { configOf } from "../configs.ts"
import { scratchFolder } from "../rapo.ts"
import { type Held, readLog } from "./liveBytes.ts"
import { type Case, type Phase, loadOf, loraOf, phaseNames } from "./step.ts"

const isBuilt = nativePackage() !== undefined
if (!isBuilt)
  console.log("the plan for native is not tested: the native engine is not built (`npm run engine`)")

/** What the issue asks of the prediction. */
const promised = 0.1

/** A graph frees what is used up; beside that it holds the constants of its operations, a few kilobytes. */
const ofGraphs = 1.02

const scratch = scratchFolder("rapo-plan-native-")
const root = fileURLToPath(new URL("../../../../", import.meta.url))

const cases: ReadonlyArray<Case> = [
  {
    config: configOf({ hidden_size: 64, intermediate_size: 192, vocab_size: 40 }),
    prompt: 8,
    response: 12,
    groupSize: 4,
    prompts: 3,
    memory: { logitRows: 1e6 },
    rank: undefined,
  },
  {
    config: configOf({ hidden_size: 64, intermediate_size: 128, num_key_value_heads: 4, vocab_size: 1000 }),
    prompt: 40,
    response: 8,
    groupSize: 4,
    prompts: 3,
    memory: { logitRows: 1e6 },
    rank: 4,
  },
  {
    config: configOf({
      hidden_size: 48,
      intermediate_size: 96,
      num_hidden_layers: 3,
      vocab_size: 1000,
      tie_word_embeddings: false,
    }),
    prompt: 6,
    response: 12,
    groupSize: 4,
    prompts: 3,
    memory: { checkpointsLayers: true, microBatch: 4, logitRows: 24 },
    rank: undefined,
  },
  {
    config: configOf({ hidden_size: 96, intermediate_size: 192, num_hidden_layers: 3, vocab_size: 300 }),
    prompt: 12,
    response: 12,
    groupSize: 4,
    prompts: 2,
    memory: { checkpointsLayers: true, logitRows: 1e6, samplingPlaces: 4 },
    rank: 8,
  },
]

const nameOf = ({ config, memory, rank }: Case): string =>
  `${config.hidden_size} wide, ${config.vocab_size} tokens, rank ${rank}, ${JSON.stringify(memory)}`

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
    "of every phase is within 10%% of the first step's: %s",
    (_, each, i) => {
      const budget = budgetOf(native, shapeOf(each.config, loraOf(each.rank)), loadOf(each))
      for (const phase of phaseNames)
        expect(Math.abs(budget[phase] / peak(i, phase, 1) - 1), phase).toBeLessThanOrEqual(promised)
    },
  )

  it("is that of operations one by one: as graphs the same phases take no more", () => {
    for (const i of cases.keys())
      for (const phase of phaseNames)
        expect(peak(i, phase, 3) / peak(i, phase, 1), `${i} ${phase}`).toBeLessThan(ofGraphs)
  })
})
