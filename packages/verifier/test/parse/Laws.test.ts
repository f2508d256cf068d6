import * as fc from "fast-check"
import { test } from "vitest"
import { Expression, Laws } from "@rapo/verifier"
import { anyText, expression } from "../arbitraries.ts"
import * as arb from "../arbitraries/answers.ts"

test("a shown answer parses back", () =>
  fc.assert(fc.property(arb.answer, Laws.answerParses), { numRuns: 1000 }))

test("spaces, sizes and spellings of signs change nothing", () =>
  fc.assert(
    fc.property(arb.twoTexts, ([a, b]) => Laws.saysTheSame(a, b)),
    { numRuns: 1000 },
  ))

test("a formula down a column is the formula", () =>
  fc.assert(
    fc.property(expression, fc.constantFrom(" \\\\ ", " \\\\ \\\\ ", "\n\\\\\n"), (e, lineBreak) =>
      Laws.columnIsItsLine(Expression.show(e).match(/[\d.]+|\S/g) ?? [], lineBreak),
    ),
    { numRuns: 500 },
  ))

test("what was read once is read again", () =>
  fc.assert(fc.property(arb.brokenAnswer, Laws.readingIsIdempotent), { numRuns: 2000 }))

test("any text is an answer, or says where it is none", () =>
  fc.assert(fc.property(fc.oneof(arb.brokenAnswer, anyText), Laws.readsOrSaysWhere), { numRuns: 3000 }))
