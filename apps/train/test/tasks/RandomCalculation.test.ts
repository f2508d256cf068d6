import { Parse, Rational } from "@rapo/verifier"
import * as fc from "fast-check"
import * as E from "fp-ts/lib/Either.js"
import { expect, test } from "vitest"
import { RandomCalculation } from "../../src/tasks/RandomCalculation.ts"
import type { Problem } from "../../src/tasks/Task.ts"
import * as arb from "../arbitraries.ts"

const problem: Problem = {
  id: "random-calculation:(3/4),2^3,7=-11/4",
  task: "random-calculation",
  level: "s2",
  prompt: "7*(3/4)-2^3=",
  answer: "-11/4",
}

const outcome = (response: string): string => {
  const verdict = RandomCalculation.verify(problem, response)
  const rule = verdict._tag === "Correct" || verdict._tag === "Wrong" ? ` by ${verdict.rule}` : ""
  return `${verdict._tag}${rule}${RandomCalculation.isLegal(problem, response) ? ", legal" : ""}`
}

test.each([
  ["\\boxed{-11/4}", "Correct by exact-value, legal"],
  ["\\boxed{11/4}", "Wrong by exact-value, legal"],
  ["\\boxed{-3}", "Wrong by exact-value, legal"],
  ["\\boxed{-22/8}", "Wrong by lowest-terms, legal"],
  ["\\boxed{7*(3/4)-2^3}", "Wrong by plain-number"],
  ["\\boxed{(-11/4)/1}", "Wrong by plain-number"],
  ["\\boxed{--11/4}", "Wrong by plain-number"],
  ["\\boxed{11/0}", "Unparseable"],
  ["\\boxed{7*}", "Unparseable"],
  ["-11/4", "Unparseable"],
])("%j is %s", (response, expected) => {
  expect(outcome(response)).toBe(expected)
})

const anyLevel = fc.constantFrom(...RandomCalculation.levels)

test("the answer is the prompt's value, within the bound", () =>
  fc.assert(
    fc.property(anyLevel, arb.seed, arb.kind, (level, seed, kind) => {
      const { prompt, answer } = RandomCalculation.draw(level, seed, kind)
      return (
        E.getOrElse(() => "no value")(E.map(Rational.show)(Parse.evaluate(prompt.slice(0, -1)))) === answer &&
        answer.split("/").every((part) => Math.abs(Number(part)) <= 1_000_000)
      )
    }),
    { numRuns: 500 },
  ))

/** Operators between operands: outside parentheses, and not `^`. */
const stepsOf = (prompt: string): number =>
  prompt.replaceAll(/\([^)]*\)/g, "x").replaceAll(/[^-+*/]/g, "").length

test("level sN has N steps", () =>
  fc.assert(
    fc.property(
      anyLevel,
      arb.seed,
      arb.kind,
      (level, seed, kind) => `s${stepsOf(RandomCalculation.draw(level, seed, kind).prompt)}` === level,
    ),
  ))

test("a rare problem has no plain integers", () =>
  fc.assert(
    fc.property(anyLevel, arb.seed, (level, seed) =>
      RandomCalculation.draw(level, seed, "rare")
        .prompt.slice(0, -1)
        .replaceAll(/\([^)]*\)/g, "x")
        .split(/[-+*/]/)
        .every((operand) => operand === "x" || /^\d+\^[23]$/.test(operand)),
    ),
  ))

test("189 tokens in a prompt, 18 in a response", () => {
  expect([RandomCalculation.maxPromptTokens, RandomCalculation.maxResponseTokens]).toEqual([189, 18])
})
