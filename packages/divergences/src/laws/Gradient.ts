/** Closed-form gradients in logits against dual numbers (F9). */
import { Dual, LogSpace, Real, Softmax } from "@rapo/distributions"
import type { Categorical } from "@rapo/distributions"
import type { Eq } from "fp-ts/lib/Eq.js"
import type { FDivergence } from "../FDivergence.ts"
import { closeVectors, orNone } from "../internal/Relation.ts"
import { inFirst, inSecond } from "../LogitGradient.ts"
import type { Order } from "../Renyi.ts"
import * as Renyi from "../Renyi.ts"

const R = Dual.Real

type Logs = ReadonlyArray<Dual.Dual>

const constants = (xs: ReadonlyArray<number>): Logs => xs.map(R.of)

const termwise =
  (term: (lnP: Dual.Dual, lnQ: Dual.Dual) => Dual.Dual) =>
  (lnP: Logs, lnQ: Logs): Dual.Dual =>
    Real.sum(R)(lnP.map((l, i) => term(l, lnQ[i] ?? R.zero)))

/** Σ q f(p/q), from the definition. */
const definition = (d: FDivergence): ((lnP: Logs, lnQ: Logs) => Dual.Dual) =>
  termwise((lnP, lnQ) => R.mul(R.exp(lnQ), d.generator(R)(R.exp(R.sub(lnP, lnQ)))))

/** ln(Σ p^a q^{1−a})/(a − 1), from the definition, for a ≠ 1. */
const renyiDefinition =
  (a: number) =>
  (lnP: Logs, lnQ: Logs): Dual.Dual =>
    R.div(
      R.log(termwise((l, m) => R.exp(R.add(R.mul(R.of(a), l), R.mul(R.of(1 - a), m))))(lnP, lnQ)),
      R.of(a - 1),
    )

const softmaxGradient = (
  value: (lnPi: Logs) => Dual.Dual,
  logits: ReadonlyArray<number>,
): ReadonlyArray<number> => Dual.gradient((zs) => value(Softmax.logProbs(R)(zs)))(logits)

/** Entries that add up to 0, relative to the largest. */
const sumsToZero = (S: Eq<number>, gradient: ReadonlyArray<number>): boolean =>
  S.equals(0, LogSpace.sum(gradient) / Math.max(1, ...gradient.map(Math.abs)))

/** ∇_z D_f(softmax z ‖ q) is the derivative of the definition, and its entries sum to 0. */
export const gradientInFirst =
  (S: Eq<number>) =>
  (d: FDivergence) =>
  (logits: ReadonlyArray<number>, q: Categorical.Categorical): boolean => {
    const closed = orNone(inFirst(d)(logits, q))
    const exact = softmaxGradient((lnPi) => definition(d)(lnPi, constants(q.logProbs)), logits)
    return closeVectors(S)(closed, exact) && sumsToZero(S, closed)
  }

/** ∇_z D_f(p ‖ softmax z) is the derivative of the definition, and its entries sum to 0. */
export const gradientInSecond =
  (S: Eq<number>) =>
  (d: FDivergence) =>
  (p: Categorical.Categorical, logits: ReadonlyArray<number>): boolean => {
    const closed = orNone(inSecond(d)(p, logits))
    const exact = softmaxGradient((lnPi) => definition(d)(constants(p.logProbs), lnPi), logits)
    return closeVectors(S)(closed, exact) && sumsToZero(S, closed)
  }

/** Both gradients of Rényi's divergence are the derivatives of its definition. */
export const renyiGradients =
  (S: Eq<number>) =>
  (a: Order) =>
  (p: Categorical.Categorical, logits: ReadonlyArray<number>): boolean => {
    const value = renyiDefinition(a)
    const fixed = constants(p.logProbs)
    return (
      closeVectors(S)(
        orNone(Renyi.gradientInFirst(a)(logits, p)),
        softmaxGradient((lnPi) => value(lnPi, fixed), logits),
      ) &&
      closeVectors(S)(
        orNone(Renyi.gradientInSecond(a)(p, logits)),
        softmaxGradient((lnPi) => value(fixed, lnPi), logits),
      )
    )
  }
