/**
 * Wright's ω, the Lambert function in the log domain: what a sum of a variable and its logarithm is solved by.
 *
 *     ω(x) + ln ω(x) = x,      ω(x) = W₀(eˣ)
 *
 * W₀(eˣ) itself would overflow at x = 710; ω is defined for every real x, and grows from eˣ (x → -∞) to x - ln x (x → ∞).
 *
 * Laws: ω + ln ω = x to a few ulp; ω increases; ω(1) = 1; dω/dx = ω/(1 + ω).
 *
 * Source: Corless & Jeffrey (2002), "The Wright ω function"; the iteration is that of Fritsch, Shafer & Crowley (1973),
 * Comm. ACM 16(2), whose error falls with the fourth power.
 */

// destructors

/**
 * ω(x).
 *
 * **Domain**   every double: ω(-∞) = 0, ω(∞) = ∞, and NaN is NaN; below -745 the result underflows, see `logOmega`.
 * **Numerics** ω + ln ω = x to 4 ulp of the largest of the three, for x from -700 to 1e300.
 *
 * ```ts import.meta.vitest
 * import { WrightOmega } from "@rapo/rapo"
 * WrightOmega.omega(1) // => 1
 * WrightOmega.omega(0) // ≈ 0.567143290409784
 * WrightOmega.omega(1e300) // => 1e300
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
export const omega = (x: number): number => {
  if (x <= firstNode) return Math.exp(x)
  if (!(x < lastNode)) return refine(x, start(x))
  const place = Math.round((x - firstNode) * nodesPerUnit)
  return omegaBeside(nodes[place] as number, x - (firstNode + place / nodesPerUnit))
}

/**
 * ln ω(x), which does not underflow: l + e^l = x.
 *
 * ```ts import.meta.vitest
 * import { WrightOmega } from "@rapo/rapo"
 * WrightOmega.logOmega(-1e6) // => -1e6
 * WrightOmega.logOmega(1) // => 0
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
export const logOmega = (x: number): number => {
  const w = omega(x)
  // By ω = x - ln ω where ω is small, so that no digits are lost.
  return w < 0.5 ? x - w : Math.log(w)
}

/**
 * ω(x + d) from w = ω(x), by Taylor's polynomial of degree 5: no logarithm, and no iteration.
 *
 *     ω⁽ⁿ⁾ = ω qₙ(ω) / (1+ω)²ⁿ⁻¹,   q₁ = q₂ = 1,   qₙ₊₁ = (1+ω)(qₙ + ω qₙ′) - (2n-1) ω qₙ
 *
 * **Numerics** relative error below d⁶/500 and a few ulp, for |d| <= 0.1.
 *
 * ```ts import.meta.vitest
 * import { WrightOmega } from "@rapo/rapo"
 * WrightOmega.omegaBeside(1, 0.01) - WrightOmega.omega(1.01) // ≈ 0.0000000
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
export const omegaBeside = (w: number, d: number): number => {
  const t = 1 / (1 + w)
  const step = d * t
  const h = step * t
  const [q3, q4, q5] = [1 - 2 * w, 1 + w * (6 * w - 8), 1 + w * (w * (58 - 24 * w) - 22)]
  return w + w * step * (1 + (h / 2) * (1 + (h / 3) * (q3 + (h / 4) * (q4 + (h / 5) * q5))))
}

// numerics

/** Where the iteration starts: at the two asymptotes, and between them. */
const start = (x: number): number => {
  if (x <= -2) return Math.exp(x)
  if (x <= 4) return Math.exp((2 * (x - 1)) / 3)
  const l = Math.log(x)
  return x - l + l / x
}

/** A relative residual r leaves an error of about r⁴ / 24: below this one, a step is the last that changes anything. */
const lastResidual = 1e-4

/** More than the starts need, which is three. */
const mostSteps = 8

const refine = (x: number, guess: number): number => {
  // x - ln x = x to the last digit
  if (x >= 1e18) return x
  let w = guess
  for (let step = 0; step < mostSteps; step++) {
    const residual = x - w - Math.log(w)
    const w1 = 1 + w
    const ratio = residual / w1
    const q = 2 * w1 * (w1 + (2 / 3) * residual)
    w *= 1 + (ratio * (q - residual)) / (q - 2 * residual)
    if (!(Math.abs(ratio) >= lastResidual)) break
  }
  return w
}

/** The table covers the arguments that are met: below it eˣ - e²ˣ = eˣ to the last digit, above it ω is a probability's thousandth part. */
const [firstNode, lastNode, nodesPerUnit] = [-38, 56, 128]

const nodes = Float64Array.from({ length: (lastNode - firstNode) * nodesPerUnit + 1 }, (_, i) => {
  const x = firstNode + i / nodesPerUnit
  return refine(x, start(x))
})
