/** The sum that defines an f-divergence, over log-probabilities. */
import { Float64, LogSpace } from "@rapo/distributions"
import type { FDivergence } from "../f/Model.ts"

/** Σ q f(p/q) with its limits, from the log-probabilities of two distributions over the same outcomes. */
export const sumOfTerms =
  (d: FDivergence) =>
  (lnP: ReadonlyArray<number>, lnQ: ReadonlyArray<number>): number =>
    Math.max(0, LogSpace.sum(lnP.map((l, i) => termOf(d)(l, lnQ[i] ?? NaN))))

/** q f(p/q) with its limits, from logarithms that may be −∞. */
const termOf =
  (d: FDivergence) =>
  (lnP: number, lnQ: number): number => {
    if (lnP === -Infinity) return lnQ === -Infinity ? 0 : weigh(lnQ, d.atZero)
    if (lnQ === -Infinity) return weigh(lnP, d.slopeAtInfinity)
    return (d.term ?? plainTerm(d))(lnP, lnQ)
  }

/** e^{l} times a limit that may be +∞: an outcome that is possible is not made impossible by underflow. */
const weigh = (l: number, limit: number): number => (limit === Infinity ? Infinity : Math.exp(l) * limit)

const plainTerm =
  (d: FDivergence) =>
  (lnP: number, lnQ: number): number => {
    const t = Math.exp(lnP - lnQ)
    return t === Infinity
      ? weigh(lnP, d.slopeAtInfinity)
      : LogSpace.timesLog(Math.exp(lnQ), d.generator(Float64.Real)(t === 0 ? Number.MIN_VALUE : t))
  }
