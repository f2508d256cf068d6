import { Seed } from "@rapo/distributions"
import * as tf from "@tensorflow/tfjs-core"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import type { Parameters } from "../../src/model/Parameters.ts"
import { type PromptBatch, responseLogits } from "../../src/model/promptBatch.ts"
import { collectRollouts } from "../../src/rollout/collect.ts"
import { responseArrays } from "../../src/rollout/responseArrays.ts"
import { type Responses, sampleResponses } from "../../src/rollout/sample.ts"
import { Countdown } from "../../src/tasks/Countdown.ts"
import { modelConfig, prompts, seed } from "../arbitraries.ts"
import { freeing, leakOf, numbersOf } from "../engine.ts"
import { configOf, settingOf } from "../configs.ts"
import { randomParameters, talkativeParameters } from "../models.ts"

const options = { endIds: [1], maxTokens: 6, temperature: 1 }

/** The seeds of a batch: each sequence has its own. */
const seedsOf = (own: Seed.Seed, count: number): ReadonlyArray<Seed.Seed> =>
  Array.from({ length: count }, (_, i) => Seed.child(own, i))

const batchOf = (these: PromptBatch["prompts"], groupSize = 1): PromptBatch => ({
  prompts: these,
  groupSize,
  padId: 0,
})

const show = (responses: Responses): string => responses.map((response) => response.join(" ")).join("\n")

describe("sampleResponses", () => {
  it("depends on the prompt and the seed of each sequence alone: not on its batch, its group or their order", () => {
    fc.assert(
      fc.property(
        modelConfig,
        prompts,
        fc.integer({ min: 1, max: 3 }),
        seed,
        (config, these, groupSize, own) =>
          freeing(() => {
            const parameters = talkativeParameters(config, own)
            const seeds = seedsOf(own, these.length * groupSize)
            const together = sampleResponses(config, parameters, batchOf(these, groupSize), seeds, options)
            const repeated = these.flatMap((prompt) => Array.from({ length: groupSize }, () => prompt))
            const apart = repeated.flatMap((prompt, b) =>
              sampleResponses(config, parameters, batchOf([prompt]), seeds.slice(b, b + 1), options),
            )
            const backwards = sampleResponses(
              config,
              parameters,
              batchOf(repeated.toReversed()),
              seeds.toReversed(),
              options,
            ).toReversed()
            return show(together) === show(apart) && show(together) === show(backwards)
          }),
      ),
      { numRuns: 8 },
    )
  })

  it("ends a response with its first <eos>, or at the bound", () => {
    fc.assert(
      fc.property(
        modelConfig,
        prompts,
        fc.integer({ min: 1, max: 8 }),
        seed,
        (config, these, maxTokens, own) =>
          freeing(() => {
            const responses = sampleResponses(
              config,
              talkativeParameters(config, own),
              batchOf(these, 4),
              seedsOf(own, these.length * 4),
              { ...options, maxTokens },
            )
            return (
              responses.length === these.length * 4 &&
              responses.every(
                (response) =>
                  response.every(
                    (token) => Number.isInteger(token) && token >= 0 && token < config.vocab_size,
                  ) &&
                  !response.slice(0, -1).includes(1) &&
                  (response.length === maxTokens || (response.length < maxTokens && response.at(-1) === 1)),
              )
            )
          }),
      ),
      { numRuns: 8 },
    )
  })

  it("leaves no tensors behind", () => {
    const config = configOf()
    const parameters = randomParameters(config, Seed.fromInteger(1))
    const leak = leakOf(() => {
      sampleResponses(
        config,
        parameters,
        batchOf(
          [
            [2, 3],
            [4, 5, 6],
          ],
          3,
        ),
        seedsOf(Seed.fromInteger(2), 6),
        options,
      )
    })
    expect(leak).toBe(0)
    tf.dispose(Object.values(parameters))
  })

  it.each([0.5, 1, 2])(
    "draws first tokens with the model's frequencies, at temperature %f",
    (temperature) => {
      const config = configOf({ num_hidden_layers: 1 })
      const draws = 4000
      freeing(() => {
        const parameters = talkativeParameters(config, Seed.fromInteger(3))
        const prompt = [2, 7, 5]
        const first = sampleResponses(
          config,
          parameters,
          batchOf([prompt], draws),
          seedsOf(Seed.fromInteger(4), draws),
          { ...options, maxTokens: 1, temperature },
        ).map(([token]) => token)
        const expected = nextTokenProbabilities(config, parameters, prompt, temperature)
        expected.forEach((p, token) => {
          const share = first.filter((drawn) => drawn === token).length / draws
          // Five standard deviations of a binomial share: one of 20 tokens fails by chance once in 10^5 seeds.
          expect(Math.abs(share - p)).toBeLessThanOrEqual(5 * Math.sqrt((p * (1 - p)) / draws) + 1e-6)
        })
        // The model has an opinion, or the check would say little.
        expect(Math.max(...expected)).toBeGreaterThan(0.1)
      })
    },
  )

  it("follows the distribution that training differentiates: each token is the inverse CDF of its uniform", () => {
    fc.assert(
      fc.property(modelConfig, prompts, seed, (config, these, own) =>
        freeing(() => {
          const parameters = talkativeParameters(config, own)
          const batch = batchOf(these, 2)
          const seeds = seedsOf(own, these.length * 2)
          const responses = sampleResponses(config, parameters, batch, seeds, options)
          const { tokens, time } = responseArrays(responses, 0)
          const all = numbersOf(tf.softmax(responseLogits(config, parameters, batch, tokens, time)))
          return responses.every((response, b) => {
            const { uniform } = Seed.generator(seeds[b] as Seed.Seed)
            return response.every((token, t) => {
              const at = (b * time + t) * config.vocab_size
              const below = all.subarray(at, at + token).reduce((sum, p) => sum + p, 0)
              const u = uniform()
              return u >= below - rounding && u <= below + (all[at + token] ?? 0) + rounding
            })
          })
        }),
      ),
      { numRuns: 20 },
    )
  })
})

/** A cumulative sum of float32 probabilities by two orders of summation. */
const rounding = 1e-5

const nextTokenProbabilities = (
  config: ReturnType<typeof configOf>,
  parameters: Parameters,
  prompt: ReadonlyArray<number>,
  temperature: number,
): ReadonlyArray<number> => [
  ...numbersOf(
    tf.softmax(
      tf.div(responseLogits(config, parameters, batchOf([prompt]), Int32Array.of(0), 1), temperature),
    ),
  ),
]

describe("responseArrays", () => {
  it("puts responses in a rectangle with a mask, and takes them out again", () => {
    const responses = fc.array(fc.array(fc.nat(19), { minLength: 1, maxLength: 6 }), {
      minLength: 1,
      maxLength: 5,
    })
    fc.assert(
      fc.property(responses, (these) => {
        const { tokens, mask, time, tokenCount } = responseArrays(these, 0)
        const out = these.map((_, b) =>
          [...tokens.subarray(b * time, (b + 1) * time)].filter((_, t) => mask[b * time + t] === 1),
        )
        return (
          show(out) === show(these) &&
          tokenCount === these.flat().length &&
          tokens.length === these.length * time &&
          mask.reduce((a, b) => a + b, 0) === tokenCount
        )
      }),
    )
  })
})

describe("collectRollouts", () => {
  const setting = settingOf(Countdown)
  const problems = [1, 2, 3].map((n) => Countdown.draw("n3", Seed.fromInteger(n), "typical"))

  it("judges every response as the task does, group by group", () => {
    freeing(() => {
      const parameters = talkativeParameters(setting.config, Seed.fromInteger(1))
      const { responses, rewards, isLegal, batch } = collectRollouts(
        setting,
        parameters,
        problems,
        4,
        1,
        Seed.fromInteger(2),
      )
      expect(batch.groupSize).toBe(4)
      expect([responses.length, rewards.length, isLegal.length]).toEqual([12, 12, 12])
      responses.forEach((response, b) => {
        const problem = problems[Math.floor(b / 4)]
        if (problem === undefined) throw new Error("a response has a problem")
        const text = setting.codec.decode(response)
        expect(rewards[b]).toBe(Countdown.verify(problem, text)._tag === "Correct" ? 1 : 0)
        expect(isLegal[b]).toBe(Countdown.isLegal(problem, text))
      })
    })
  })

  it("gives a problem the same responses in any company, whatever the number of samples", () => {
    freeing(() => {
      const parameters = talkativeParameters(setting.config, Seed.fromInteger(1))
      const of = (these: typeof problems, groupSize: number): ReadonlyArray<Responses> => {
        const { responses } = collectRollouts(setting, parameters, these, groupSize, 1, Seed.fromInteger(2))
        return these.map((_, p) => responses.slice(p * groupSize, p * groupSize + 2))
      }
      expect(of(problems.toReversed(), 5).toReversed()).toEqual(of(problems, 2))
      expect(of(problems.slice(1, 2), 2)).toEqual(of(problems, 2).slice(1, 2))
    })
  })
})
