import { Seed } from "@rapo/distributions"
import { Arms, Grpo, Objectives, Rapo } from "@rapo/rapo"
import * as tf from "@tensorflow/tfjs-core"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { adapterNames } from "../../src/model/lora/adapterNames.ts"
import { type Parameters, disposeParameters } from "../../src/model/Parameters.ts"
import type { Qwen2Config } from "../../src/model/Qwen2Config.ts"
import type { Memory } from "../../src/training/Memory.ts"
import type { Policy } from "../../src/training/Optimise.ts"
import { totalsOf } from "../../src/training/Shard.ts"
import { type ShardGradient, gradientOf } from "../../src/training/gradientOf.ts"
import { oldPolicyOf } from "../../src/training/oldPolicy.ts"
import { modelConfig, seed } from "../arbitraries.ts"
import { shard } from "../arbitraries/shards.ts"
import { float32Tolerance, isClose, relativeDistance } from "../closeness.ts"
import { leakOf, numbersOf } from "../engine.ts"
import { randomParameters, uniformTensor } from "../models.ts"

/**
 * The same products in another order: of a tied embedding three gradients are summed, of prompts and responses one scatter
 * is made instead of two. A few roundings of float32, relative to the largest number of a parameter's gradient.
 */
const sameComputation = 1e-6

/** A random adapter of rank 2 on the query and the down projection of every layer; B ≠ 0, so that A has a gradient. */
const adapter = (
  config: Qwen2Config,
  own: Seed.Seed,
): { readonly trained: Parameters; readonly scales: Parameters } => {
  const modules = Array.from({ length: config.num_hidden_layers }, (_, l) => [
    { at: `model.layers.${l}.self_attn.q_proj`, shape: [config.hidden_size, config.hidden_size] as const },
    { at: `model.layers.${l}.mlp.down_proj`, shape: [config.intermediate_size, config.hidden_size] as const },
  ]).flat()
  const entries = (
    f: (at: string, shape: readonly [number, number]) => ReadonlyArray<[string, tf.Tensor]>,
  ): Parameters => Object.fromEntries(modules.flatMap(({ at, shape }) => f(at, shape)))
  return {
    trained: entries((at, [inputs, outputs]) => [
      [adapterNames(at).a, uniformTensor([inputs, 2], Seed.child(own, `${at} A`))],
      [adapterNames(at).b, uniformTensor([2, outputs], Seed.child(own, `${at} B`))],
    ]),
    scales: entries((at) => [[adapterNames(at).scale, tf.scalar(0.5)]]),
  }
}

const policies = (config: Qwen2Config, own: Seed.Seed, withLora: boolean): Policy => {
  const base = randomParameters(config, own)
  if (!withLora) return { parameters: base }
  const { trained, scales } = adapter(config, own)
  return { parameters: trained, frozen: { ...base, ...scales } }
}

const disposePolicy = ({ parameters, frozen = {} }: Policy): void =>
  [parameters, frozen].forEach(disposeParameters)

const numbers = ({ loss, metrics }: ShardGradient): ReadonlyArray<number> => [loss, ...Object.values(metrics)]

const objectives = [
  ["RAPO", Rapo.rapo],
  ["GRPO", Grpo.grpo],
  ["reverse KL", Arms.reverseKL(0.1)],
  ["ROVER", Objectives.all.rover],
  ["APO", Objectives.all.apo],
  ["LitePPO", Objectives.all["lite-ppo"]],
] as const

describe.each(objectives)("the gradient of %s", (_, objective) => {
  /** Whether the gradient under `memory` is that of everything at once, each parameter's within a tolerance. */
  const agrees = (tolerance: number) =>
    fc.property(
      modelConfig,
      seed,
      shard,
      fc.boolean(),
      fc.boolean(),
      fc.integer({ min: 1, max: 30 }),
      (config, own, drawn, withLora, isOn, logitRows) => {
        const policy = policies(config, Seed.child(own, 1), withLora)
        const [reference, sampler] = [2, 3].map((i) => randomParameters(config, Seed.child(own, i))) as [
          Parameters,
          Parameters,
        ]
        const learner = { config, objective }
        const given = isOn ? drawn : { ...drawn, old: oldPolicyOf(learner, { parameters: sampler }, drawn) }
        const under = (memory: Memory | undefined): ShardGradient =>
          gradientOf({ ...learner, memory }, policy, reference, given, totalsOf(given))
        const plain = under(undefined)
        const close = (other: ShardGradient, bound: number): boolean =>
          isClose(numbers(other), numbers(plain), bound) &&
          Object.entries(plain.gradients).every(
            ([name, gradient]) =>
              relativeDistance(numbersOf(other.gradients[name] as tf.Tensor), numbersOf(gradient)) <= bound,
          )
        const variants: ReadonlyArray<readonly [Memory, number]> =
          tolerance === sameComputation
            ? [[{ checkpointsLayers: true }, tolerance]]
            : [
                [{ logitRows }, tolerance],
                [{ checkpointsLayers: true, logitRows }, tolerance],
              ]
        const holds = variants.every(([memory, bound]) => {
          const other = under(memory)
          const isSame = close(other, bound)
          disposeParameters(other.gradients)
          return isSame
        })
        ;[plain.gradients, reference, sampler].forEach(disposeParameters)
        disposePolicy(policy)
        return holds
      },
    )

  it("layer by layer is that of the whole tape, of full weights and of adapters", () => {
    fc.assert(agrees(sameComputation), { numRuns: 5 })
  })

  it("in chunks of the vocabulary is that of whole logits", () => {
    fc.assert(agrees(float32Tolerance), { numRuns: 5 })
  })

  it("leaves no tensor behind but itself, however memory is spent", () => {
    const config = fc.sample(modelConfig, 1)[0] as Qwen2Config
    const [given] = fc.sample(shard, 1)
    if (given === undefined) throw new Error("no shard was drawn")
    for (const withLora of [false, true]) {
      const policy = policies(config, Seed.fromInteger(1), withLora)
      const reference = randomParameters(config, Seed.fromInteger(2))
      for (const checkpointsLayers of [false, true])
        for (const logitRows of [undefined, 3]) {
          const learner = { config, objective, memory: { checkpointsLayers, logitRows } }
          const leak = leakOf(() => {
            const once = gradientOf(learner, policy, reference, given, totalsOf(given))
            const twice = gradientOf(learner, policy, reference, given, totalsOf(given), once)
            expect(Object.keys(twice.gradients).toSorted()).toEqual(Object.keys(policy.parameters).toSorted())
            disposeParameters(twice.gradients)
          })
          expect(leak).toBe(0)
        }
      disposePolicy(policy)
      disposeParameters(reference)
    }
  })

  it("remembers the same old policy in chunks", () => {
    fc.assert(
      fc.property(
        modelConfig,
        seed,
        shard,
        fc.integer({ min: 1, max: 30 }),
        (config, own, drawn, logitRows) => {
          const sampler = randomParameters(config, own)
          const [whole, cut] = [undefined, { logitRows }].map((memory) =>
            oldPolicyOf({ config, objective, memory }, { parameters: sampler }, drawn),
          )
          disposeParameters(sampler)
          const list = (rows: ReadonlyArray<Float32Array> | undefined): ReadonlyArray<number> =>
            (rows ?? []).flatMap((row) => [...row])
          return (
            isClose(list(cut?.logProbs), list(whole?.logProbs)) &&
            isClose(list(cut?.meanLogProbs), list(whole?.meanLogProbs)) &&
            list(whole?.logProbs).length === totalsOf(drawn).tokenCount
          )
        },
      ),
      { numRuns: 5 },
    )
  })
})
