import { scaledExcess } from "../internal/Exponential.ts"
import type { FDivergence } from "./Model.ts"

// instances

/**
 * The Kullback–Leibler divergence KL(p ‖ q), with the generator that is nowhere negative.
 *
 *     f(t) = t ln t − t + 1,   f′(t) = ln t,   f*(s) = eˢ − 1
 *
 * With t ln t alone the sum over distributions is the same; with this generator every single term is ≥ 0, and near p = q
 * nothing cancels: q f(p/q) = p g(ln q/p) with g(x) = eˣ − 1 − x.
 *
 * **Source** Csiszár (1967); Cover & Thomas (2006), section 2.3.
 *
 * @category instances
 * @since 0.1.0
 */
export const kl: FDivergence = {
  name: "KL",
  generator: (R) => (t) => R.add(R.sub(R.mul(t, R.log(t)), t), R.one),
  derivative: Math.log,
  atZero: 1,
  slopeAtInfinity: Infinity,
  conjugate: Math.expm1,
  conjugateDerivative: Math.exp,
  strictlyConvex: true,
  term: (lnP, lnQ) => scaledExcess(lnP, lnQ - lnP),
}
