/**
 * The ends of conjugates and of their derivatives: where optimal policies leave the support, and where mutants hide from
 * laws that hold inside the domain.
 */
import { Float64 } from "@rapo/distributions"
import { describe, expect, test } from "vitest"
import { family } from "./arbitraries.ts"

/** t from 1e-9 to 1e9: fine enough that a supremum over it misses the true one by a relative 1e-5 at most. */
const grid = Array.from({ length: 20_001 }, (_, i) => 10 ** (-9 + (18 * i) / 20_000))

/** Inside the domain of f*, s at which the supremum is attained well inside the grid. */
const slopes = [-3, -1, -0.6, -0.5, -0.3, -0.1, 0, 0.1, 0.3, 0.34, 0.5, 0.9, 1]

describe.each(family)("the conjugate of %s", (_, d) => {
  const f = d.generator(Float64.Real)
  const inside = slopes.filter((s) => s < d.slopeAtInfinity * (1 - 1e-3))

  test("[F8] is the supremum of st − f(t) over t ≥ 0", () => {
    for (const s of inside) {
      const atZero = d.atZero === Infinity ? -Infinity : -d.atZero
      const supremum = grid.reduce((most, t) => Math.max(most, s * t - f(t)), atZero)
      expect(Math.abs(d.conjugate(s) - supremum), `s = ${s}`).toBeLessThanOrEqual(
        1e-4 * (1 + Math.abs(supremum)),
      )
    }
  })

  test("[F8] is attained at its derivative, which is 0 below the range of f′", () => {
    for (const s of inside) {
      const t = d.conjugateDerivative(s)
      expect(t, `s = ${s}`).toBeGreaterThanOrEqual(0)
      const value = t === 0 ? -d.atZero : s * t - f(t)
      expect(Math.abs(d.conjugate(s) - value), `s = ${s}, t = ${t}`).toBeLessThanOrEqual(
        1e-9 * (1 + Math.abs(value)),
      )
      // f′(0+) is −∞, or it is reached to 0.01 at 1e-9
      if (s < d.derivative(1e-9) - 0.01) expect(t, `s = ${s}`).toBe(0)
    }
  })

  test("is +∞ above the slope at infinity, where nothing attains it", () => {
    for (const beyond of [1e-6, 0.1, 1, 10]) {
      const s = d.slopeAtInfinity + beyond
      expect(d.conjugate(s), `s = ${s}`).toBe(Infinity)
      expect(d.conjugateDerivative(s), `s = ${s}`).toBe(Infinity)
    }
  })

  test("up to the slope at infinity it increases", () => {
    const last = d.slopeAtInfinity === Infinity ? 700 : d.slopeAtInfinity
    const values = [...inside, last * (1 - 1e-6), last].map((s) => d.conjugate(s))
    expect(values.every((value, i) => value >= (values[i - 1] ?? -Infinity))).toBe(true)
  })

  test("strictly convex is what has its chord above its graph", () => {
    const chord = [0.2, 0.6].map((t) => f(t))
    const above = ((chord[0] ?? NaN) + (chord[1] ?? NaN)) / 2 - f(0.4) > 1e-6
    expect(d.strictlyConvex).toBe(above)
  })
})
