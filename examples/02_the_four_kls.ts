/**
 * 02: what a KL estimator's value estimates is one thing, what its gradient descends is another, its noise a third.
 *
 * Reference p, policy π, samples from π. All is exact: a mean over samples is a sum over outcomes, and derivatives come
 * from dual numbers. Drawn to `runs/examples/` or the path given: bias and deviation of a sample as π leaves p.
 */
import { Categorical } from "@rapo/distributions"
import { Estimator, Expected, FDivergence, LogitGradient } from "@rapo/divergences"
import * as E from "fp-ts/lib/Either.js"
import { plot } from "./support/plot.ts"

const get = E.getOrElseW((error) => {
  throw new Error(JSON.stringify(error))
})
const p = get(Categorical.fromProbabilities([0.7, 0.2, 0.1]))
const logits = [0.1, 1.2, -0.4]
const pi = get(Categorical.fromLogits(logits))
const show = (name: string, value: number, gradient: ReadonlyArray<number>): void =>
  console.log(name.padEnd(13), value.toFixed(4), " gradient", gradient.map((g) => g.toFixed(4)).join(" "))

for (const [name, d] of Object.entries({ forward: FDivergence.kl, reverse: FDivergence.reverseKl }))
  show(name, get(FDivergence.divergence(d)(p, pi)), get(LogitGradient.inSecond(d)(p, logits)))

console.log("\nlosses, averaged over samples of π")
const names = Object.keys(Estimator.losses) as ReadonlyArray<Estimator.EstimatorName>
for (const name of names) {
  const { value, gradient } = get(Expected.moments(Estimator.losses[name])(p, pi))
  show(name, value, gradient)
}

const values = Array.from({ length: 61 }, (_, i) => i / 15).flatMap((distance) => {
  const far = get(Categorical.tilt(p, (y) => [-distance, 0, distance][y] ?? 0))
  return (["rkl-k1-reward", "rkl-k2-loss", "k3-naive", "fkl-naive"] as const).flatMap((name) => {
    const deviation = get(Expected.moments(Estimator.losses[name])(p, far)).variance ** 0.5
    return Object.entries({ bias: get(Expected.bias(name)(p, far)), deviation }).map(([what, nats]) => {
      return { distance, name, what, nats }
    })
  })
})
await plot("02_the_four_kls", {
  data: { values },
  facet: { column: { field: "what", title: null } },
  spec: {
    mark: "line",
    encoding: {
      x: { field: "distance", type: "quantitative", title: "tilt of π from p" },
      y: { field: "nats", type: "quantitative", scale: { type: "symlog", constant: 0.1 } },
      color: { field: "name", title: null },
    },
  },
  resolve: { scale: { y: "independent" } },
})

/* Prints
forward       0.5566  gradient -0.4831 0.4516 0.0315
reverse       0.5515  gradient -0.3737 0.4102 -0.0365

losses, averaged over samples of π
rkl-k1-reward 0.5515  gradient -0.3737 0.4102 -0.0365
rkl-k2-loss   0.6083  gradient -0.3737 0.4102 -0.0365
k3-naive      0.5515  gradient -0.4831 0.4516 0.0315
k3-weighted   0.5515  gradient -0.3737 0.4102 -0.0365
fkl-naive     0.5566  gradient -0.6995 0.5988 0.1006
fkl-weighted  0.5566  gradient -0.4831 0.4516 0.0315
wrote runs/examples/02_the_four_kls.svg
*/
