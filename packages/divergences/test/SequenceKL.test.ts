import { Autoregressive } from "@rapo/distributions"
import * as fc from "fast-check"
import { expect, test } from "vitest"
import { Laws, SequenceKL } from "../src/index.ts"
import { closeTo, fromLogits, distinctSequencePair, right, sequencePair } from "./arbitraries.ts"

/** Sums over at most 27 sequences of terms up to ρ ln ρ with ln ρ up to 90, relative to the largest of them. */
const rounding = closeTo(1e-10)

test("[F5] the sequences' KL is the tokens', weighted by the first argument", () =>
  fc.assert(fc.property(sequencePair, ([p, q]) => Laws.chainRule(rounding)(p, q))))

test("[E7] with y ~ π the tokens' kF and k3 weight prefixes by π", () =>
  fc.assert(fc.property(sequencePair, ([p, pi]) => Laws.perTokenWeights(rounding)(p, pi))))

test("[E7] which for kF is not the sequences' forward KL", () => {
  const distinct = fc.sample(distinctSequencePair, { numRuns: 1000, seed: 1 }).filter(([p, pi]) => {
    const [tokens, sequences] = [
      right(SequenceKL.perPrefix(pi, p, pi)),
      right(SequenceKL.overSequences(p, pi)),
    ]
    return Math.abs(tokens - sequences) > 1e-3 * Math.max(tokens, sequences)
  })
  expect(distinct.length).toBeGreaterThan(990)
})

test("[E7] an example by hand: two tokens, of which the second differs after a 1 only", () => {
  const [even, odd] = [fromLogits([0, 0]), fromLogits([0, Math.log(3)])]
  const over = (kernel: (prefix: ReadonlyArray<number>) => typeof even) =>
    right(Autoregressive.make(Autoregressive.indexed(kernel), 2))
  // p starts with 1 half of the time, π three times in four; after a 1, p is even and π is (¼, ¾).
  const p = over(() => even)
  const pi = over((prefix) => (prefix[0] === 0 ? even : odd))
  const token = 0.5 * Math.log(0.5 / 0.25) + 0.5 * Math.log(0.5 / 0.75)
  expect(right(SequenceKL.overSequences(p, pi))).toBeCloseTo(token + 0.5 * token, 12)
  expect(right(SequenceKL.perPrefix(pi, p, pi))).toBeCloseTo(token + 0.75 * token, 12)
})
