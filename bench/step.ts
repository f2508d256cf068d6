/**
 * Training, sampling and the whole RL step beside PyTorch, `generate` and TRL's GRPOTrainer: one tiny Qwen2, 128 completions of
 * 16 tokens to 16 prompts.
 *
 *     npm run bench bench/step.ts [-- WIDTHxLAYERS … train|generate|grpo …]      with PYTHON=<a python that has torch, transformers and trl>
 *
 * The sides take turns in one go. PyTorch and TensorFlow run with 2 threads, wasm with its one, and for the whole step also as runs
 * have it on two cores: a team of two workers, each with one. "op by op" is the native engine without graphs: every pass through tfjs's kernels.
 */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process"
import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"
import * as readline from "node:readline"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Seed } from "@rapo/distributions"
import { Arms, Credit } from "@rapo/rapo"
import * as tf from "@tensorflow/tfjs"
import { Effect } from "effect"
import { getOrElseW } from "fp-ts/lib/Either.js"
import { nativePackage } from "../apps/train/src/engine/native/addon.ts"
import { withoutGraphs } from "../apps/train/src/engine/native/graph/asGraph.ts"
import { none, scoped } from "../apps/train/src/engine/scoped.ts"
import { startEngine } from "../apps/train/src/engine/start.ts"
import { writeCheckpoint } from "../apps/train/src/model/Checkpoint.ts"
import { toHost } from "../apps/train/src/model/DeviceParameters.ts"
import { initialParameters } from "../apps/train/src/model/Parameters.ts"
import type { Qwen2Config } from "../apps/train/src/model/Qwen2Config.ts"
import { textCodec } from "../apps/train/src/model/TextCodec.ts"
import { type Setting, collectRollouts } from "../apps/train/src/rollout/collect.ts"
import type { Problem } from "../apps/train/src/tasks/Task.ts"
import { initialState } from "../apps/train/src/training/AdamW.ts"
import { gradientOf } from "../apps/train/src/training/gradientOf.ts"
import { type Trained, descendAlong } from "../apps/train/src/training/Optimise.ts"
import { reinforceStep } from "../apps/train/src/training/ReinforceStep.ts"
import * as Shard from "../apps/train/src/training/Shard.ts"
import { median } from "./compare.ts"
import { halves, startTeam } from "./team.ts"
import { alphabet, configOf, tokenizer, tokenizerConfig } from "./tinyModel.ts"

const [prompts, group, tokens, promptLength, rounds] = [16, 8, 16, 8, 7] as const
const sizes = process.argv.slice(2).filter((argument) => /^\d+x\d+$/.test(argument))
const asked = process.argv.slice(2).filter((argument) => ["train", "generate", "grpo"].includes(argument))

// the model and what it is asked

const codec = getOrElseW((error): never => {
  throw new Error(JSON.stringify(error))
})(textCodec(tokenizer, tokenizerConfig))

const ids = (p: number): ReadonlyArray<number> =>
  Array.from({ length: promptLength }, (_, t) => 2 + ((7 * p + 3 * t) % alphabet.length))

const problems: ReadonlyArray<Problem> = Array.from({ length: prompts }, (_, p) => ({
  id: `p${p}`,
  task: "bench",
  level: "all",
  prompt: String(p),
  answer: "",
}))

/** Responses of exactly 16 tokens, as on the other side; the reward is drawn from the text, so that it differs within groups. */
const settingOf = (config: Qwen2Config): Setting => ({
  config,
  codec,
  encode: ({ prompt }) => ids(Number(prompt)),
  endIds: [],
  task: {
    name: "bench",
    maxResponseTokens: tokens,
    verify: (_: Problem, text: string) => (new Set(text).size > 8 ? { _tag: "Correct" } : { _tag: "Wrong" }),
    isLegal: () => true,
  } as unknown as Setting["task"],
})

const optimiser = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01, clipNorm: 1 }
const objective = Arms.unregularised

// our side

type Mode = "train" | "generate" | "grpo"

interface Side {
  readonly name: string
  readonly start: () => Promise<unknown>
  readonly how: (run: () => void) => void
}

const sides: ReadonlyArray<Side> = [
  { name: "wasm, 1 thread", start: () => startEngine("wasm"), how: (run) => run() },
  ...(nativePackage() === undefined
    ? []
    : [
        { name: "native, op by op", start: () => startEngine("native"), how: withoutGraphs<void> },
        { name: "native, graphs", start: () => startEngine("native"), how: (run: () => void) => run() },
      ]),
]

/** One engine's runs: each a function that does the work once. Its tensors live as long as the process. */
const runsOf = (setting: Setting): Readonly<Record<Mode, () => void>> => {
  const { config } = setting
  const parameters = initialParameters(config, Seed.fromInteger(1))
  let trained: Trained = { parameters, optimiser: initialState(parameters) }
  let step = 0
  const learner = { config, objective }
  const rolled = collectRollouts(setting, trained.parameters, problems, group, 1, Seed.fromInteger(2))
  const shard = Shard.ofRollouts(
    rolled,
    Credit.ofBatch(objective)(
      problems.map((_, p) => ({
        rewards: rolled.rewards.slice(p * group, (p + 1) * group),
        lengths: Array.from({ length: group }, () => tokens),
      })),
    ),
  )
  return {
    train: () => {
      const at = gradientOf(learner, trained, {}, shard, Shard.totalsOf(shard))
      const descent = descendAlong(optimiser, 1e-4, trained, at)
      if (descent._tag === "Descended") trained = descent.trained
    },
    generate: () => {
      collectRollouts(setting, trained.parameters, problems, group, 1, Seed.fromInteger(step++))
    },
    grpo: () => {
      const options = {
        optimiser,
        schedule: { learningRate: 1e-4, warmupSteps: 0, steps: 1000, finalFraction: 1 },
        groupSize: group,
        temperature: 1,
        updatesPerBatch: 1,
      }
      const seed = Seed.fromInteger(step++)
      trained = reinforceStep(setting, objective, options, trained, {}, problems, 0, seed).trained
    },
  }
}

// PyTorch's side

/** A process that does a run for each line that it is sent, and answers with its seconds. */
const python = async (
  mode: Mode,
  folder: string,
): Promise<{
  readonly name: string
  readonly run: () => Promise<number>
  readonly process: ChildProcessWithoutNullStreams
}> => {
  const child = spawn(
    process.env["PYTHON"] ?? "python3",
    [
      path.join(import.meta.dirname, "step.py"),
      mode,
      folder,
      path.join(folder, "prompts.txt"),
      String(group),
      String(tokens),
    ],
    { cwd: folder },
  )
  const complaints: Array<string> = []
  child.stderr.on("data", (data: Buffer) => complaints.push(data.toString()))
  child.once("error", ({ message }) => complaints.push(message))
  const lines = readline.createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async (): Promise<string> => {
    for (;;) {
      const { value, done } = await lines.next()
      if (done === true) {
        const remedy = "set PYTHON to a python with torch, transformers and trl"
        console.error(`PyTorch's side stopped; ${remedy}\n${complaints.join("")}`)
        process.exit(1)
      }
      // Libraries print, too.
      if (value.startsWith("PyTorch") || /^[\d.]+(e-\d+)?$/.test(value)) return value
    }
  }
  return {
    name: await next(),
    run: async () => {
      child.stdin.write("run\n")
      return Number(await next())
    },
    process: child,
  }
}

// the measurement

const titles: Readonly<Record<Mode, string>> = {
  train: "a training step (forward, backward, AdamW)",
  generate: "sampling 128 x 16 tokens, against generate",
  grpo: "the whole RL step, against TRL's GRPOTrainer",
}

for (const size of sizes.length === 0 ? ["64x2", "256x4"] : sizes) {
  const [width = 64, layers = 2] = size.split("x").map(Number)
  const setting = settingOf(configOf(width, layers))
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "rapo-bench-"))
  await startEngine("wasm")
  const initial = initialParameters(setting.config, Seed.fromInteger(1))
  await Effect.runPromise(
    writeCheckpoint(folder, {
      config: setting.config,
      parameters: toHost(initial),
      tokenizerJson: tokenizer,
      tokenizerConfig,
    }).pipe(Effect.provide(NodeServices.layer)),
  )
  tf.dispose(Object.values(initial))
  fs.writeFileSync(path.join(folder, "prompts.txt"), problems.map((_, p) => ids(p).join(" ")).join("\n"))
  const ours: Array<{ readonly side: Side; readonly runs: ReturnType<typeof runsOf> }> = []
  for (const side of sides) {
    await side.start()
    ours.push({ side, runs: runsOf(setting) })
  }
  for (const mode of ["train", "generate", "grpo"] as const) {
    if (asked.length > 0 && !asked.includes(mode)) continue
    const other = await python(mode, folder)
    await startEngine("wasm")
    const team =
      mode === "grpo"
        ? startTeam({ config: setting.config, objective, members: 2, memory: halves })
        : undefined
    const times: Array<ReadonlyArray<number>> = []
    for (let round = -3; round < rounds; round++) {
      const row = [await other.run()]
      for (const { side, runs } of ours) {
        await side.start()
        const begun = performance.now()
        scoped(() => side.how(runs[mode]), none)
        row.push((performance.now() - begun) / 1000)
      }
      if (team !== undefined) row.push(await team.step())
      // The first rounds warm up: graphs are recorded when shapes come again.
      if (round >= 0) times.push(row)
    }
    other.process.kill()
    await team?.stop()
    console.log(
      `\nwidth ${width}, ${layers} layers: ${titles[mode]}; median of ${rounds}, and times of PyTorch's`,
    )
    const names = [
      other.name,
      ...sides.map(({ name }) => name),
      ...(team === undefined ? [] : ["wasm, 2 workers"]),
    ]
    names.forEach((name, i) => {
      const own = times.map((row) => row[i] ?? NaN)
      const ratios = times.map((row) => (row[i] ?? NaN) / (row[0] ?? NaN))
      const range = `[${Math.min(...ratios).toFixed(2)}, ${Math.max(...ratios).toFixed(2)}]`
      console.log(
        `  ${name.padEnd(28)} ${(1000 * median(own)).toFixed(0).padStart(6)} ms   ratio ${median(ratios).toFixed(2)} ${i === 0 ? "" : range}`,
      )
    })
  }
  fs.rmSync(folder, { recursive: true, force: true })
}
process.exit(0)
