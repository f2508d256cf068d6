/** Entropy, KL and mean of one token's distribution over any `Real`: the reference of the vocabulary kernels. */
import { Real } from "@rapo/distributions"
import { at } from "./at.ts"

export const entropy =
  <A>(R: Real.Real<A>) =>
  (logProbs: ReadonlyArray<A>): A =>
    Real.neg(R)(Real.sum(R)(logProbs.map((logProb) => R.mul(R.exp(logProb), logProb))))

export const forwardKL =
  <A>(R: Real.Real<A>) =>
  (reference: ReadonlyArray<number>, logProbs: ReadonlyArray<A>): A =>
    Real.sum(R)(reference.map((logP, v) => R.mul(R.of(Math.exp(logP)), R.sub(R.of(logP), at(logProbs, v)))))

export const reverseKL =
  <A>(R: Real.Real<A>) =>
  (reference: ReadonlyArray<number>, logProbs: ReadonlyArray<A>): A =>
    Real.sum(R)(reference.map((logP, v) => R.mul(R.exp(at(logProbs, v)), R.sub(at(logProbs, v), R.of(logP)))))

export const mean =
  <A>(R: Real.Real<A>) =>
  (logProbs: ReadonlyArray<A>): A =>
    R.div(Real.sum(R)(logProbs), R.of(logProbs.length))
