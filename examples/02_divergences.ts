/**
 * 02: what a KL estimator's value estimates is one thing, what its gradient descends is another.
 *
 * Reference p, policy π = softmax(z), samples from π. All is exact: a mean over samples is a sum over outcomes, and
 * derivatives by z₀ come from dual numbers, the sample held fixed, as automatic differentiation of a loss has them.
 */
import { Categorical, Dual, Real, Softmax } from "@rapo/distributions"
import { Estimator, KL } from "@rapo/divergences"
import * as E from "fp-ts/lib/Either.js"

const R = Dual.Real
const p = [0.7, 0.2, 0.1].map(R.of)
const logits = [0.1, 1.2, -0.4]
const lnPi = Softmax.logProbs(R)(logits.map((z, i) => (i === 0 ? Dual.variable(z) : Dual.constant(z))))
const pi = lnPi.map(R.exp)
const lnRatio = lnPi.map((l, i) => R.sub(R.log(p[i] ?? R.zero), l))
const mean = (w: ReadonlyArray<Dual.Dual>, values: ReadonlyArray<Dual.Dual>): Dual.Dual =>
  Real.sum(R)(values.map((value, i) => R.mul(w[i] ?? R.zero, value)))
const show = ({ value, derivative }: Dual.Dual): string =>
  `value ${value.toFixed(4)}  gradient ${derivative.toFixed(4).padStart(7)}`

const candidates = {
  forward: mean(p, lnRatio),
  reverse: mean(pi, lnRatio.map(Real.neg(R))),
  "half-squared-log-ratio": mean(p, lnRatio.map(Estimator.k2(R))),
}
for (const [name, divergence] of Object.entries(candidates)) console.log(name.padEnd(23), show(divergence))

const [reference, policy] = [Categorical.fromProbabilities([0.7, 0.2, 0.1]), Categorical.fromLogits(logits)]
if (E.isRight(reference) && E.isRight(policy))
  console.log("KL.forward agrees:", KL.forward(reference.right, policy.right))

console.log("\nlosses, averaged over samples of π")
for (const [name, loss] of Object.entries(Estimator.losses)) {
  const samples = lnRatio.map((l, i) =>
    loss(R)(R.sub(lnPi[i] ?? R.zero, R.stopGradient(lnPi[i] ?? R.zero)), l),
  )
  console.log(name.padEnd(23), show(mean(pi.map(R.stopGradient), samples)))
}

/* Prints
forward                 value 0.5566  gradient -0.4831
reverse                 value 0.5515  gradient -0.3737
half-squared-log-ratio  value 0.6238  gradient -0.6995
KL.forward agrees: { _tag: 'Right', right: 0.5565604174850476 }

losses, averaged over samples of π
rkl-k1-reward           value 0.5515  gradient -0.3737
rkl-k2-loss             value 0.6083  gradient -0.3737
k3-naive                value 0.5515  gradient -0.4831
k3-weighted             value 0.5515  gradient -0.3737
fkl-naive               value 0.5566  gradient -0.6995
fkl-weighted            value 0.5566  gradient -0.4831
*/
