import { Seed } from "@rapo/distributions"
import * as tf from "@tensorflow/tfjs-core"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { toDevice, toHost } from "../../src/model/DeviceParameters.ts"
import { adapterNames } from "../../src/model/lora/adapterNames.ts"
import {
  type Lora,
  adaptedLayers,
  adapterEntries,
  adapterSize,
  initialAdapter,
  linearLayers,
  scaleOf,
  targets,
} from "../../src/model/lora/Lora.ts"
import { merged } from "../../src/model/lora/merge.ts"
import { isTrained, splitBy } from "../../src/model/lora/split.ts"
import type { Parameters } from "../../src/model/Parameters.ts"
import { forward, logits } from "../../src/model/Qwen2.ts"
import type { Qwen2Config } from "../../src/model/Qwen2Config.ts"
import { lora, modelConfig, seed, sentences } from "../arbitraries.ts"
import { float32Tolerance, isClose } from "../closeness.ts"
import { configOf } from "../configs.ts"
import { freeing, numbersOf } from "../engine.ts"
import { randomParameters, uniformTensor } from "../models.ts"
import { randomAdapter } from "./adapters.ts"

/** Models are small, but each run is a whole forward pass, or a backward pass. */
const runs = { numRuns: 20 }

/** Logits of two layers, merged and not: the rounding of W + sAB to float32. Measured: below 2e-6. */
const mergedTolerance = 1e-5

type Sentences = ReadonlyArray<ReadonlyArray<number>>

/** Logits [B·T, V]. */
const logitsOf = (config: Qwen2Config, parameters: Parameters, ids: Sentences): tf.Tensor2D => {
  const { hidden } = forward(config, parameters, {
    ids: tf.tensor2d(ids.flat(), [ids.length, ids[0]?.length ?? 0], "int32"),
    leftPadding: ids.map(() => 0),
  })
  return logits(config, parameters, hidden)
}

/** A fixed linear function of all logits: every one of them has its say in the gradient. */
const lossOf = (
  config: Qwen2Config,
  ids: Sentences,
  own: Seed.Seed,
): ((parameters: Parameters) => tf.Scalar) => {
  const weights = uniformTensor([ids.flat().length, config.vocab_size], Seed.child(own, "weights"))
  return (parameters) => tf.mean(tf.mul(logitsOf(config, parameters, ids), weights)) as tf.Scalar
}

/** Gradients of the parameters that `isAsked` names. */
const gradientsOf = (
  parameters: Parameters,
  loss: (parameters: Parameters) => tf.Scalar,
  isAsked: (name: string) => boolean,
): Parameters => {
  const names = Object.keys(parameters).filter(isAsked)
  const asked = (tensors: ReadonlyArray<tf.Tensor>): Parameters =>
    Object.fromEntries(names.map((name, i) => [name, tensors[i] as tf.Tensor]))
  const gradients = tf.grads((...tensors: Array<tf.Tensor>) => loss({ ...parameters, ...asked(tensors) }))
  return asked(gradients(names.map((name) => parameters[name] as tf.Tensor)))
}

const at = (parameters: Parameters, name: string): tf.Tensor2D => parameters[name] as tf.Tensor2D

describe("an adapter", () => {
  it("changes nothing, bit for bit, while B is 0", () => {
    fc.assert(
      fc.property(modelConfig, lora, sentences, seed, (config, own, ids, random) =>
        freeing(() => {
          const base = randomParameters(config, random)
          const adapted = { ...base, ...toDevice(initialAdapter(config, own, random)) }
          const [plain, beside] = [base, adapted].map((model) => numbersOf(logitsOf(config, model, ids)))
          return plain?.join() === beside?.join()
        }),
      ),
      runs,
    )
  })

  it("has the full matrix's gradient, projected: dA = s·dW Bᵀ and dB = s·Aᵀ dW", () => {
    fc.assert(
      fc.property(modelConfig, lora, sentences, seed, (config, own, ids, random) =>
        freeing(() => {
          const base = toHost(randomParameters(config, random))
          const all = new Map([...base, ...randomAdapter(config, own, random)])
          const loss = lossOf(config, ids, random)
          const adapted = toDevice(all)
          const ofAdapter = gradientsOf(adapted, loss, isTrained)
          const ofWeights = gradientsOf(toDevice(merged(all)), loss, (name) => name.endsWith("proj.weight"))
          return adaptedLayers(config, own).every(({ module }) => {
            const { a, b, scale } = adapterNames(module)
            const dw = at(ofWeights, `${module}.weight`)
            const s = adapted[scale] as tf.Tensor
            const dA = tf.mul(tf.matMul(dw, at(adapted, b), false, true), s)
            const dB = tf.mul(tf.matMul(at(adapted, a), dw, true), s)
            return (
              isClose(numbersOf(at(ofAdapter, a)), numbersOf(dA), float32Tolerance) &&
              isClose(numbersOf(at(ofAdapter, b)), numbersOf(dB), float32Tolerance)
            )
          })
        }),
      ),
      runs,
    )
  })

  it("merged into the weights gives the same logits", () => {
    fc.assert(
      fc.property(modelConfig, lora, sentences, seed, (config, own, ids, random) =>
        freeing(() => {
          const base = toHost(randomParameters(config, random))
          const all = new Map([...base, ...randomAdapter(config, own, random)])
          const plain = merged(all)
          const [one, other] = [all, plain].map((model) => numbersOf(logitsOf(config, toDevice(model), ids)))
          return (
            [...plain.keys()].join() === [...base.keys()].join() &&
            isClose(one ?? [], other ?? [], mergedTolerance)
          )
        }),
      ),
      runs,
    )
  })

  it("of rank min(in, out) can be any change of any weight", () => {
    fc.assert(
      fc.property(modelConfig, seed, fc.nat(), (config, random, which) =>
        freeing(() => {
          const layers = linearLayers(config)
          const layer = layers[which % layers.length]
          if (layer === undefined) return false
          const { module, inputs, outputs } = layer
          const rank = Math.min(inputs, outputs)
          const scale = scaleOf({ rank, alpha: 3, targets, rankStabilised: false })
          const change = uniformTensor([inputs, outputs], Seed.child(random, "change"))
          const [one, rest] = [tf.eye(rank), tf.div(change, scale)]
          const [a, b] = inputs <= outputs ? [one, rest] : [rest, one]
          const [left, right] = [...toHost({ a, b }).values()]
          if (left === undefined || right === undefined) return false
          const base = randomParameters(config, random)
          const name = `${module}.weight`
          const plain = merged(new Map([...toHost(base), ...adapterEntries(module, left, right, scale)]))
          return isClose(plain.get(name)?.values ?? [], numbersOf(tf.add(at(base, name), change)))
        }),
      ),
      runs,
    )
  })
})

describe("initialAdapter", () => {
  it("draws A as PEFT does, from U(±1/√in), and leaves B at 0; each layer and seed its own", () => {
    fc.assert(
      fc.property(modelConfig, lora, seed, (config, own, random) => {
        const adapter = initialAdapter(config, own, random)
        const again = initialAdapter(config, own, random)
        const layers = adaptedLayers(config, own)
        const drawn = layers.map(({ module }) => adapter.get(adapterNames(module).a)?.values.join())
        return (
          layers.every(({ module, inputs, outputs }) => {
            const { a, b, scale } = adapterNames(module)
            const [first, second] = [adapter.get(a), adapter.get(b)]
            return (
              first?.shape.join() === [inputs, own.rank].join() &&
              second?.shape.join() === [own.rank, outputs].join() &&
              first.values.every((x) => Math.abs(x) <= Math.fround(1 / Math.sqrt(inputs))) &&
              second.values.every((x) => x === 0) &&
              adapter.get(scale)?.values[0] === Math.fround(scaleOf(own))
            )
          }) &&
          adapter.size === 3 * layers.length &&
          new Set(drawn).size === layers.length &&
          [...adapter].every(([name, { values }]) => values.join() === again.get(name)?.values.join())
        )
      }),
    )
  })

  it("spreads A evenly over its range", () => {
    const wide = configOf({ hidden_size: 256, intermediate_size: 256, num_hidden_layers: 1 })
    const own: Lora = { rank: 64, alpha: 1, targets: ["q_proj"], rankStabilised: false }
    const [values = []] = [...initialAdapter(wide, own, Seed.fromInteger(1)).values()].map((t) => [
      ...t.values,
    ])
    const mean = (of: (x: number) => number): number =>
      values.reduce((sum, x) => sum + of(x), 0) / values.length
    // 16,384 draws of U(−b, b), b = 1/16: four standard errors of the mean and of the mean square.
    const bound = 1 / 16
    expect(values.length).toBe(64 * 256)
    expect(Math.abs(mean((x) => x))).toBeLessThan((4 * bound) / Math.sqrt(3 * values.length))
    expect(Math.abs(mean((x) => x * x) - bound ** 2 / 3)).toBeLessThan(
      4 * bound ** 2 * Math.sqrt(4 / 45 / values.length),
    )
  })
})

describe("sizes", () => {
  it("adapterSize counts what is trained", () => {
    fc.assert(
      fc.property(modelConfig, lora, (config, own) => {
        const { those } = splitBy(initialAdapter(config, own, Seed.fromInteger(0)), isTrained)
        return (
          adapterSize(config, own) === [...those.values()].reduce((sum, { values }) => sum + values.length, 0)
        )
      }),
    )
  })

  it("of Qwen2.5-0.5B at rank 16 on all linear layers is PEFT's: 8,798,208", () => {
    const config = configOf({
      vocab_size: 151936,
      hidden_size: 896,
      intermediate_size: 4864,
      num_hidden_layers: 24,
      num_attention_heads: 14,
      num_key_value_heads: 2,
    })
    expect(adapterSize(config, { rank: 16, alpha: 32, targets, rankStabilised: false })).toBe(8_798_208)
  })

  it("the scale is α/r, and α/√r for rsLoRA", () => {
    const own = { rank: 16, alpha: 32, targets }
    expect(scaleOf({ ...own, rankStabilised: false })).toBe(2)
    expect(scaleOf({ ...own, rankStabilised: true })).toBe(8)
  })
})
