import { Seed } from "@rapo/distributions"
import { Apo, Arms, Grpo, Gspo, type Objective, Pacs, Rapo, Regulariser, Rover } from "@rapo/rapo"
import * as tf from "@tensorflow/tfjs-core"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { toDevice, toHost } from "../../src/model/DeviceParameters.ts"
import { type Parameters, disposeParameters } from "../../src/model/Parameters.ts"
import type { Setting } from "../../src/rollout/collect.ts"
import { Countdown } from "../../src/tasks/Countdown.ts"
import type { Task } from "../../src/tasks/Task.ts"
import { disposeTrained } from "../../src/training/Optimise.ts"
import { type ReinforceOptions, type StepMetrics, reinforceStep } from "../../src/training/ReinforceStep.ts"
import { problemsOfStep } from "../../src/training/reinforce.ts"
import { armOptions } from "../armOptions.ts"
import { seed } from "../arbitraries.ts"
import { leakOf, numbersOf } from "../engine.ts"
import { echoProblems, echoTask } from "../echoTask.ts"
import { settingOf } from "../configs.ts"
import { freshlyTrained } from "../models.ts"
import { reinforce } from "./reinforceAlone.ts"

const options = armOptions()

const echo = settingOf(echoTask, { hidden_size: 16, num_hidden_layers: 1 })

const objectives: ReadonlyArray<readonly [string, Objective.Objective]> = [
  ["unregularised", Arms.unregularised],
  ["reverse KL", Arms.reverseKL(0.1)],
  ["forward KL", Arms.forwardKL(0.1)],
  ["RAPO", Rapo.withParameters({ alpha: 0.1, phiMinimum: 0.8 })],
  ["GRPO", Grpo.grpo],
  ["APO", Apo.apo],
  ["GSPO", Gspo.gspo],
  ["PACS", Pacs.pacs],
  ["ROVER", Rover.rover],
]

const valuesOf = (parameters: Parameters): ReadonlyArray<number> =>
  Object.values(parameters).flatMap((tensor) => [...numbersOf(tensor)])

/** Parameters after one step from a model at its own reference. */
const oneStep = (
  setting: Setting,
  objective: Objective.Objective,
  changed: Partial<ReinforceOptions> = {},
  reference?: Parameters,
): {
  readonly before: ReadonlyArray<number>
  readonly after: ReadonlyArray<number>
  readonly metrics: StepMetrics
} => {
  const trained = freshlyTrained(setting.config, Seed.fromInteger(1))
  const before = valuesOf(trained.parameters)
  const frozen = toDevice(toHost(reference ?? trained.parameters))
  const result = reinforceStep(
    setting,
    objective,
    { ...options, ...changed },
    trained,
    frozen,
    echoProblems,
    0,
    Seed.fromInteger(2),
  )
  if (result._tag === "Diverged") throw new Error("the step is finite")
  const after = valuesOf(result.trained.parameters)
  disposeTrained(result.trained)
  disposeParameters(frozen)
  return { before, after, metrics: result.metrics }
}

describe.each(objectives)("a step of %s", (_, objective) => {
  it.each([1, 2])("keeps the number of tensors, with %i updates on a batch", (updatesPerBatch) => {
    let trained = freshlyTrained(echo.config, Seed.fromInteger(1))
    const reference = toDevice(toHost(trained.parameters))
    const leak = leakOf(() => {
      for (let step = 0; step < 2; step++) {
        const result = reinforceStep(
          echo,
          objective,
          { ...options, updatesPerBatch },
          trained,
          reference,
          echoProblems,
          step,
          Seed.fromInteger(step),
        )
        expect(result._tag).toBe("Stepped")
        trained = result.trained
      }
    })
    expect(leak).toBe(0)
    expect(trained.optimiser.updates).toBe(2 * updatesPerBatch)
    disposeTrained(trained)
    disposeParameters(reference)
  })

  it("reports what it saw", () => {
    const { metrics, before, after } = oneStep(echo, objective)
    const between = (value: number, low: number, high: number): boolean => value >= low && value <= high
    expect(before).not.toEqual(after)
    expect(Object.values(metrics).every(Number.isFinite)).toBe(true)
    expect(between(metrics.reward, 0, 1) && between(metrics.legalRate, metrics.reward, 1)).toBe(true)
    expect(between(metrics.entropy, 0, Math.log(echo.config.vocab_size))).toBe(true)
    expect(between(metrics.meanLength, 1, echoTask.maxResponseTokens)).toBe(true)
    expect(between(metrics.informativeGroups, 0, 1)).toBe(true)
    // On policy every ratio is 1, so nothing is clipped; and the policy is its reference, so KL is 0 where it is to it.
    expect(metrics.clipFraction).toBe(0)
    if (objective.name.includes("KL,")) expect(Math.abs(metrics.kl)).toBeLessThan(1e-6)
    expect(metrics.learningRate).toBe(options.schedule.learningRate)
  })
})

describe("reinforceStep", () => {
  /** All answers are right, or none: no group says anything. */
  const indifferent = (task: Task, isRight: boolean): Task => ({
    ...task,
    verify: (problem) => task.verify(problem, isRight ? problem.answer : ""),
  })

  it.each([true, false])(
    "does not move where rewards are equal and nothing holds it (all right: %s)",
    (isRight) => {
      const { before, after, metrics } = oneStep(
        { ...echo, task: indifferent(echoTask, isRight) },
        Arms.unregularised,
        { updatesPerBatch: 2 },
      )
      expect(metrics).toMatchObject({ reward: Number(isRight), informativeGroups: 0, gradientNorm: 0 })
      expect(after).toEqual(before)
    },
  )

  it("is drawn to its reference by either KL where rewards are equal", () => {
    const other = freshlyTrained(echo.config, Seed.fromInteger(77)).parameters
    const setting = { ...echo, task: indifferent(echoTask, false) }
    for (const objective of [Arms.reverseKL(1), Arms.forwardKL(1)]) {
      const first = oneStep(setting, objective, {}, other).metrics
      expect(first.kl).toBeGreaterThan(0)
      let trained = freshlyTrained(echo.config, Seed.fromInteger(1))
      let kl = NaN
      for (let step = 0; step < 15; step++) {
        const result = reinforceStep(
          setting,
          objective,
          options,
          trained,
          other,
          echoProblems,
          step,
          Seed.fromInteger(step),
        )
        trained = result.trained
        if (result._tag === "Stepped") kl = result.metrics.kl
      }
      expect(kl).toBeLessThan(0.5 * first.kl)
      disposeTrained(trained)
    }
    disposeParameters(other)
  })

  it("takes the same gradient at the first of several updates as at the only one", () => {
    // Old log-probabilities that are recomputed make the ratio 1, up to float32 rounding.
    const once = oneStep(echo, Arms.unregularised, { updatesPerBatch: 1 }).metrics
    const twice = oneStep(echo, Arms.unregularised, { updatesPerBatch: 2 }).metrics
    expect(twice.gradientNorm).toBeCloseTo(once.gradientNorm, 5)
    expect(twice.reward).toBe(once.reward)
  })

  it("does the same again for the same seed", () => {
    const [a, b] = [oneStep(echo, Rapo.rapo), oneStep(echo, Rapo.rapo)]
    expect(a.after).toEqual(b.after)
    expect(a.metrics).toEqual(b.metrics)
  })

  it("stops before a number that is not finite, with the policy before it", () => {
    const trained = freshlyTrained(echo.config, Seed.fromInteger(1))
    const poisoned = Object.fromEntries(
      Object.entries(trained.parameters).map(([name, x]) => [name, tf.mul(x, NaN)]),
    )
    const before = valuesOf(trained.parameters)
    const leak = leakOf(() => {
      const result = reinforceStep(
        echo,
        Arms.forwardKL(0.1),
        options,
        trained,
        poisoned,
        echoProblems,
        7,
        Seed.fromInteger(2),
      )
      expect(result).toMatchObject({ _tag: "Diverged", step: 7 })
      expect(valuesOf(result.trained.parameters)).toEqual(before)
    })
    expect(leak).toBe(0)
    disposeTrained(trained)
    disposeParameters(poisoned)
  })
})

describe("reinforce", () => {
  const baseOf = (setting: Setting): ReturnType<typeof toHost> => {
    const { parameters, optimiser } = freshlyTrained(setting.config, Seed.fromInteger(3))
    const host = toHost(parameters)
    disposeTrained({ parameters, optimiser })
    return host
  }

  it("learns: the reward rises from chance to most", () => {
    const rewards: Array<number> = []
    const base = baseOf(echo)
    const leak = leakOf(() => {
      const { diverged, parameters } = reinforce(
        echo,
        Arms.unregularised,
        { ...options, groupSize: 16 },
        base,
        echoProblems,
        Seed.fromInteger(4),
        ({ reward }) => rewards.push(reward),
      )
      expect(diverged).toBeUndefined()
      expect([...parameters.keys()]).toEqual([...base.keys()])
    })
    const mean = (values: ReadonlyArray<number>): number => values.reduce((a, b) => a + b, 0) / values.length
    expect(leak).toBe(0)
    expect(rewards.length).toBe(options.schedule.steps)
    expect(mean(rewards.slice(0, 3))).toBeLessThan(0.4)
    expect(mean(rewards.slice(-3))).toBeGreaterThan(0.6)
  })

  it.each([false, true])(
    "a moving anchor starts the KL at 0 again (optimiser too: %s)",
    (resetsOptimiser) => {
      const objective: Objective.Objective = {
        ...Arms.reverseKL(1e-3),
        regulariser: Regulariser.exact("reverse", 1e-3, {
          anchor: { _tag: "Moving", every: 2, resetsOptimiser },
        }),
      }
      const kls: Array<number> = []
      const leak = leakOf(() => {
        reinforce(
          echo,
          objective,
          { ...options, schedule: { ...options.schedule, steps: 6 } },
          baseOf(echo),
          echoProblems,
          Seed.fromInteger(5),
          ({ kl }) => kls.push(kl),
        )
      })
      expect(leak).toBe(0)
      kls.forEach((kl, step) => {
        if (step % 2 === 0) expect(Math.abs(kl)).toBeLessThan(1e-6)
        else expect(kl).toBeGreaterThan(1e-5)
      })
    },
  )

  it("starts from the base: no step, no change", () => {
    const base = baseOf(echo)
    const { parameters } = reinforce(
      echo,
      Arms.unregularised,
      { ...options, schedule: { ...options.schedule, steps: 0 } },
      base,
      echoProblems,
      Seed.fromInteger(6),
      () => undefined,
    )
    expect(parameters).toEqual(base)
  })
})

describe("problemsOfStep", () => {
  const pool = Array.from({ length: 23 }, (_, i) => Countdown.draw("n3", Seed.fromInteger(i), "typical")).map(
    (problem, i) => ({ ...problem, id: String(i) }),
  )
  const ids = (count: number, steps: number, own: Seed.Seed): ReadonlyArray<string> =>
    Array.from({ length: steps }, (_, step) =>
      problemsOfStep(pool, count, step, own).map(({ id }) => id),
    ).flat()

  it("covers the pool exactly once an epoch, also where a step crosses its end", () => {
    fc.assert(
      fc.property(seed, fc.integer({ min: 1, max: 40 }), (own, count) => {
        const seen = ids(count, Math.ceil((3 * pool.length) / count), own)
        return [0, 1, 2].every(
          (epoch) => new Set(seen.slice(epoch * pool.length, (epoch + 1) * pool.length)).size === pool.length,
        )
      }),
    )
  })

  it("is the same sequence, however it is cut into steps", () => {
    fc.assert(
      fc.property(seed, fc.integer({ min: 1, max: 30 }), (own, count) => {
        const length = 46
        const cut = ids(count, Math.ceil(length / count), own).slice(0, length)
        return cut.join() === ids(1, length, own).join()
      }),
    )
  })

  it("shuffles each epoch anew, and otherwise for another seed", () => {
    const own = Seed.fromInteger(1)
    const [first, second] = [ids(23, 1, own), ids(23, 2, own).slice(23)]
    expect(first).not.toEqual(second)
    expect(first).not.toEqual(ids(23, 1, Seed.fromInteger(2)))
  })
})
