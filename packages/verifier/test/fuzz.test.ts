/** A few thousand of the inputs that `scripts/verifier/fuzz.ts` tries by the million, without oracles. */
import { expect, test } from "vitest"
import { Options, Verdict, Verify } from "@rapo/verifier"
import { extremes, input, stream } from "./fuzz/inputs.ts"

/** The seed of the test runs, so that CI tries others: see scripts/seed.ts. */
const seed = Number(process.env["FC_SEED"] ?? 1)

/**
 * Slower than the 50 ms of the script, which has a core of its own and counts the best of three: here others share the core,
 * and what is watched for is a hang. Extremes are a fiftieth of the script's size, which is still past every budget but length.
 */
const hangMs = 2000

test("any text gets a verdict, and in time", () => {
  const horrors = extremes(0.02)
  const late: Array<string> = []
  for (let index = 0; index < 4000; index++) {
    const [gold, response] = input(stream(seed, index), index, [], horrors, 10)
    const start = performance.now()
    const verdict = Verify.verify(gold, response)
    if (Verdict.show(verdict) === "" || performance.now() - start > hangMs) late.push(`${index}: ${gold}`)
  }
  expect(late).toEqual([])
})

test("every extreme of full size gets a verdict, and in time", () => {
  const late = extremes(1).filter((text) => {
    const start = performance.now()
    Verify.verify("\\frac12", text)
    return performance.now() - start > hangMs
  })
  expect(late.map((text) => text.slice(0, 80))).toEqual([])
})

test("a verdict is a function of its inputs and of the fuel, not of the time", () => {
  for (let index = 0; index < 300; index++) {
    const [gold, response] = input(stream(seed, index), index, [], extremes(0.01), 20)
    const options = {
      ...Verify.defaultOptions,
      compare: { ...Options.defaults, fuel: Math.floor(10 ** (3 + (index % 4))) },
    }
    const [first, second] = [Verify.verify(gold, response, options), Verify.verify(gold, response, options)]
    expect(Verdict.show(first)).toBe(Verdict.show(second))
    // Less fuel may leave it open, but never turns a verdict.
    const full = Verify.verify(gold, response)
    const opposite = Verdict.isDecided(first) && Verdict.isDecided(full) && first._tag !== full._tag
    expect(opposite).toBe(false)
  }
})
