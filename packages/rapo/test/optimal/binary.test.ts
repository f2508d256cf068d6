import { Categorical } from "@rapo/distributions"
import * as fc from "fast-check"
import { expect, test } from "vitest"
import {
  MovingReference,
  Optimal,
  OptimalBinary,
  OptimalForward,
  OptimalReverse,
  Standardised,
} from "../../src/index.ts"
import * as arb from "../arbitraries/optimal.ts"

/** A closed form and a solver's root differ by some roundings of ln π, which is at most 700. */
const tolerance = 1e-12

/** A reference with mass q on the one correct of two outcomes. */
const binary = (q: number): Optimal.Problem =>
  arb.right(Optimal.problem(arb.right(Categorical.fromWeights([q, 1 - q])), [1, 0]))

const correct = (policy: Categorical.Categorical): number => Categorical.prob(policy, 0)
const forward = (q: number, alpha: number): number =>
  correct(arb.right(OptimalForward.optimum(binary(q), alpha)).policy)
const reverse = (q: number, alpha: number): number =>
  correct(arb.right(OptimalReverse.optimum(binary(q), alpha)).policy)

const near = (a: number, b: number): boolean => Math.abs(a - b) <= tolerance * Math.max(a, b)

/** q from 1e-300 to 1. */
const mass = fc.oneof(
  arb.double(-300, 0).map((e) => 10 ** e),
  arb.double(1e-3, 1),
)

const alphas = [0.1, 0.5, 1, 2]
const table: ReadonlyArray<{ q: number; forward: ReadonlyArray<number>; reverse: ReadonlyArray<number> }> = [
  {
    q: 0.5,
    forward: [0.95249, 0.80902, Math.SQRT1_2, 0.61803],
    reverse: [0.99996, 0.8808, 0.73106, 0.62246],
  },
  { q: 0.1, forward: [0.91098, 0.58541, 0.31623, 0.17082], reverse: [0.99959, 0.45085, 0.23197, 0.15483] },
  { q: 0.01, forward: [0.90111, 0.50981, 0.1, 0.01962], reverse: [0.99553, 0.06945, 0.02672, 0.01638] },
  { q: 1e-4, forward: [0.90001, 0.5001, 0.01, 2e-4], reverse: [0.68778, 7.38e-4, 2.72e-4, 1.65e-4] },
  { q: 1e-8, forward: [0.9, 0.5, 1e-4, 2e-8], reverse: [2.2e-4, 7.39e-8, 2.72e-8, 1.65e-8] },
]

/** The table has five decimals, or three significant digits where that is finer. */
const agrees = (printed: number, value: number): boolean =>
  Math.abs(printed - value) <= (printed < 1e-3 ? 0.006 * printed : 6e-6)

test("[T4] the closed forms and the solvers reproduce theory's table", () => {
  for (const { q, forward: fs, reverse: rs } of table) {
    alphas.forEach((alpha, i) => {
      for (const value of [OptimalBinary.forward(q, alpha), forward(q, alpha)])
        expect(agrees(fs[i] ?? NaN, value), `forward, q = ${q}, α = ${alpha}: ${value}`).toBe(true)
      for (const value of [OptimalBinary.reverse(q, alpha), reverse(q, alpha)])
        expect(agrees(rs[i] ?? NaN, value), `reverse, q = ${q}, α = ${alpha}: ${value}`).toBe(true)
    })
  }
})

test("[T4] the solvers agree with the closed forms for q from 1e-300 to 1, α from 1e-6 to 1e6", () => {
  fc.assert(
    fc.property(
      mass,
      arb.coefficient,
      (q, alpha) =>
        near(forward(q, alpha), OptimalBinary.forward(q, alpha)) &&
        near(reverse(q, alpha), OptimalBinary.reverse(q, alpha)),
    ),
    { numRuns: 500 },
  )
})

test("[T4] the limits as q vanishes", () => {
  const q = 1e-300
  expect(OptimalBinary.forward(q, 0.25)).toBeCloseTo(0.75, 12)
  expect(OptimalBinary.forward(q, 1) / Math.sqrt(q)).toBeCloseTo(1, 12)
  expect(OptimalBinary.forward(q, 4) / q).toBeCloseTo(4 / 3, 12)
  expect(OptimalBinary.reverse(q, 1) / q).toBeCloseTo(Math.E, 12)
})

test("[T4] forward is at least the reference and at least 1 - α", () => {
  fc.assert(
    fc.property(arb.double(0, 1), arb.coefficient, (q, alpha) => {
      const Q = OptimalBinary.forward(q, alpha)
      return Q <= 1 + tolerance && Q >= Math.max(q, 1 - alpha) * (1 - tolerance)
    }),
  )
})

test("[T6] the closed form is the fixed point of σ ↦ optimum at α σ, for binary rewards", () => {
  fc.assert(
    fc.property(arb.double(0.001, 0.999), arb.mildCoefficient, (q, alpha) => {
      const Q = Standardised.binary(q, alpha)
      const sigma = Math.sqrt(Q * (1 - Q))
      const found = correct(arb.right(Standardised.fixedPoint(binary(q), alpha)))
      // 1 - Q may be small: what is compared with 1 loses digits there
      return (
        Math.abs(Q * (1 - Q) - (alpha * (Q - q)) ** 2) <= tolerance * (1 + alpha * alpha) &&
        Math.abs(Q - sigma / alpha - q) <= 1e-7 * (1 + 1 / alpha) &&
        Math.abs(found - Q) <= 1e-9
      )
    }),
  )
})

test("[T6] a rare success ends at 1/(1+α²) for every α", () => {
  for (const alpha of [0.3, 1, 2, 5])
    expect(Standardised.binary(1e-12, alpha)).toBeCloseTo(1 / (1 + alpha * alpha), 9)
})

test("[T6] the trainer's own iteration arrives at the closed form", () => {
  for (const { q, alpha } of [
    { q: 0.1, alpha: 0.5 },
    { q: 0.02, alpha: 2 },
    { q: 0.3, alpha: 5 },
  ]) {
    let policy = binary(q).reference
    for (let i = 0; i < 2000; i++) policy = arb.right(Standardised.step(binary(q), alpha, policy)).policy
    expect(correct(policy)).toBeCloseTo(Standardised.binary(q, alpha), 9)
  }
})

const moving = (
  optimum: typeof OptimalForward.optimum | typeof OptimalReverse.optimum,
  q: number,
  alpha: number,
  steps: number,
): ReadonlyArray<number> =>
  arb.right(MovingReference.policies((p) => optimum(p, alpha))(binary(q), steps)).map(correct)

test("[T7] a moving reference from q = 1e-4 with α = ½ reproduces theory's sequences", () => {
  const [, ...forwards] = moving(OptimalForward.optimum, 1e-4, 0.5, 3)
  const [, ...reverses] = moving(OptimalReverse.optimum, 1e-4, 0.5, 4)
  ;[0.5, 0.81, 0.93].forEach((Q, i) => expect(Math.abs((forwards[i] ?? NaN) - Q)).toBeLessThan(0.005))
  ;[7.4e-4, 5.4e-3, 0.039, 0.23].forEach((Q, i) =>
    expect(Math.abs((reverses[i] ?? NaN) / Q - 1)).toBeLessThan(0.03),
  )
})

test("[T7] the gain of a step at small q is α/(α-1) forward and e^{1/α} reverse", () => {
  fc.assert(
    fc.property(arb.double(1.1, 10), arb.double(-250, -100), (alpha, e) => {
      const q = 10 ** e
      const [, f] = moving(OptimalForward.optimum, q, alpha, 1)
      const [, r] = moving(OptimalReverse.optimum, q, alpha, 1)
      return near((f ?? NaN) / q, alpha / (alpha - 1)) && near((r ?? NaN) / q, Math.exp(1 / alpha))
    }),
  )
})

test("[T7] from q = 0 reverse KL never leaves, and forward KL leaves if and only if α < 1", () => {
  fc.assert(
    fc.property(arb.coefficient, (alpha) => {
      const last = (steps: ReadonlyArray<number>): number => steps.at(-1) ?? NaN
      return (
        last(moving(OptimalReverse.optimum, 0, alpha, 5)) === 0 &&
        last(moving(OptimalForward.optimum, 0, alpha, 5)) > 0 === alpha < 1
      )
    }),
  )
})

test("[T8] pass@k of the forward optimum is at least 1 - α^k and the reference's; of the reverse, 0 at q = 0", () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.constant(0), mass),
      arb.double(1e-3, 0.999),
      fc.integer({ min: 1, max: 10_000 }),
      (q, alpha, k) => {
        const pass = OptimalBinary.passAtK(forward(q, alpha), k)
        return (
          pass >= (1 - alpha ** k) * (1 - tolerance) - k * tolerance &&
          pass >= OptimalBinary.passAtK(q, k) * (1 - tolerance) &&
          OptimalBinary.passAtK(reverse(0, alpha), k) === 0
        )
      },
    ),
  )
})

test("[T8] pass@k is never below the reference's under forward KL, whatever α", () => {
  fc.assert(
    fc.property(
      mass,
      arb.coefficient,
      fc.integer({ min: 1, max: 1000 }),
      (q, alpha, k) =>
        OptimalBinary.passAtK(forward(q, alpha), k) >= OptimalBinary.passAtK(q, k) * (1 - 10 * tolerance),
    ),
  )
})
