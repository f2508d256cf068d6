import { Float64 } from "@rapo/distributions"
import * as fc from "fast-check"
import { expect, test } from "vitest"
import { Laws, Shaping } from "../src/index.ts"
import * as arb from "./arbitraries.ts"

const strength = fc.double({ min: 0, max: 3, noNaN: true })
const base = fc.double({ min: 1.00001, max: 3, noNaN: true })
const excess = fc.integer({ min: -4000, max: 4000 })

test("[A13] over-confidence only punishes wrong answers, the more the more confident, and not at a = 0", () => {
  fc.assert(fc.property(strength, arb.eighths, arb.logRatio, arb.logRatio, Laws.overConfidenceOnlyPunishes))
})

test("[A13] softplus does not overflow: a confidence of 1,000 nats counts 1,000", () => {
  expect(Shaping.overConfident(Float64.Real)(1, -1, 1000)).toBe(-1001)
  expect(Shaping.overConfident(Float64.Real)(1, -1, -1000)).toBe(-1)
})

test("[A15] being long multiplies by 1 to 2, the more the longer", () => {
  fc.assert(fc.property(base, excess, excess, Laws.longWrongOnlyGrows))
})
