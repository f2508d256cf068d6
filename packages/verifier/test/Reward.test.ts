/** Rewards: their laws, and the values of the papers that they come from. */
import * as fc from "fast-check"
import * as E from "fp-ts/lib/Either.js"
import { expect, test } from "vitest"
import { Laws, Reward, Verdict, Verify } from "@rapo/verifier"
import { mathematicalText } from "./arbitraries.ts"

const worth = fc.double({ min: -10, max: 10, noNaN: true })
const parts = fc.array(fc.tuple(worth, worth), { maxLength: 6 })
const length = fc.integer({ min: 0, max: 50_000 })

test("a weighted sum is linear, and empty it is 0", () =>
  fc.assert(fc.property(parts, parts, worth, Laws.weightedIsLinear)))

test("a form is worth 0 or 1, whatever the text", () =>
  fc.assert(fc.property(fc.oneof(mathematicalText, fc.string()), Laws.formIsZeroOrOne)))

test("prose around a response does not change whether it has one box", () =>
  fc.assert(fc.property(fc.string(), mathematicalText, fc.string(), Laws.proseKeepsOneBox)))

test("the punishment of length falls from 0 to -1", () =>
  fc.assert(fc.property(length, fc.integer({ min: -5, max: 50_000 }), length, length, Laws.overlongFalls)))

test("the cosine goes from one value to the other without turning back", () =>
  fc.assert(
    fc.property(fc.integer({ min: -5, max: 50_000 }), worth, worth, length, length, Laws.cosineIsMonotone),
  ))

test("only Correct is rewarded", () => {
  const verdicts: ReadonlyArray<Verdict.Verdict> = [
    Verify.verify("1/2", "\\boxed{0.5}"),
    Verify.verify("1/2", "\\boxed{0.4}"),
    Verify.verify("1/2", "no idea"),
    Verdict.timedOut({ _tag: "TooDeep", position: 0, bound: 1 }),
  ]
  expect(verdicts.map(({ _tag }) => _tag)).toEqual(["Correct", "Wrong", "Unparseable", "TimedOut"])
  expect(verdicts.map(Reward.correctness)).toEqual([1, 0, 0, 0])
  expect(verdicts.map(Reward.signedCorrectness)).toEqual([1, -1, -1, -1])
})

test.each([
  ["\\boxed{1}", 1],
  ["\\fbox {1}", 1],
  ["put it in \\boxed{}: \\boxed{\\frac{1}{2}}", 1],
  ["a set { and \\boxed{1}", 1],
  ["\\boxed{1}}", 1],
  ["no box", 0],
  ["\\boxed{ }", 0],
  ["\\boxed{1} \\boxed{1}", 0],
  ["\\boxed{\\boxed{1}}", 0],
  ["\\boxed{1", 0],
  ["\\boxed{1} \\boxed{", 0],
  ["\\boxed{\\}", 0],
])("%s has the form of one box: %i", (response, expected) => expect(Reward.oneBox(response)).toBe(expected))

test.each([
  ["<think>a</think><answer>b</answer>", 1],
  [" <think></think>\n<answer></answer>\n", 1],
  ["<think>a</think> so <answer>b</answer>", 0],
  ["<answer>b</answer><think>a</think>", 0],
  ["<think>a<think>b</think><answer>c</answer>", 0],
  ["<think>a</think><answer>b</answer><answer>c</answer>", 0],
  ["<think>a</think><answer>b", 0],
  ["", 0],
])("%j has the form of thoughts and an answer: %i", (response, expected) =>
  expect(Reward.thinkThenAnswer(response)).toBe(expected),
)

test("DAPO's numbers: 20480 tokens, of which 4096 are the buffer", () => {
  const reward = Reward.overlong(20_480, 4096)
  if (E.isLeft(reward)) throw new Error(Reward.showError(reward.left))
  expect([16_384, 18_432, 20_480, 20_481].map(reward.right)).toEqual([0, -0.5, -1, -1])
})

test("a bonus for brevity only for right answers", () => {
  const brief = Reward.cosine(100, { short: 1, long: 0 })
  if (E.isLeft(brief)) throw new Error(Reward.showError(brief.left))
  interface Judged {
    readonly right: boolean
    readonly length: number
  }
  const reward = Reward.gated<Judged>(
    ({ right }) => right,
    0,
  )(Reward.contramap(({ length: tokens }: Judged) => tokens)(brief.right))
  expect(reward({ right: true, length: 50 })).toBeCloseTo(0.5, 12)
  expect(reward({ right: false, length: 0 })).toBe(0)
})

test("lengths that make no shape are refused in words", () => {
  const refusals = [Reward.overlong(Infinity, 1), Reward.overlong(10, 0), Reward.overlong(10, 11)]
  expect(refusals.map((refused) => (E.isLeft(refused) ? Reward.showError(refused.left) : ""))).toEqual([
    "the limit is Infinity, and should be a finite number above 0",
    "the buffer is 0, and should be above 0 and at most the limit",
    "the buffer is 11, and should be above 0 and at most the limit",
  ])
  expect(E.isLeft(Reward.cosine(0, { short: 1, long: 0 }))).toBe(true)
})
