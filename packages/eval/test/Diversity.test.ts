import { Diversity, Laws } from "@rapo/eval"
import * as fc from "fast-check"
import { describe, expect, test } from "vitest"
import * as A from "./arbitraries.ts"

describe("diversity", () => {
  test("entropy of answers", () => fc.assert(fc.property(A.answers, Laws.entropyOfAnswers)))
  test("distinct-N and self-BLEU are shares", () => fc.assert(fc.property(A.texts, Laws.diversityIsAShare)))
  test("copies are not diverse", () =>
    fc.assert(fc.property(A.text, fc.integer({ min: 2, max: 5 }), Laws.copiesAreNotDiverse)))
  test("BLEU by hand: a shorter candidate pays e^(1 - 5/4), and shares all its N-grams", () => {
    const score = Diversity.selfBleu(["a b c d", "a b c d e"]) ?? NaN
    // a b c d e against a b c d: precisions 4/5, 3/4, 2/3, 1/2, no brevity penalty
    const longer = ((4 / 5) * (3 / 4) * (2 / 3) * (1 / 2)) ** (1 / 4)
    expect(score).toBeCloseTo((Math.exp(1 - 5 / 4) + longer) / 2, 12)
  })
  test("nothing to compare", () => {
    expect(Diversity.selfBleu(["one"])).toBeUndefined()
    expect(Diversity.distinctN([], 1)).toBe(0)
    expect(Diversity.answerEntropy([])).toBe(0)
  })
})
