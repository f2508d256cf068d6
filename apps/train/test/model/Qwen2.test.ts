import { Seed } from "@rapo/distributions"
import * as tf from "@tensorflow/tfjs-core"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { type Cache, forward, logits, repeatCache } from "../../src/model/Qwen2.ts"
import type { Parameters } from "../../src/model/Parameters.ts"
import { parameterCount, parameterSpecs } from "../../src/model/Parameters.ts"
import { inconsistencies, type Qwen2Config } from "../../src/model/Qwen2Config.ts"
import { type PromptBatch, prefill, responseLogits } from "../../src/model/promptBatch.ts"
import { modelConfig, seed, sentences } from "../arbitraries.ts"
import { isClose } from "../closeness.ts"
import { freeing, numbersOf, onBackend } from "../engine.ts"
import { configOf } from "../configs.ts"
import { randomParameters, uniformTensor } from "../models.ts"

/** Models are small, but each run is a whole forward pass. */
const runs = { numRuns: 20 }

type Sentences = ReadonlyArray<ReadonlyArray<number>>

/** Logits [B·T, V] of sentences of equal length. */
const allLogits = (
  config: Qwen2Config,
  parameters: Parameters,
  ids: Sentences,
  leftPadding: ReadonlyArray<number> = ids.map(() => 0),
): Float32Array =>
  freeing(() => {
    const { hidden } = forward(config, parameters, { ids: rectangle(ids), leftPadding })
    return numbersOf(logits(config, parameters, hidden))
  })

const rectangle = (ids: Sentences): tf.Tensor2D =>
  tf.tensor2d(ids.flat(), [ids.length, ids[0]?.length ?? 0], "int32")

/** Rows t ∈ [from, to) of each of B sentences, out of [B·T, V] numbers. */
const tokensFrom = (
  numbers: Float32Array,
  batch: number,
  vocabulary: number,
  from: number,
  to = Infinity,
): ReadonlyArray<number> => {
  const time = numbers.length / batch / vocabulary
  return Array.from({ length: batch }, (_, b) => [
    ...numbers.subarray((b * time + from) * vocabulary, (b * time + Math.min(to, time)) * vocabulary),
  ]).flat()
}

describe("forward", () => {
  it("feeding tokens piece by piece with the cache equals feeding them at once", () => {
    fc.assert(
      fc.property(
        modelConfig,
        sentences,
        fc.array(fc.integer({ min: 1, max: 3 })),
        seed,
        (config, ids, cuts, own) =>
          freeing(() => {
            const parameters = randomParameters(config, own)
            const time = ids[0]?.length ?? 0
            const pieces: Array<ReadonlyArray<number>> = []
            let cache: Cache | undefined
            for (let from = 0, i = 0; from < time; i++) {
              const to = Math.min(time, from + (cuts[i] ?? 1))
              const step = forward(
                config,
                parameters,
                {
                  ids: rectangle(ids.map((sentence) => sentence.slice(from, to))),
                  leftPadding: ids.map(() => 0),
                },
                cache,
              )
              pieces.push([...numbersOf(logits(config, parameters, step.hidden))])
              cache = step.cache
              from = to
            }
            const whole = allLogits(config, parameters, ids)
            const piecewise: ReadonlyArray<number> = ids.flatMap((_, b) =>
              pieces.flatMap((piece) =>
                piece.slice((b * piece.length) / ids.length, ((b + 1) * piece.length) / ids.length),
              ),
            )
            return cache?.length === time && isClose(piecewise, whole)
          }),
      ),
      runs,
    )
  })

  it("left padding, with any token, changes nothing", () => {
    fc.assert(
      fc.property(
        modelConfig,
        sentences,
        fc.integer({ min: 1, max: 5 }),
        fc.nat(19),
        seed,
        (config, ids, padding, token, own) =>
          freeing(() => {
            const parameters = randomParameters(config, own)
            const padded = ids.map((sentence) => [
              ...Array.from({ length: padding }, () => token),
              ...sentence,
            ])
            const plain = allLogits(config, parameters, ids)
            const shifted = allLogits(
              config,
              parameters,
              padded,
              ids.map(() => padding),
            )
            return isClose(tokensFrom(shifted, ids.length, config.vocab_size, padding), plain)
          }),
      ),
      runs,
    )
  })

  it("a token changes nothing before it, and something from it on", () => {
    fc.assert(
      fc.property(
        modelConfig,
        sentences,
        fc.nat(),
        fc.integer({ min: 1, max: 19 }),
        seed,
        (config, ids, place, shift, own) =>
          freeing(() => {
            const parameters = randomParameters(config, own)
            const at = place % (ids[0]?.length ?? 1)
            const changed = ids.map((sentence) =>
              sentence.map((token, t) => (t === at ? (token + shift) % config.vocab_size : token)),
            )
            const [a, b] = [allLogits(config, parameters, ids), allLogits(config, parameters, changed)]
            const part = (numbers: Float32Array, from: number, to?: number): ReadonlyArray<number> =>
              tokensFrom(numbers, ids.length, config.vocab_size, from, to)
            return isClose(part(a, 0, at), part(b, 0, at)) && !isClose(part(a, at), part(b, at))
          }),
      ),
      runs,
    )
  })

  it("sentences of a batch do not see each other", () => {
    fc.assert(
      fc.property(modelConfig, sentences, seed, (config, ids, own) =>
        freeing(() => {
          const parameters = randomParameters(config, own)
          const together = allLogits(config, parameters, ids)
          const apart = ids.flatMap((sentence) => [...allLogits(config, parameters, [sentence])])
          return isClose(together, apart)
        }),
      ),
      runs,
    )
  })

  it("grouped queries: heads that share a key equal heads with copies of it", () => {
    const grouped = configOf({ num_attention_heads: 4, num_key_value_heads: 2 })
    const single = configOf({ num_attention_heads: 4, num_key_value_heads: 4 })
    fc.assert(
      fc.property(sentences, seed, (ids, own) =>
        freeing(() => {
          const parameters = randomParameters(grouped, own)
          const copied = Object.fromEntries(
            Object.entries(parameters).map(([name, tensor]) => [
              name,
              /\.(k|v)_proj\./.test(name) ? copyHeads(tensor, 2, 2) : tensor,
            ]),
          )
          return isClose(allLogits(single, copied, ids), allLogits(grouped, parameters, ids))
        }),
      ),
      runs,
    )
  })

  it("an untied head that is the transposed embedding equals the tied one", () => {
    fc.assert(
      fc.property(sentences, seed, (ids, own) =>
        freeing(() => {
          const parameters = randomParameters(configOf(), own)
          const head = tf.transpose(parameters["model.embed_tokens.weight"] as tf.Tensor)
          return isClose(
            allLogits(
              configOf({ tie_word_embeddings: false }),
              { ...parameters, "lm_head.weight": head },
              ids,
            ),
            allLogits(configOf(), parameters, ids),
          )
        }),
      ),
      runs,
    )
  })

  it("wasm computes what the cpu backend computes, also where embedding is a gather", async () => {
    const wide = configOf({ vocab_size: 300, tie_word_embeddings: false })
    for (const config of [configOf(), wide]) {
      const compute = (): Float32Array =>
        allLogits(config, randomParameters(config, Seed.fromInteger(3)), [
          [1, 2, 3, 19],
          [4, 5, 6, 0],
        ])
      expect(isClose(await onBackend("wasm", compute), await onBackend("cpu", compute))).toBe(true)
    }
  })

  it("names the parameter that a model lacks", () => {
    freeing(() => {
      const { "model.norm.weight": _, ...rest } = randomParameters(configOf(), Seed.fromInteger(1))
      expect(() => allLogits(configOf(), rest, [[1, 2]])).toThrow("model.norm.weight")
    })
  })
})

describe("groups of responses", () => {
  /** Prompts of unequal length, of one token too, and G responses of one length to each. */
  const groups = fc
    .record({
      prompts: fc.array(fc.array(fc.integer({ min: 1, max: 19 }), { minLength: 1, maxLength: 5 }), {
        minLength: 1,
        maxLength: 3,
      }),
      groupSize: fc.integer({ min: 1, max: 3 }),
      time: fc.integer({ min: 1, max: 3 }),
    })
    .chain(({ prompts, groupSize, time }) =>
      fc
        .array(fc.nat(19), {
          minLength: prompts.length * groupSize * time,
          maxLength: prompts.length * groupSize * time,
        })
        .map((tokens) => ({ batch: { prompts, groupSize, padId: 0 } satisfies PromptBatch, tokens, time })),
    )

  /** Response logits, and the gradients of a random linear function of them. */
  const valuesAndGradients = (
    config: Qwen2Config,
    parameters: Parameters,
    compute: (parameters: Parameters) => tf.Tensor,
    own: Seed.Seed,
  ): ReadonlyArray<number> => {
    const names = parameterSpecs(config).map(({ name }) => name)
    const values = compute(parameters)
    const cotangent = uniformTensor(values.shape, Seed.child(own, "cotangent"))
    const gradients = tf.grads((...tensors) =>
      compute(Object.fromEntries(tensors.map((tensor, i) => [names[i] ?? "", tensor]))),
    )(
      names.map((name) => parameters[name] as tf.Tensor),
      cotangent,
    )
    return [values, ...gradients].flatMap((tensor) => [...numbersOf(tensor)])
  }

  it("a repeated cache equals repeated prompts, in values and in gradients", () => {
    fc.assert(
      fc.property(modelConfig, groups, seed, (config, { batch, tokens, time }, own) =>
        freeing(() => {
          const parameters = randomParameters(config, own)
          const repeated: PromptBatch = {
            ...batch,
            prompts: batch.prompts.flatMap((prompt) => Array.from({ length: batch.groupSize }, () => prompt)),
            groupSize: 1,
          }
          const of = (which: PromptBatch): ReadonlyArray<number> =>
            valuesAndGradients(
              config,
              parameters,
              (at) => responseLogits(config, at, which, Int32Array.from(tokens), time),
              own,
            )
          return isClose(of(batch), of(repeated))
        }),
      ),
      runs,
    )
  })

  it("the logits that predict a response equal those of prompt and response fed as one text", () => {
    fc.assert(
      fc.property(modelConfig, groups, seed, (config, { batch, tokens, time }, own) =>
        freeing(() => {
          const parameters = randomParameters(config, own)
          const found = numbersOf(responseLogits(config, parameters, batch, Int32Array.from(tokens), time))
          const expected = Array.from({ length: batch.prompts.length * batch.groupSize }, (_, b) => {
            const prompt = batch.prompts[Math.floor(b / batch.groupSize)] ?? []
            const text = [...prompt, ...tokens.slice(b * time, (b + 1) * time)]
            return tokensFrom(
              allLogits(config, parameters, [text]),
              1,
              config.vocab_size,
              prompt.length - 1,
              text.length - 1,
            )
          })
          return isClose(found, expected.flat())
        }),
      ),
      runs,
    )
  })

  it("repeats each sequence in succession", () => {
    freeing(() => {
      const config = configOf()
      const parameters = randomParameters(config, Seed.fromInteger(5))
      const cache = prefill(config, parameters, {
        prompts: [
          [1, 2, 3],
          [4, 5, 6],
        ],
        groupSize: 1,
        padId: 0,
      })
      const twice = repeatCache(cache, 2, 2)
      const [first] = cache.layers
      const [firstTwice] = twice.layers
      if (first === undefined || firstTwice === undefined) throw new Error("the model has layers")
      const rows = numbersOf(first.keys)
      const half = rows.length / 2
      expect(twice.length).toBe(2)
      expect([...numbersOf(firstTwice.keys)]).toEqual(
        [rows.subarray(0, half), rows.subarray(0, half), rows.subarray(half), rows.subarray(half)].flatMap(
          (x) => [...x],
        ),
      )
    })
  })
})

describe("gradients", () => {
  it("predict the change of a loss along a random direction", () => {
    // float32 differences along a unit vector: a step that is neither lost in rounding (1e-7/h) nor curved (h²).
    const step = 2e-2
    const tolerance = 1e-3
    fc.assert(
      fc.property(modelConfig, sentences, seed, (config, ids, own) =>
        freeing(() => {
          const parameters = randomParameters(config, own)
          const names = Object.keys(parameters)
          const loss = (at: Parameters): tf.Scalar => {
            const { hidden } = forward(config, at, { ids: rectangle(ids), leftPadding: ids.map(() => 0) })
            return tf.neg(tf.mean(tf.slice(tf.logSoftmax(logits(config, at, hidden)), [0, 0], [-1, 1])))
          }
          const along = names.map((name) =>
            uniformTensor(parameters[name]?.shape ?? [], Seed.child(own, `d${name}`)),
          )
          const length = Math.hypot(...along.map((part) => numbersOf(tf.norm(part))[0] ?? NaN))
          const direction = along.map((part) => tf.div(part, length))
          const moved = (by: number): number =>
            numbersOf(
              loss(
                Object.fromEntries(
                  names.map((name, i) => [
                    name,
                    tf.add(parameters[name] as tf.Tensor, tf.mul(direction[i] as tf.Tensor, by)),
                  ]),
                ),
              ),
            )[0] ?? NaN
          const gradients = tf.grads((...tensors) =>
            loss(Object.fromEntries(tensors.map((x, i) => [names[i] ?? "", x]))),
          )(names.map((name) => parameters[name] as tf.Tensor))
          const predicted = gradients.reduce(
            (sum, gradient, i) =>
              sum + (numbersOf(tf.sum(tf.mul(gradient, direction[i] as tf.Tensor)))[0] ?? NaN),
            0,
          )
          const measured = (moved(step) - moved(-step)) / (2 * step)
          return Math.abs(measured - predicted) <= tolerance
        }),
      ),
      runs,
    )
  })
})

describe("parameters", () => {
  it("are as many as their shapes say", () => {
    // Width 64, 2 layers of 4 heads, 20 tokens: counted by hand.
    const config = configOf({ hidden_size: 64, intermediate_size: 128, num_key_value_heads: 4 })
    const layer = 2 * 64 + 4 * 64 * 64 + 3 * 64 + 3 * 64 * 128
    expect(parameterCount(config)).toBe(20 * 64 + 2 * layer + 64)
    expect(
      parameterCount(
        configOf({
          hidden_size: 64,
          intermediate_size: 128,
          num_key_value_heads: 4,
          tie_word_embeddings: false,
        }),
      ),
    ).toBe(parameterCount(config) + 64 * 20)
  })

  it("have shapes that divide into heads, or the configuration says why not", () => {
    expect(inconsistencies(configOf())).toEqual([])
    expect(inconsistencies(configOf({ num_attention_heads: 3 })).join()).toContain("num_attention_heads 3")
    expect(inconsistencies(configOf({ num_key_value_heads: 3 })).join()).toContain("num_key_value_heads 3")
    expect(inconsistencies(configOf({ num_attention_heads: 16, num_key_value_heads: 16 })).join()).toContain(
      "odd",
    )
  })
})

/** Each of the `heads` heads in the last dimension, `times` times in succession. */
const copyHeads = (tensor: tf.Tensor, heads: number, times: number): tf.Tensor => {
  const parts = tf.split(tensor, heads, tensor.rank - 1)
  return tf.concat(
    parts.flatMap((part) => Array.from({ length: times }, () => part)),
    tensor.rank - 1,
  )
}
