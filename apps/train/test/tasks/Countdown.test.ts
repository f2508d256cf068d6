import { Seed } from "@rapo/distributions"
import * as E from "fp-ts/lib/Either.js"
import { Parse, Rational } from "@rapo/verifier"
import * as fc from "fast-check"
import { expect, test } from "vitest"
import { Countdown, reachableTargets } from "../../src/tasks/Countdown.ts"
import type { Kind, Problem } from "../../src/tasks/Task.ts"
import * as arb from "../arbitraries.ts"

const problem: Problem = {
  id: "countdown:2,5,8=21",
  task: "countdown",
  level: "n3",
  prompt: "8,5,2=21=",
  answer: "21",
}

const outcome = (response: string): string => {
  const verdict = Countdown.verify(problem, response)
  const rule = verdict._tag === "Correct" || verdict._tag === "Wrong" ? ` by ${verdict.rule}` : ""
  return `${verdict._tag}${rule}${Countdown.isLegal(problem, response) ? ", legal" : ""}`
}

test.each([
  ["\\boxed{2*8+5}", "Correct by exact-value, legal"],
  ["\\boxed{5+8*2}", "Correct by exact-value, legal"],
  ["\\boxed{1}\\boxed{5+2*8}", "Correct by exact-value, legal"],
  ["\\boxed{5+(2*8)}", "Correct by exact-value, legal"],
  ["\\boxed{2*5+8}", "Wrong by exact-value, legal"],
  ["\\boxed{(5+2)*8}", "Wrong by exact-value, legal"],
  ["\\boxed{21}", "Wrong by given-numbers"],
  ["\\boxed{8+8+5}", "Wrong by given-numbers"],
  ["\\boxed{2*8+5+5-5}", "Wrong by given-numbers"],
  ["\\boxed{28-5-2}", "Wrong by given-numbers"],
  ["\\boxed{-5+2*8}", "Wrong by given-numbers"],
  ["\\boxed{+5+2*8}", "Wrong by given-numbers"],
  ["\\boxed{2**8-5}", "Wrong by given-numbers"],
  ["\\boxed{8/2+5}", "Wrong by given-numbers"],
  ["\\boxed{2*8+5=21}", "Unparseable"],
  ["\\boxed{2*8+}", "Unparseable"],
  ["\\boxed{2*8+5", "Unparseable"],
  ["\\boxed{}", "Unparseable"],
  ["2*8+5", "Unparseable"],
  ["", "Unparseable"],
])("%j is %s", (response, expected) => {
  expect(outcome(response)).toBe(expected)
})

test("a prompt that is none makes every response Unparseable", () => {
  expect(Countdown.verify({ ...problem, prompt: "8,5,2" }, "\\boxed{2*8+5}")._tag).toBe("Unparseable")
})

test("19 tokens with <pad> and <eos>; 16 in a prompt, 14 in a response", () => {
  expect(Countdown.alphabet.length + 2).toBe(19)
  expect([Countdown.maxPromptTokens, Countdown.maxResponseTokens]).toEqual([16, 14])
})

test("a problem has the digits and the target of its level, and its id forgets their order", () =>
  fc.assert(
    fc.property(arb.countdownLevel, arb.seed, arb.kind, (level, seed, kind) => {
      const { prompt, id, answer } = Countdown.draw(level, seed, kind)
      const [numbers = [], target] = [
        prompt.split("=")[0]?.split(",").map(Number),
        Number(prompt.split("=")[1]),
      ]
      return (
        `n${numbers.length}` === level &&
        numbers.every((n) => n >= 2 && n <= 9) &&
        target >= 1 &&
        target <= 999 &&
        answer === `${target}` &&
        id === `countdown:${numbers.toSorted((a, b) => a - b).join(",")}=${target}`
      )
    }),
  ))

/** All chains of the numbers, as texts. */
const chains = (numbers: ReadonlyArray<number>): ReadonlyArray<string> =>
  numbers.length === 1
    ? numbers.map(String)
    : numbers.flatMap((number, i) =>
        chains(numbers.toSpliced(i, 1)).flatMap((rest) => ["+", "-", "*"].map((o) => `${number}${o}${rest}`)),
      )

/** Their values, one by one, through the parser. */
const valuesOfAllChains = (numbers: ReadonlyArray<number>): ReadonlySet<number> =>
  new Set(
    chains(numbers).map((chain) =>
      E.getOrElse(() => Number.NaN)(E.map(Rational.toNumber)(Parse.evaluate(chain))),
    ),
  )

test("the reachable targets are the values of all chains", () =>
  fc.assert(
    fc.property(arb.countdownNumbers, (numbers) => {
      const expected = [...valuesOfAllChains(numbers)]
        .filter((v) => v >= 1 && v <= 999)
        .toSorted((a, b) => a - b)
      return JSON.stringify(reachableTargets(numbers)) === JSON.stringify(expected)
    }),
    { numRuns: 40 },
  ))

/** The numbers that a prompt gives, and the targets that they reach. */
const reachable = (prompt: string): ReadonlyArray<number> =>
  reachableTargets((prompt.split("=")[0] ?? "").split(",").map(Number))

test("a rare problem can be solved", () =>
  fc.assert(
    fc.property(arb.countdownLevel, arb.seed, (level, seed) => {
      const { prompt, answer } = Countdown.draw(level, seed, "rare")
      return reachable(prompt).includes(Number(answer))
    }),
  ))

const times = <A>(n: number, draw: (seed: Seed.Seed) => A): ReadonlyArray<A> =>
  Array.from({ length: n }, (_, i) => draw(Seed.child(Seed.fromInteger(1), i)))

test("rare targets are uniform among the reachable ones, typical ones are not", () => {
  const draws = 400
  const meanRank = (kind: Kind): number =>
    times(draws, (seed) => {
      const { prompt, answer } = Countdown.draw("n5", seed, kind)
      const targets = reachable(prompt)
      return (targets.indexOf(Number(answer)) + 0.5) / targets.length / draws
    }).reduce((a, b) => a + b, 0)
  // Five standard deviations of the mean of uniform ranks; typical targets crowd among the small ones.
  const tolerance = 5 / Math.sqrt(12 * draws)
  expect(Math.abs(meanRank("rare") - 0.5)).toBeLessThan(tolerance)
  expect(meanRank("typical")).toBeLessThan(0.5 - tolerance)
})

const milliseconds = (work: () => void): number => {
  const start = performance.now()
  work()
  return performance.now() - start
}

test("a rare problem takes less than 50 ms, a demonstration less than 1 ms", () => {
  const [rare, demonstrations] = [50, 2000]
  expect(milliseconds(() => times(rare, (seed) => Countdown.draw("n6", seed, "rare"))) / rare).toBeLessThan(
    50,
  )
  expect(
    milliseconds(() => times(demonstrations, (seed) => Countdown.drawDemonstration("n6", seed, 0.2))) /
      demonstrations,
  ).toBeLessThan(1)
})
