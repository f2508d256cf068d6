/** Continuous batching: what is drawn does not depend on how many responses are under way, and memory is what was asked for. */
import { Seed } from "@rapo/distributions"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { disposeParameters } from "../../src/model/Parameters.ts"
import { growTree } from "../../src/rollout/prefixTree.ts"
import { type Responses, sampleResponses } from "../../src/rollout/sample.ts"
import { modelConfig, seed } from "../arbitraries.ts"
import { configOf } from "../configs.ts"
import { freeing, leakOf } from "../engine.ts"
import { randomParameters, talkativeParameters } from "../models.ts"

const options = { endIds: [1], maxTokens: 9, temperature: 1 }

const show = (responses: Responses): string => responses.map((response) => response.join(" ")).join("\n")

const seedsOf = (own: Seed.Seed, count: number): ReadonlyArray<Seed.Seed> =>
  Array.from({ length: count }, (_, i) => Seed.child(own, i))

/** Prompts of very unequal length, single tokens among them. */
const unequal = fc.array(
  fc.oneof(
    fc.array(fc.integer({ min: 2, max: 19 }), { minLength: 1, maxLength: 2 }),
    fc.array(fc.integer({ min: 2, max: 19 }), { minLength: 5, maxLength: 14 }),
  ),
  { minLength: 1, maxLength: 5 },
)

describe("continuous batching", () => {
  it("draws the same responses with any number of places", () => {
    fc.assert(
      fc.property(
        modelConfig,
        unequal,
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 6 }),
        seed,
        (config, prompts, groupSize, places, own) =>
          freeing(() => {
            const parameters = talkativeParameters(config, own)
            const batch = { prompts, groupSize, padId: 0 }
            const seeds = seedsOf(own, prompts.length * groupSize)
            const all = sampleResponses(config, parameters, batch, seeds, options)
            return (
              show(sampleResponses(config, parameters, batch, seeds, { ...options, places })) === show(all)
            )
          }),
      ),
      { numRuns: 10 },
    )
  })

  it("has no more samples under way than there are places, and fills them as long as there are any", () => {
    const config = configOf({ num_hidden_layers: 1 })
    freeing(() => {
      const parameters = randomParameters(config, Seed.fromInteger(1))
      const lengths = Array.from({ length: 24 }, (_, i) => 1 + ((i * 7) % 11))
      const left = [...lengths]
      const perStep: Array<number> = []
      growTree(
        config,
        parameters,
        {
          prompts: [[2, 3], [4], [5, 6, 7, 8]],
          promptOf: lengths.map((_, i) => Math.floor(i / 8)),
          padId: 0,
        },
        {
          maxTokens: 20,
          places: 4,
          scores: (logits) => {
            perStep.push(0)
            return logits
          },
          choose: () => (sample) => {
            perStep[perStep.length - 1] = (perStep.at(-1) ?? 0) + 1
            left[sample] = (left[sample] ?? 0) - 1
            return (left[sample] ?? 0) > 0 ? 2 + (sample % 18) : undefined
          },
        },
      )
      expect(left).toEqual(lengths.map(() => 0))
      expect(Math.max(...perStep)).toBe(4)
      const tokens = lengths.reduce((sum, each) => sum + each, 0)
      // Every place is taken in every pass, but for the last ones.
      expect(perStep.length).toBeLessThanOrEqual(Math.ceil(tokens / 4) + Math.max(...lengths))
    })
  })

  it("leaves no tensors behind, even when the choice throws", () => {
    const config = configOf()
    const parameters = randomParameters(config, Seed.fromInteger(1))
    const samples = { prompts: [[2, 3, 4], [5]], promptOf: [0, 0, 1, 1], padId: 0 }
    const run = (failing: boolean) => () => {
      let calls = 0
      const grow = () =>
        growTree(config, parameters, samples, {
          maxTokens: 5,
          places: 2,
          scores: (logits) => logits,
          choose: () => (sample) => {
            if (failing && calls++ > 4) throw new Error("on purpose")
            return sample + 2
          },
        })
      if (failing) expect(grow).toThrow("on purpose")
      else grow()
    }
    expect([leakOf(run(false)), leakOf(run(true))]).toEqual([0, 0])
    disposeParameters(parameters)
  })
})
