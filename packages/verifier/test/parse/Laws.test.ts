import * as fc from "fast-check"
import { test } from "vitest"
import { Laws } from "@rapo/verifier"
import { anyText } from "../arbitraries.ts"
import * as arb from "../arbitraries/answers.ts"

test("a shown answer parses back", () =>
  fc.assert(fc.property(arb.answer, Laws.answerParses), { numRuns: 1000 }))

test("spaces, sizes and spellings of signs change nothing", () =>
  fc.assert(
    fc.property(arb.twoTexts, ([a, b]) => Laws.saysTheSame(a, b)),
    { numRuns: 1000 },
  ))

test("what was read once is read again", () =>
  fc.assert(fc.property(arb.brokenAnswer, Laws.readingIsIdempotent), { numRuns: 2000 }))

test("any text is an answer, or says where it is none", () =>
  fc.assert(fc.property(fc.oneof(arb.brokenAnswer, anyText), Laws.readsOrSaysWhere), { numRuns: 3000 }))
