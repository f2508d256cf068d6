/** Blocks of columns: on wasm a response is the same to the last bit, whoever stands beside it. */
import { Seed } from "@rapo/distributions"
import * as tf from "@tensorflow/tfjs-core"
import * as fc from "fast-check"
import { describe, it, vi } from "vitest"
import { type Ask, type Drawn, respond } from "../../src/evaluate/local/respond.ts"
import { disposeParameters } from "../../src/model/Parameters.ts"
import { growTree } from "../../src/rollout/prefixTree.ts"
import { seed } from "../arbitraries.ts"
import { configOf } from "../configs.ts"
import { freeing } from "../engine.ts"
import { randomParameters, talkativeParameters } from "../models.ts"

// Hundreds of responses, one by one and together.
vi.setConfig({ testTimeout: 180_000 })

const numbers = (own: Seed.Seed, size: number): Float32Array => {
  const { uniform } = Seed.generator(own)
  return Float32Array.from({ length: size }, () => 4 * (uniform() - 0.5))
}

const sameBits = (a: Float32Array, b: Float32Array): boolean =>
  a.length === b.length && a.every((each, i) => Object.is(each, b[i]))

describe("the engine's sums", () => {
  const columns = fc.integer({ min: 1, max: 150 })
  const blocks = fc.integer({ min: 1, max: 3 })

  it("softmax: masked columns before a row, 4 at a time, change no bit", () => {
    fc.assert(
      fc.property(columns, blocks, seed, (count, more, own) =>
        freeing(() => {
          const row = numbers(own, count)
          const padded = new Float32Array(count + 4 * more).fill(-1e9)
          padded.set(row, 4 * more)
          const softmax = (x: Float32Array): Float32Array =>
            tf.softmax(tf.tensor2d(x, [1, x.length])).dataSync<"float32">()
          return sameBits(softmax(padded).slice(4 * more), softmax(row))
        }),
      ),
    )
  })

  it("products of one or more pairs: columns of weight 0 before others, any number, change no bit", () => {
    fc.assert(
      fc.property(
        columns,
        fc.integer({ min: 1, max: 100 }),
        fc.integer({ min: 1, max: 4 }),
        seed,
        (count, more, batch, own) =>
          freeing(() => {
            const size = 8
            const weights = numbers(Seed.child(own, 0), batch * count)
            const values = numbers(Seed.child(own, 1), batch * count * size)
            const product = (w: tf.Tensor3D, v: tf.Tensor3D): Float32Array =>
              tf.matMul(w, v).dataSync<"float32">()
            const w = tf.tensor3d(weights, [batch, 1, count])
            const v = tf.tensor3d(values, [batch, count, size])
            const junk = tf.tensor3d(numbers(Seed.child(own, 2), batch * more * size), [batch, more, size])
            return sameBits(
              product(tf.concat([tf.zeros([batch, 1, more]), w], 2), tf.concat([junk, v], 1)),
              product(w, v),
            )
          }),
      ),
    )
  })
})

/** What a request drew, by ask and sample. */
const drawn = (
  model: Parameters<typeof respond>[0],
  asks: ReadonlyArray<Ask>,
  places: number,
): ReadonlyArray<string> => {
  const all: Array<Drawn> = []
  respond(model, { asks, settings: { temperature: 1, topP: 1, topK: undefined, stop: [] }, places }, (each) =>
    all.push(each),
  )
  return all.toSorted((a, b) => a.place - b.place || a.sample - b.sample).map((each) => JSON.stringify(each))
}

describe("a response", () => {
  it.each([
    ["a short context", { max_position_embeddings: 36 }],
    ["a longer one", { max_position_embeddings: 160 }],
    ["a longer one, one key head", { max_position_embeddings: 160, num_key_value_heads: 1 }],
  ] as const)(
    "is the same to the last bit, log-probabilities too, with any company and any places: %s",
    (_, fields) => {
      const config = configOf({ num_hidden_layers: 2, ...fields })
      const room = config.max_position_embeddings
      const prompts = fc.array(
        fc.oneof(
          fc.array(fc.integer({ min: 2, max: 19 }), { minLength: 1, maxLength: 6 }),
          fc.array(fc.integer({ min: 2, max: 19 }), { minLength: room / 4, maxLength: room / 2 }),
        ),
        { minLength: 2, maxLength: 5 },
      )
      fc.assert(
        fc.property(
          prompts,
          fc.integer({ min: 1, max: 7 }),
          seed,
          fc.nat(1000),
          (these, places, own, draw) => {
            const parameters = talkativeParameters(config, own)
            const model = { key: "", config, parameters, decode: () => "" }
            const asks = these.map((prompt, place): Ask => ({
              place,
              problem: String(place),
              seed: draw,
              prompt,
              indices: [0, 1, 2],
              endIds: [1],
              maxTokens: room - prompt.length,
            }))
            const apart = asks.flatMap((ask) => drawn(model, [ask], 3))
            const together = drawn(model, asks, places)
            disposeParameters(parameters)
            return together.join("\n") === apart.join("\n")
          },
        ),
        { numRuns: 12 },
      )
    },
  )
})

describe("fronts of many prompts", () => {
  /** A run over prompts with responses of given lengths: the rows of each pass, and the widest front. */
  const run = (
    prompts: ReadonlyArray<number>,
    lengths: ReadonlyArray<number>,
    places: number,
    columns: number,
  ) => {
    const config = configOf({ num_hidden_layers: 1, max_position_embeddings: 36 })
    const rows: Array<number> = []
    const left = [...lengths]
    freeing(() => {
      const parameters = randomParameters(config, Seed.fromInteger(1))
      growTree(
        config,
        parameters,
        {
          prompts: prompts.map((length, i) => Array.from({ length }, (_, t) => 2 + ((i + t) % 18))),
          promptOf: lengths.map((_, i) => i % prompts.length),
          padId: 0,
        },
        {
          maxTokens: 36,
          places,
          columns,
          scores: (logits) => {
            rows.push(logits.shape[0])
            return logits
          },
          choose: () => (sample) => {
            left[sample] = (left[sample] ?? 0) - 1
            return (left[sample] ?? 0) > 0 ? 2 + (sample % 18) : undefined
          },
        },
      )
    })
    return rows
  }
  const sum = (numbers: ReadonlyArray<number>): number => numbers.reduce((a, b) => a + b, 0)

  it("take as many positions as the prompts one by one, in fewer passes", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 16 }), { minLength: 2, maxLength: 6 }),
        fc.constantFrom(1, 4),
        fc.infiniteStream(fc.integer({ min: 1, max: 20 })),
        (prompts, columns, draws) => {
          const lengths = prompts.map(() => draws.next().value as number)
          const apart = prompts.map((prompt, i) => run([prompt], [lengths[i] ?? 1], 99, columns))
          const together = run(prompts, lengths, 99, columns)
          return (
            sum(together) === sum(apart.map(sum)) &&
            together.length === Math.max(...apart.map(({ length }) => length))
          )
        },
      ),
      { numRuns: 20 },
    )
  })
})
