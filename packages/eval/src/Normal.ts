/**
 * The normal and Student's t distribution, as far as intervals need them.
 *
 *     Φ(x) = 1/2 + φ(x) Σ_i x^(2i+1)/(1·3·5···(2i+1)),     A(t|ν) = P(|T_ν| <= t), a finite sum for whole ν
 *
 * **Laws** (`Laws.ts`)
 * 1. Φ rises from 0 to 1, and Φ(-x) = 1 - Φ(x).
 * 2. P(|T_ν| <= t) at its quantile is the level; the quantile falls with ν to that of the normal.
 *
 * **Source**  Marsaglia (2004), Evaluating the Normal Distribution, J. Stat. Softw. 11(4); Abramowitz & Stegun (1964), 26.7.3-4.
 */

// destructors

/**
 * P(Z <= x) of a standard normal.
 *
 * **Numerics** float64; absolute error below 1e-14; 0 and 1 beyond ±8.
 *
 * ```ts import.meta.vitest
 * import { Normal } from "@rapo/eval"
 * Normal.cdf(0) // => 0.5
 * Normal.cdf(1.959963984540054) // ≈ 0.975
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
export const cdf = (x: number): number => {
  if (!(Math.abs(x) <= beyond)) return x > 0 ? 1 : x < 0 ? 0 : Number.NaN
  let term = x
  let sum = x
  for (let i = 3; sum !== sum + term; i += 2) {
    term *= (x * x) / i
    sum += term
  }
  return Math.min(1, Math.max(0, 0.5 + (sum * Math.exp(-(x * x) / 2)) / Math.sqrt(2 * Math.PI)))
}

/**
 * The t with P(|T_ν| <= t) = level: how many standard errors a central interval of a mean has on each side.
 *
 * **Domain**   0 < level < 1; ν a whole number >= 1. Beyond ν = 10,000 the normal's, which is then within 1e-3.
 *
 * ```ts import.meta.vitest
 * import { Normal } from "@rapo/eval"
 * Normal.studentQuantile(29, 0.95) // ≈ 2.04523
 * Normal.studentQuantile(1, 0.95) // ≈ 12.7062
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
export const studentQuantile = (freedom: number, level: number): number => {
  const within = freedom > mostFreedom ? normalWithin : studentWithin(freedom)
  let low = 0
  let high = 1
  while (within(high) < level && high < Number.MAX_SAFE_INTEGER) high *= 2
  for (;;) {
    const middle = (low + high) / 2
    if (!(low < middle && middle < high)) return middle
    if (within(middle) < level) low = middle
    else high = middle
  }
}

/**
 * P(|T_ν| <= t), by its finite sum of powers of cos θ, tan θ = t/√ν.
 *
 * @category destructors
 * @since 0.1.0
 */
export const studentWithin =
  (freedom: number) =>
  (t: number): number => {
    const angle = Math.atan(t / Math.sqrt(freedom))
    const [sine, square] = [Math.sin(angle), Math.cos(angle) ** 2]
    const isEven = freedom % 2 === 0
    let term = isEven ? sine : sine * Math.cos(angle)
    let sum = freedom === 1 ? 0 : term
    for (let i = isEven ? 2 : 3; i <= freedom - 2; i += 2) {
      term *= (square * (i - 1)) / i
      sum += term
    }
    return isEven ? sum : (2 / Math.PI) * (angle + sum)
  }

// numerics

/** The series loses digits beyond, where Φ differs from 0 and 1 by less than 1e-15. */
const beyond = 8

const mostFreedom = 10_000

const normalWithin = (z: number): number => 2 * cdf(z) - 1
