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
  return (["rkl-k1-reward", "rkl-k2-loss", "k3-naive", "fkl-naive"] as const).flatMap((name) => [
    { distance, name, what: "bias", nats: get(Expected.bias(name)(p, far)) },
    {
      distance,
      name,
      what: "deviation",
      nats: get(Expected.moments(Estimator.losses[name])(p, far)).variance ** 0.5,
    },
  ])
})
await plot("02_the_four_kls", {
  data: { values },
  facet: { column: { field: "what", title: null } },
  spec: {
    mark: "line",
    encoding: {
      x: { field: "distance", type: "quantitative", title: "tilt of π from p" },
      y: { field: "nats", type: "quantitative" },
      color: { field: "name", title: null },
    },
  },
  resolve: { scale: { y: "independent" } },
})

/* Prints
 */
