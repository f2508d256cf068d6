import * as NodeServices from "@effect/platform-node/NodeServices"
import { Seed } from "@rapo/distributions"
import { Arms, type Objective, Rapo, Regulariser } from "@rapo/rapo"
import type * as tf from "@tensorflow/tfjs-core"
import { Effect } from "effect"
import { fileURLToPath } from "node:url"
import { describe, expect, it } from "vitest"
import { type HostParameters, readCheckpoint } from "../../src/model/Checkpoint.ts"
import { toDevice, toHost } from "../../src/model/DeviceParameters.ts"
import { type Lora, adapterSize, targets } from "../../src/model/lora/Lora.ts"
import { type Parameters, disposeParameters, initialParameters } from "../../src/model/Parameters.ts"
import { Countdown } from "../../src/tasks/Countdown.ts"
import { type StepMetrics, reinforceStep } from "../../src/training/ReinforceStep.ts"
import { type Reinforced, reinforce } from "../training/reinforceAlone.ts"
import { disposeLearning, learntOf, startFrom } from "../../src/training/start.ts"
import { armOptions } from "../armOptions.ts"
import { settingOf } from "../configs.ts"
import { echoProblems, echoTask } from "../echoTask.ts"
import { leakOf } from "../engine.ts"
import { talkativeParameters } from "../models.ts"
import { valuesOf } from "./adapters.ts"

const lora: Lora = {
  rank: 4,
  alpha: 8,
  targets: ["q_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"],
  rankStabilised: false,
}

const options = armOptions({ schedule: { learningRate: 3e-2, steps: 40 }, groupSize: 16 })

const echo = settingOf(echoTask, { hidden_size: 16, num_hidden_layers: 1 })

const hostOf = (parameters: Parameters): HostParameters => {
  const host = toHost(parameters)
  disposeParameters(parameters)
  return host
}

const base = hostOf(initialParameters(echo.config, Seed.fromInteger(3)))

/**
 * A random model whose embedding, and so its head, is large: it stays frozen, and at its usual initial size no hidden state
 * could make any token likely.
 */
const talkative = hostOf(talkativeParameters(echo.config, Seed.fromInteger(3)))

/** Trains an adapter; every step's metrics beside the result. */
const trained = (
  objective: Objective.Objective,
  steps: number,
  from: HostParameters = base,
): { readonly result: Reinforced; readonly metrics: ReadonlyArray<StepMetrics> } => {
  const metrics: Array<StepMetrics> = []
  const result = reinforce(
    echo,
    objective,
    { ...options, lora, schedule: { ...options.schedule, steps } },
    from,
    echoProblems,
    Seed.fromInteger(4),
    (own) => metrics.push(own),
  )
  return { result, metrics }
}

const mean = (values: ReadonlyArray<number>): number => values.reduce((a, b) => a + b, 0) / values.length

describe("a step of an adapter", () => {
  const objective = Rapo.withParameters({ alpha: 0.1, phiMinimum: 0.8 })

  it.each([1, 2])(
    "moves A and B alone: the base's tensors stay, bit for bit, and none is left behind (%i updates)",
    (updatesPerBatch) => {
      const leak = leakOf(() => {
        let learning = startFrom(echo.config, toDevice(base), lora, Seed.fromInteger(1))
        const { frozen = {} } = learning.trained
        const before = { frozen: valuesOf(frozen), adapter: valuesOf(learning.trained.parameters) }
        for (let step = 0; step < 2; step++) {
          const { trained: policy, reference } = learning
          const result = reinforceStep(
            echo,
            objective,
            { ...options, updatesPerBatch },
            policy,
            reference.parameters,
            echoProblems,
            step,
            Seed.fromInteger(step),
          )
          expect(result._tag).toBe("Stepped")
          learning = { ...learning, trained: result.trained }
        }
        expect(valuesOf(frozen)).toEqual(before.frozen)
        expect(valuesOf(learning.trained.parameters)).not.toEqual(before.adapter)
        // The base is the reference: the same tensors, not a copy of them.
        expect(
          Object.values(learning.reference.parameters).every((t) => Object.values(frozen).includes(t)),
        ).toBe(true)
        disposeLearning(learning)
      })
      expect(leak).toBe(0)
    },
  )

  it("keeps moments of the adapter alone", () => {
    const learning = startFrom(echo.config, toDevice(base), lora, Seed.fromInteger(1))
    const { first, second } = learning.trained.optimiser
    const size = (parameters: Readonly<Record<string, tf.Tensor>>): number =>
      Object.values(parameters).reduce((sum, tensor) => sum + tensor.size, 0)
    expect([size(first), size(second)]).toEqual([
      adapterSize(echo.config, lora),
      adapterSize(echo.config, lora),
    ])
    disposeLearning(learning)
  })

  it("leaves A where it is at first, since B = 0 lets no gradient through to it", () => {
    const before = startFrom(echo.config, toDevice(base), lora, Seed.child(Seed.fromInteger(4), "adapter"))
    const start = toHost(learntOf(before))
    disposeLearning(before)
    const { result } = trained(objective, 1)
    for (const [name, { values }] of result.parameters) {
      const same = values.join() === start.get(name)?.values.join()
      expect([name, same]).toEqual([name, !name.endsWith(".lora_B")])
    }
  })
})

describe("reinforce with LoRA", () => {
  it("learns: the reward rises from chance to most", () => {
    const leak = leakOf(() => {
      const { result, metrics } = trained(Arms.unregularised, 40, talkative)
      const rewards = metrics.map(({ reward }) => reward)
      expect(result.diverged).toBeUndefined()
      expect(mean(rewards.slice(0, 3))).toBeLessThan(0.2)
      expect(mean(rewards.slice(-3))).toBeGreaterThan(0.6)
    })
    expect(leak).toBe(0)
  })

  it("returns the adapter alone, which beside the base is the policy that was trained", () => {
    const { result } = trained(Arms.unregularised, 2)
    expect([...result.parameters.keys()].every((name) => name.includes(".lora_"))).toBe(true)
    expect(result.parameters.size).toBe(3 * lora.targets.length)
    const both = toDevice(new Map([...base, ...result.parameters]))
    expect(Object.keys(both).length).toBe(base.size + result.parameters.size)
    disposeParameters(both)
  })

  it("its first step sees what full training sees: the same rollouts, the same reward, KL 0", () => {
    const [full, adapted] = [undefined, lora].map((own) => {
      const metrics: Array<StepMetrics> = []
      reinforce(
        echo,
        Arms.forwardKL(0.1),
        { ...options, lora: own, schedule: { ...options.schedule, steps: 1 } },
        base,
        echoProblems,
        Seed.fromInteger(4),
        (step) => metrics.push(step),
      )
      return metrics[0]
    })
    expect(adapted).toMatchObject({
      reward: full?.reward,
      entropy: full?.entropy,
      meanLength: full?.meanLength,
    })
    expect(Math.abs(adapted?.kl ?? NaN)).toBeLessThan(1e-6)
    expect(adapted?.gradientNorm).not.toBe(full?.gradientNorm)
  })

  it("a moving reference is a copy of the adapter: the KL starts at 0 again, and nothing is left behind", () => {
    const objective: Objective.Objective = {
      ...Arms.reverseKL(1e-3),
      regulariser: Regulariser.exact("reverse", 1e-3, {
        anchor: { _tag: "Moving", every: 2, resetsOptimiser: true },
      }),
    }
    const leak = leakOf(() => {
      trained(objective, 6).metrics.forEach(({ kl }, step) => {
        if (step % 2 === 0) expect(Math.abs(kl)).toBeLessThan(1e-6)
        else expect(kl).toBeGreaterThan(1e-5)
      })
    })
    expect(leak).toBe(0)
  })
})

describe("an adapter of the shipped base, on Countdown", () => {
  it("trains without harm: every step finite, answers stay legal, the entropy does not run away", async () => {
    const folder = fileURLToPath(new URL("../../checkpoints/countdown-base", import.meta.url))
    const read = await Effect.runPromise(readCheckpoint(folder).pipe(Effect.provide(NodeServices.layer)))
    const setting = { ...settingOf(Countdown), config: read.config }
    const problems = Array.from({ length: 16 }, (_, i) =>
      Countdown.draw("n3", Seed.fromInteger(i), "typical"),
    )
    const metrics: Array<StepMetrics> = []
    const { diverged, parameters } = reinforce(
      setting,
      Rapo.withParameters({ alpha: 0.1, phiMinimum: 0.8 }),
      {
        ...options,
        lora: { rank: 8, alpha: 16, targets, rankStabilised: false },
        schedule: { ...options.schedule, learningRate: 2e-3, steps: 12 },
      },
      read.parameters,
      problems,
      Seed.fromInteger(6),
      (own) => metrics.push(own),
    )
    const [early, late] = [metrics.slice(0, 4), metrics.slice(-4)]
    const over = (steps: typeof metrics, of: (step: StepMetrics) => number): number => mean(steps.map(of))
    expect(diverged).toBeUndefined()
    expect(metrics.every((step) => Object.values(step).every(Number.isFinite))).toBe(true)
    expect(over(late, ({ reward }) => reward)).toBeGreaterThan(0.8 * over(early, ({ reward }) => reward))
    expect(over(late, ({ legalRate }) => legalRate)).toBeGreaterThan(0.8)
    expect(over(late, ({ entropy }) => entropy)).toBeLessThan(1.5 * over(early, ({ entropy }) => entropy))
    expect([...parameters.values()].every(({ values }) => values.every(Number.isFinite))).toBe(true)
    console.info(
      `reward ${over(early, ({ reward }) => reward).toFixed(3)} to ${over(late, ({ reward }) => reward).toFixed(3)} in 12 steps of 64 samples`,
    )
  }, 300_000)
})
