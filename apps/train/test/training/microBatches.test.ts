import { Seed } from "@rapo/distributions"
import { Grpo, Objective, Objectives, Rapo } from "@rapo/rapo"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { type Parameters, disposeParameters } from "../../src/model/Parameters.ts"
import { toDevice, toHost } from "../../src/model/DeviceParameters.ts"
import { disposeTrained } from "../../src/training/Optimise.ts"
import { type StepMetrics, reinforceStep } from "../../src/training/ReinforceStep.ts"
import { type Shard, split, totalsOf } from "../../src/training/Shard.ts"
import { type ShardGradient, sumOfGradients } from "../../src/training/gradientOf.ts"
import { oldPolicyOf } from "../../src/training/oldPolicy.ts"
import { modelConfig, seed } from "../arbitraries.ts"
import { shard } from "../arbitraries/shards.ts"
import { isClose } from "../closeness.ts"
import { armOptions } from "../armOptions.ts"
import { settingOf } from "../configs.ts"
import { echoProblems, echoTask } from "../echoTask.ts"
import { leakOf, numbersOf } from "../engine.ts"
import { freshlyTrained, randomParameters } from "../models.ts"

/** Objectives that train on fresh groups, by name. */
const objectives = Object.entries(Objectives.all).filter(
  ([, objective]) =>
    !Objective.needs(objective).some((need) => ["demonstrations", "sampler", "partition"].includes(need)),
)

const flat = ({ gradients }: ShardGradient): ReadonlyArray<number> =>
  Object.values(gradients).flatMap((tensor) => [...numbersOf(tensor)])

describe("Shard.split", () => {
  const keepsGroups = fc.boolean()
  const size = fc.integer({ min: 1, max: 13 })

  it("joins to the whole, in order, whatever the size", () => {
    fc.assert(
      fc.property(shard, size, keepsGroups, (whole, most, keeps) => {
        const parts = split(whole, most, keeps)
        const joined = (f: (part: Shard) => ReadonlyArray<unknown>): string =>
          JSON.stringify(parts.flatMap(f))
        const prompted = (part: Shard): ReadonlyArray<unknown> =>
          part.responses.map((_, b) => part.batch.prompts[Math.floor(b / part.batch.groupSize)])
        return (
          (["responses", "rewards", "advantages", "klWeights"] as const).every(
            (field) => joined((part) => part[field]) === JSON.stringify(whole[field]),
          ) && joined(prompted) === JSON.stringify(prompted(whole))
        )
      }),
    )
  })

  it("has at most so many responses in a part, or one group where groups stay whole", () => {
    fc.assert(
      fc.property(shard, size, keepsGroups, (whole, most, keeps) => {
        const { groupSize } = whole.batch
        return split(whole, most, keeps).every(
          ({ responses, batch }) =>
            responses.length === batch.prompts.length * batch.groupSize &&
            responses.length <= (keeps ? Math.max(most, groupSize) : most) &&
            (!keeps || batch.groupSize === groupSize),
        )
      }),
    )
  })

  it("leaves a batch that fits as it is", () => {
    fc.assert(
      fc.property(
        shard,
        keepsGroups,
        (whole, keeps) => split(whole, whole.responses.length, keeps)[0] === whole,
      ),
    )
  })
})

describe("gradients of micro-batches", () => {
  it.each(objectives)(
    "[A5] of %s add up to the batch's, with loss and metrics, on-policy and off",
    (_, objective) => {
      fc.assert(
        fc.property(
          modelConfig,
          seed,
          shard,
          fc.integer({ min: 1, max: 6 }),
          fc.boolean(),
          (config, own, drawn, size, isOn) => {
            const [parameters, reference, sampler] = [1, 2, 3].map((i) =>
              randomParameters(config, Seed.child(own, i)),
            ) as [Parameters, Parameters, Parameters]
            const learner = { config, objective }
            const needsOld = !isOn || Objective.needs(objective).includes("mean-log-probs")
            const whole = needsOld
              ? { ...drawn, old: oldPolicyOf(learner, { parameters: sampler }, drawn) }
              : drawn
            const sums = [
              [whole],
              split(whole, size, Objective.needs(objective).includes("whole-groups")),
            ].map((shards) => sumOfGradients(learner, { parameters }, reference, shards, totalsOf(whole)))
            const [once, many] = sums as [ShardGradient, ShardGradient]
            const holds =
              isClose(flat(many), flat(once)) &&
              isClose(
                [many.loss, ...Object.values(many.metrics)],
                [once.loss, ...Object.values(once.metrics)],
              )
            ;[once.gradients, many.gradients, parameters, reference, sampler].forEach(disposeParameters)
            return holds
          },
        ),
        { numRuns: 6 },
      )
    },
  )
})

describe("a step in micro-batches", () => {
  const echo = settingOf(echoTask, { hidden_size: 16, num_hidden_layers: 1 })
  const options = armOptions({ schedule: { learningRate: 1e-3 }, updatesPerBatch: 2 })
  const stepWith = (
    objective: Objective.Objective,
    microBatch: number | undefined,
  ): { readonly first: ReadonlyArray<number>; readonly metrics: StepMetrics; readonly leak: number } => {
    const trained = freshlyTrained(echo.config, Seed.fromInteger(1))
    const reference = toDevice(toHost(trained.parameters))
    let result: ReturnType<typeof reinforceStep> | undefined
    const own = Seed.fromInteger(2)
    const leak = leakOf(() => {
      const how = { ...options, memory: { microBatch } }
      result = reinforceStep(echo, objective, how, trained, reference, echoProblems, 0, own)
    })
    if (result?._tag !== "Stepped") throw new Error("the step is finite")
    // The first moments are linear in the gradients, where the parameters' change is only their sign.
    const first = Object.values(result.trained.optimiser.first).flatMap((tensor) => [...numbersOf(tensor)])
    disposeTrained(result.trained)
    disposeParameters(reference)
    return { first, metrics: result.metrics, leak }
  }

  it.each([
    ["RAPO", Rapo.rapo],
    ["GRPO", Grpo.grpo],
    ["PACS", Objectives.all.pacs],
  ] as const)("of %s is the step, 1 × 32 = 4 × 8 = 32 × 1", (_, objective) => {
    const whole = stepWith(objective, undefined)
    for (const size of [32, 8, 5, 1]) {
      const cut = stepWith(objective, size)
      expect(cut.leak).toBe(0)
      expect(isClose(cut.first, whole.first)).toBe(true)
      expect(isClose(Object.values(cut.metrics), Object.values(whole.metrics))).toBe(true)
    }
  })

  it("of the batch's size or more is the step bit for bit", () => {
    expect(stepWith(Rapo.rapo, 32)).toEqual(stepWith(Rapo.rapo, undefined))
    expect(stepWith(Rapo.rapo, 1000)).toEqual(stepWith(Rapo.rapo, undefined))
  })
})
