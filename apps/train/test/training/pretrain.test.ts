import { Seed } from "@rapo/distributions"
import { Effect } from "effect"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { fileURLToPath } from "node:url"
import { beforeAll, describe, expect, it } from "vitest"
import type { GeneratedExperiment } from "../../src/config/GeneratedExperiment.ts"
import { readGenerated } from "../../src/config/readExperiment.ts"
import { Countdown } from "../../src/tasks/Countdown.ts"
import { type MadeBase, makeBase } from "../../src/training/makeBase.ts"
import { disposeTrained } from "../../src/training/Optimise.ts"
import { type PretrainOptions, pretrainStep } from "../../src/training/pretrain.ts"
import { leakOf } from "../engine.ts"
import { settingOf } from "../configs.ts"
import { freshlyTrained } from "../models.ts"

const file = fileURLToPath(new URL("../../experiments/countdown.toml", import.meta.url))

const options: PretrainOptions = {
  optimiser: { beta1: 0.9, beta2: 0.98, epsilon: 1e-8, weightDecay: 0.01, clipNorm: 1 },
  schedule: { learningRate: 1e-2, warmupSteps: 2, steps: 25, finalFraction: 1 },
  batchSize: 16,
  mixture: [
    { level: "n3", weight: 3 },
    { level: "n4", weight: 1 },
  ],
  noise: 0.2,
}

describe("pretrainStep", () => {
  it("begins at the loss of a guess and lowers it, without leaving tensors behind", () => {
    const { config, codec } = settingOf(Countdown)
    let trained = freshlyTrained(config, Seed.fromInteger(1))
    const losses: Array<number> = []
    const leak = leakOf(() => {
      for (let step = 0; step < options.schedule.steps; step++) {
        const descent = pretrainStep(config, Countdown, codec, options, trained, step, Seed.fromInteger(2))
        if (descent._tag === "NotFinite") throw new Error("the loss is finite")
        trained = descent.trained
        losses.push(descent.loss)
      }
    })
    expect(leak).toBe(0)
    // An embedding of deviation 0.02, tied, makes nearly uniform predictions.
    expect(Math.abs((losses[0] ?? NaN) - Math.log(config.vocab_size))).toBeLessThan(0.1)
    expect(losses.at(-1)).toBeLessThan(0.75 * (losses[0] ?? NaN))
    disposeTrained(trained)
  })

  it("draws its levels as the mixture says: a weight of nearly nothing is not seen", () => {
    const { config, codec } = settingOf(Countdown)
    const levels: Array<string> = []
    const listening = {
      ...Countdown,
      drawDemonstration: (level: string, seed: Seed.Seed, noise: number) => {
        levels.push(level)
        return Countdown.drawDemonstration(level, seed, noise)
      },
    }
    const trained = freshlyTrained(config, Seed.fromInteger(1))
    const descent = pretrainStep(
      config,
      listening,
      codec,
      { ...options, batchSize: 200, mixture: [...options.mixture, { level: "n5", weight: 1e-9 }] },
      trained,
      0,
      Seed.fromInteger(3),
    )
    if (descent._tag === "Descended") disposeTrained(descent.trained)
    const share = levels.filter((level) => level === "n3").length / levels.length
    // 200 draws of probability 3/4: four standard deviations are 0.12.
    expect(Math.abs(share - 0.75)).toBeLessThan(0.12)
    expect(levels).toContain("n4")
    expect(levels).not.toContain("n5")
  })
})

describe("makeBase", () => {
  let experiment: GeneratedExperiment
  beforeAll(async () => {
    const read = await Effect.runPromise(readGenerated(file).pipe(Effect.provide(NodeServices.layer)))
    experiment = read.experiment
  })

  const made = (of: GeneratedExperiment, steps: number): Extract<MadeBase, { _tag: "Made" }> => {
    const base = makeBase(of, Countdown, steps, () => undefined)
    if (base._tag === "Diverged") throw new Error("pre-training is finite")
    return base
  }
  const small = (of: GeneratedExperiment): GeneratedExperiment => ({
    ...of,
    model: { ...of.model, hidden_size: 16, intermediate_size: 24 },
    pretraining: { ...of.pretraining, batch_size: 8, warmup_steps: 1 },
  })

  it("makes the same base again, bit by bit, and another from another seed", () => {
    const leak = leakOf(() => {
      const [first, again] = [made(small(experiment), 3), made(small(experiment), 3)]
      expect(again).toEqual(first)
      const other = made({ ...small(experiment), seed: experiment.seed + 1 }, 3)
      expect(other.checkpoint.parameters).not.toEqual(first.checkpoint.parameters)
    })
    expect(leak).toBe(0)
  })

  it("makes the model that the experiment describes, for the task's language", () => {
    const steps: Array<number> = []
    const base = makeBase(small(experiment), Countdown, 2, (step) => steps.push(step))
    expect(steps).toEqual([0, 1])
    expect(base).toMatchObject({
      _tag: "Made",
      checkpoint: {
        config: {
          hidden_size: 16,
          intermediate_size: 24,
          vocab_size: Countdown.alphabet.length + 2,
          max_position_embeddings: Countdown.maxPromptTokens + Countdown.maxResponseTokens,
        },
      },
    })
  })

  it("says at which step it diverged", () => {
    const wild = small(experiment)
    const base = makeBase(
      { ...wild, pretraining: { ...wild.pretraining, learning_rate: 1e38, clip_norm: 1e38 } },
      Countdown,
      6,
      () => undefined,
    )
    expect(base._tag).toBe("Diverged")
  })
})
