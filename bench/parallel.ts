/**
 * One arm's step on one worker thread and on two: wasm, RAPO, 128 completions of 16 tokens to 16 prompts.
 *
 *     npm run bench bench/parallel.ts [-- WIDTHxLAYERS …]      64x2 and 256x4, unless one says
 *
 * The sides take turns. "whole" is the step as a lone worker does it best, "halves" the same cut in two by `micro_batch` and
 * `sampling_batch`; a team of two works on the halves, and gets the numbers of one worker on the halves, bit for bit. Two
 * threads share a machine's caches and memory, so on two cores that are otherwise idle the ratio stays above one half.
 */
import { Seed } from "@rapo/distributions"
import { Rapo } from "@rapo/rapo"
import "@tensorflow/tfjs"
import { Effect } from "effect"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import * as path from "node:path"
import { startWasm } from "../apps/train/src/engine/wasm.ts"
import { templates } from "../apps/train/src/evaluate/templates.ts"
import type { Checkpoint } from "../apps/train/src/model/Checkpoint.ts"
import { inSharedMemory } from "../apps/train/src/model/checkpoint/read.ts"
import { toHost } from "../apps/train/src/model/DeviceParameters.ts"
import { disposeParameters, initialParameters } from "../apps/train/src/model/Parameters.ts"
import { reinforceTogether } from "../apps/train/src/team/reinforceTogether.ts"
import type { ArmOptions } from "../apps/train/src/training/reinforce.ts"
import type { Assignment } from "../apps/train/src/workers/Assignment.ts"
import { Workers } from "../apps/train/src/workers/Workers.ts"
import { median } from "./compare.ts"
import { configOf, tokenizer, tokenizerConfig } from "./tinyModel.ts"

const [prompts, group, tokens, rounds, stepsPerRound] = [16, 8, 16, 5, 4] as const
const asked = process.argv.slice(2).filter((argument) => /^\d+x\d+$/.test(argument))
const sizes = asked.length > 0 ? asked : ["64x2", "256x4"]

await startWasm()

// the model and what it is asked

const baseOf = (width: number, layers: number): Checkpoint => {
  const config = configOf(width, layers)
  const parameters = initialParameters(config, Seed.fromInteger(1))
  const host = toHost(parameters)
  disposeParameters(parameters)
  return { config, parameters: inSharedMemory(host), tokenizerJson: tokenizer, tokenizerConfig }
}

const problems = Array.from({ length: prompts }, (_, p) => ({
  id: `p${p}`,
  task: "bench",
  level: "all",
  prompt: `${10 + p}+${20 + p}*3=`,
  answer: "1",
}))

const [template] = templates.filter(({ name }) => name === "plain")
if (template === undefined) throw new Error("bug: the plain template is built in")

/** No token ends a response, so that all have 16. */
const assignment: Assignment = {
  _tag: "Mathematics",
  form: { _tag: "Template", template },
  maxResponseTokens: tokens,
  endIds: [],
  places: Infinity,
}

// the sides

interface Side {
  readonly name: string
  readonly members: number
  readonly memory: NonNullable<ArmOptions["memory"]>
}

const half = (prompts * group) / 2
const halves = { microBatch: half, samplingBatch: half }
const sides: ReadonlyArray<Side> = [
  { name: "1 worker, whole", members: 1, memory: {} },
  { name: "1 worker, halves", members: 1, memory: halves },
  { name: "2 workers, halves", members: 2, memory: halves },
]

/** Seconds of each step of a short arm but the first, which warms up. */
const stepsOf = (base: Checkpoint, { members, memory }: Side) =>
  Effect.gen(function* () {
    const team = yield* (yield* Workers).team(members)
    const at: Array<number> = []
    const options: ArmOptions = {
      optimiser: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01, clipNorm: 1 },
      schedule: { learningRate: 1e-5, warmupSteps: 0, steps: 1 + stepsPerRound, finalFraction: 1 },
      groupSize: group,
      temperature: 1,
      updatesPerBatch: 1,
      promptsPerStep: prompts,
      memory,
    }
    const folder = mkdtempSync(path.join(tmpdir(), "rapo-bench-"))
    yield* reinforceTogether(
      team,
      {
        assignment,
        model: base,
        base: { _tag: "InMemory", parameters: base.parameters },
        objective: Rapo.rapo,
        options,
        pool: problems,
        seed: Seed.fromInteger(2),
      },
      { folder, baseName: "" },
      {
        onStep: () => Effect.sync(() => void at.push(performance.now() / 1000)),
        onUnsaved: (error) => Effect.die(error),
      },
    )
    rmSync(folder, { recursive: true })
    return at.slice(1).map((time, i) => time - (at[i] ?? NaN))
  }).pipe(Effect.scoped)

const timed = (size: string) =>
  Effect.gen(function* () {
    const [width = 0, layers = 0] = size.split("x").map(Number)
    const base = baseOf(width, layers)
    const seconds = sides.map((): Array<number> => [])
    for (let round = 0; round < rounds; round++)
      for (const [i, side] of sides.entries()) seconds[i]?.push(median(yield* stepsOf(base, side)))
    const [whole = [], one = [], two = []] = seconds
    console.log(`width ${width}, ${layers} layers; median of ${rounds} rounds of ${stepsPerRound} steps`)
    sides.forEach(({ name }, i) => {
      console.log(`  ${name}: ${(1000 * median(seconds[i] ?? [])).toFixed(0)} ms a step`)
    })
    for (const [name, alone] of [
      ["whole", whole],
      ["halves", one],
    ] as const) {
      const ratios = two.map((pair, round) => pair / (alone[round] ?? NaN))
      const [lowest, highest] = [Math.min(...ratios), Math.max(...ratios)]
      console.log(
        `  2 workers / 1 worker, ${name}: ${median(ratios).toFixed(2)} [${lowest.toFixed(2)}, ${highest.toFixed(2)}]`,
      )
    }
  })

await Effect.runPromise(
  Effect.forEach(sizes, timed, { discard: true }).pipe(
    Effect.provide(Workers.on({ engine: "wasm", workers: 2 })),
  ),
)
