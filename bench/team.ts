/**
 * A team of worker threads that trains one arm on wasm, a step whenever it is told to: RAPO or another objective, 128 completions of
 * 16 tokens to 16 prompts.
 */
import { Seed } from "@rapo/distributions"
import type { Objective } from "@rapo/rapo"
import { Effect, Fiber } from "effect"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import * as path from "node:path"
import { templates } from "../apps/train/src/evaluate/templates.ts"
import type { Checkpoint } from "../apps/train/src/model/Checkpoint.ts"
import { inSharedMemory } from "../apps/train/src/model/checkpoint/read.ts"
import { toHost } from "../apps/train/src/model/DeviceParameters.ts"
import { disposeParameters, initialParameters } from "../apps/train/src/model/Parameters.ts"
import type { Qwen2Config } from "../apps/train/src/model/Qwen2Config.ts"
import { reinforceTogether } from "../apps/train/src/team/reinforceTogether.ts"
import type { ArmOptions } from "../apps/train/src/training/reinforce.ts"
import type { Assignment } from "../apps/train/src/workers/Assignment.ts"
import { Workers } from "../apps/train/src/workers/Workers.ts"
import { tokenizer, tokenizerConfig } from "./tinyModel.ts"

const [prompts, group, tokens] = [16, 8, 16] as const

/** Who trains what, and how its step is cut. */
export interface TeamOptions {
  readonly config: Qwen2Config
  readonly objective: Objective.Objective
  readonly members: number
  readonly memory: NonNullable<ArmOptions["memory"]>
}

export interface SteppingTeam {
  /** Does a step; seconds. */
  readonly step: () => Promise<number>
  readonly stop: () => Promise<unknown>
}

/** The step cut in two, for a team of two. */
export const halves = { microBatch: (prompts * group) / 2, samplingBatch: (prompts * group) / 2 }

/** Starts the workers; the model is drawn on this thread's engine. */
export const startTeam = ({ config, objective, members, memory }: TeamOptions): SteppingTeam => {
  const base = baseOf(config)
  const options: ArmOptions = {
    optimiser: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01, clipNorm: 1 },
    schedule: { learningRate: 1e-5, warmupSteps: 0, steps: 1_000_000, finalFraction: 1 },
    groupSize: group,
    temperature: 1,
    updatesPerBatch: 1,
    promptsPerStep: prompts,
    memory,
  }
  const folder = mkdtempSync(path.join(tmpdir(), "rapo-bench-"))
  // The arm waits before every step but the first for its word to go on, and gives word when one is done.
  let goOn = (): void => undefined
  let done = (): void => undefined
  let told: Promise<void> = Promise.resolve()
  const wait = (): void => {
    told = new Promise((resolve) => (goOn = resolve))
  }
  wait()
  const arm = Effect.gen(function* () {
    const team = yield* (yield* Workers).team(members)
    yield* Effect.promise(() => told)
    yield* reinforceTogether(
      team,
      {
        assignment,
        model: base,
        base: { _tag: "InMemory", parameters: base.parameters },
        objective,
        options,
        pool: problems,
        seed: Seed.fromInteger(2),
      },
      { folder, baseName: "" },
      {
        onStep: () =>
          Effect.promise(() => {
            wait()
            done()
            return told
          }),
        onUnsaved: (error) => Effect.die(error),
      },
    )
  }).pipe(Effect.scoped, Effect.provide(Workers.on({ engine: "wasm", workers: members })))
  const fiber = Effect.runFork(arm)
  return {
    step: async () => {
      const begun = performance.now()
      const ended = new Promise<void>((resolve) => (done = resolve))
      goOn()
      await ended
      return (performance.now() - begun) / 1000
    },
    stop: async () => {
      const ending = Effect.runPromise(Fiber.interrupt(fiber))
      goOn()
      await ending
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const baseOf = (config: Qwen2Config): Checkpoint => {
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
