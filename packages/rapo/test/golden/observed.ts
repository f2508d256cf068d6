/** What a surrogate sees of other frameworks' inputs: rows of numbers, off-policy, without reference or demonstrations. */
import type { Real } from "@rapo/distributions"
import type { Observed, Tokenwise } from "../../src/index.ts"

type Rows<A> = Tokenwise.Rows<A>

export const observedOf =
  <A>(W: Tokenwise.Tokenwise<Rows<A>>) =>
  (
    logProb: Rows<A>,
    logWeight: Rows<A>,
    advantage: Rows<A>,
    logCorrection?: Rows<A>,
  ): Observed.Observed<Rows<A>> => ({
    isOnPolicy: false,
    logProb,
    logWeight,
    logCorrection,
    meanLogWeight: () => W.zero,
    advantage,
    klWeight: undefined,
    isDemonstration: undefined,
    partition: () => W.zero,
    logRatio: () => W.zero,
    divergence: () => W.zero,
  })

/** Constants. */
export const constants =
  <A>(R: Real.Real<A>) =>
  (rows: Rows<number>): Rows<A> =>
    rows.map((row) => row.map(R.of))
