/** The choice of a token from a row of logits, and where a response ends. */
import { Categorical, Filters, Seed } from "@rapo/distributions"
import * as E from "fp-ts/lib/Either.js"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { nextToken } from "../../src/evaluate/local/nextToken.ts"
import { before, justStopped } from "../../src/evaluate/local/stopping.ts"

const logits = fc
  .array(fc.float({ min: -20, max: 20, noNaN: true }), { minLength: 2, maxLength: 12 })
  .map((values) => Float32Array.from(values))

const settings = fc.record({
  temperature: fc.constantFrom(0.3, 0.7, 1, 1.5, 4),
  topP: fc.constantFrom(0.3, 0.8, 0.95, 1),
  topK: fc.constantFrom(undefined, 1, 2, 5, 100),
  minP: fc.constantFrom(undefined, 0, 0.05, 0.5, 1),
})

const uniform = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true })

const rightOf = <L, A>(either: E.Either<L, A>): A => {
  if (E.isRight(either)) return either.right
  throw new Error(JSON.stringify(either.left))
}

/** Cumulative sums of a few doubles and the library's own log-sum-exp differ by a few roundings. */
const rounding = 1e-12

describe("a token", () => {
  it("is the inverse cdf of temperature, top-k, top-p and min-p, in this order", () => {
    fc.assert(
      fc.property(logits, settings, uniform, (row, { temperature, topP, topK, minP }, u) => {
        const filter = Filters.inOrder([
          rightOf(Filters.temperature(temperature)),
          rightOf(Filters.topK(topK ?? Infinity)),
          rightOf(Filters.topP(topP)),
          rightOf(Filters.minP(minP ?? 0)),
        ])
        const p = Categorical.probabilities(rightOf(Categorical.fromLogits(filter(Array.from(row)))))
        const token = nextToken({ temperature, topP, topK, minP })(row).select(u)
        const below = p.slice(0, token).reduce((sum, each) => sum + each, 0)
        const own = p[token] ?? 0
        return own > 0 && below - rounding <= u && u <= below + own + rounding
      }),
    )
  })

  it("is the first of the most probable at temperature 0, whatever the uniform number", () => {
    fc.assert(
      fc.property(logits, uniform, (row, u) => {
        const token = nextToken({ temperature: 0, topP: 1, topK: undefined })(row).select(u)
        return token === row.indexOf(Math.max(...row))
      }),
    )
  })

  it("has the model's own log-probability, whatever is done to the logits", () => {
    fc.assert(
      fc.property(logits, settings, fc.boolean(), (row, own, isGreedy) => {
        const p = rightOf(Categorical.fromLogits(Array.from(row)))
        const { logProb } = nextToken(isGreedy ? { ...own, temperature: 0 } : own)(row)
        return Array.from(row.keys()).every(
          (token) => Math.abs(logProb(token) - Categorical.logProb(p, token)) <= rounding * 40,
        )
      }),
    )
  })

  it("comes as often as its probability says", () => {
    const row = Float32Array.from([1, 0, -1, 2])
    const { select } = nextToken({ temperature: 2, topP: 1, topK: 3 })(row)
    const { uniform: draw } = Seed.generator(Seed.fromInteger(5))
    const draws = 20_000
    const counts = [0, 0, 0, 0]
    for (let i = 0; i < draws; i++) {
      const token = select(draw())
      counts[token] = (counts[token] ?? 0) + 1
    }
    const weights = [Math.exp(0.5), 1, 0, Math.exp(1)]
    const total = weights.reduce((a, b) => a + b, 0)
    weights.forEach((weight, token) => {
      const p = weight / total
      // Five standard deviations of a binomial share.
      expect(Math.abs((counts[token] ?? 0) / draws - p)).toBeLessThanOrEqual(
        5 * Math.sqrt((p * (1 - p)) / draws),
      )
    })
  })
})

describe("stop strings", () => {
  it("cut before the first", () => {
    expect(before("one two three", ["three", "two"])).toBe("one ")
    expect(before("one", ["two"])).toBeUndefined()
    expect(before("one", [])).toBeUndefined()
  })

  it("are seen at the token that completes them, however a text is split into tokens", () => {
    const stops = fc.array(fc.constantFrom("ab", "ba", "aab", "é", "€x", "b"), { maxLength: 3 })
    const letters = fc.array(fc.constantFrom("a", "b", "c", "é", "€", "x"), { maxLength: 14 })
    fc.assert(
      fc.property(stops, letters, fc.infiniteStream(fc.integer({ min: 1, max: 3 })), (stop, text, sizes) => {
        // Tokens of one to three letters; decoding is concatenation.
        const tokens: Array<string> = []
        for (let at = 0; at < text.length;) {
          const { value } = sizes.next()
          tokens.push(text.slice(at, at + value).join(""))
          at += value
        }
        const isStopped = justStopped(stop, (ids) => ids.map((id) => tokens[id]).join(""))
        const ids = [...tokens.keys()]
        const end = ids.findIndex((i) => isStopped(ids.slice(0, i + 1)))
        const first = ids.findIndex((i) => before(tokens.slice(0, i + 1).join(""), stop) !== undefined)
        return end === first
      }),
    )
  })
})
