import { Seed } from "@rapo/distributions"
import { fileURLToPath } from "node:url"
import { beforeAll, describe, expect, it } from "vitest"
import { readGenerated } from "../../src/config/readExperiment.ts"
import type { HostParameters } from "../../src/model/Checkpoint.ts"
import { toHost } from "../../src/model/DeviceParameters.ts"
import { Countdown } from "../../src/tasks/Countdown.ts"
import { beginBase } from "../../src/training/makeBase.ts"
import { disposeTrained } from "../../src/training/Optimise.ts"
import { type PretrainOptions, pretrainStep } from "../../src/training/pretrain.ts"
import { type Recipe, recipeOf } from "../../src/training/Recipe.ts"
import { leakOf } from "../engine.ts"
import { settingOf } from "../configs.ts"
import { run } from "../model/checkpoint/folders.ts"
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

describe("beginBase", () => {
  let recipe: Recipe
  beforeAll(async () => {
    const { experiment } = await run(readGenerated(file))
    const { model, pretraining, ...rest } = recipeOf(experiment)
    recipe = {
      ...rest,
      model: { ...model, hidden_size: 16, intermediate_size: 24 },
      pretraining: { ...pretraining, steps: 6, batch_size: 8, warmup_steps: 1 },
    }
  })

  /** The parameters after so many steps, or the step that could not be made. */
  const made = (of: Recipe, steps: number): HostParameters | number => {
    const { start, step } = beginBase(of, Countdown)
    let trained = start
    for (let i = 0; i < steps; i++) {
      const descent = step(trained, i)
      if (descent._tag === "NotFinite") {
        disposeTrained(trained)
        return i
      }
      trained = descent.trained
    }
    const parameters = toHost(trained.parameters)
    disposeTrained(trained)
    return parameters
  }

  it("makes the same base again, bit by bit, and another from another seed", () => {
    const leak = leakOf(() => {
      const first = made(recipe, 3)
      expect(made(recipe, 3)).toEqual(first)
      expect(made({ ...recipe, seed: recipe.seed + 1 }, 3)).not.toEqual(first)
    })
    expect(leak).toBe(0)
  })

  it("describes the model that the experiment asks for, for the task's language", () => {
    const { model, start } = beginBase(recipe, Countdown)
    disposeTrained(start)
    expect(model.config).toMatchObject({
      hidden_size: 16,
      intermediate_size: 24,
      vocab_size: Countdown.alphabet.length + 2,
      max_position_embeddings: Countdown.maxPromptTokens + Countdown.maxResponseTokens,
    })
  })

  it("makes no step that is not finite", () => {
    const { pretraining } = recipe
    expect(
      made({ ...recipe, pretraining: { ...pretraining, learning_rate: 1e38, clip_norm: 1e38 } }, 6),
    ).toBe(1)
  })
})
