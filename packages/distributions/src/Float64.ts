/**
 * `Real` over IEEE double precision numbers: the reference interpreter.
 *
 * The field laws hold up to rounding, and not at ±∞ or NaN.
 */
import * as N from "fp-ts/lib/number.js"
import type { Real as RealAlgebra } from "./Real.ts"

// instances

/**
 * ```ts import.meta.vitest
 * import { Float64 } from "@rapo/distributions"
 * Float64.Real.exp(Float64.Real.zero) // => 1
 * ```
 *
 * @category instances
 * @since 0.1.0
 */
export const Real: RealAlgebra<number> = {
  ...N.Field,
  degree: () => 1,
  mod: () => 0,
  of: (x) => x,
  exp: Math.exp,
  log: Math.log,
  sqrt: Math.sqrt,
  min: (a, b) => (a <= b ? a : b),
  max: (a, b) => (a >= b ? a : b),
  stopGradient: (a) => a,
}
