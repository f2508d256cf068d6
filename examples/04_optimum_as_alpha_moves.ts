/**
 * 04: where the optimum goes as α falls: reference, reward and both optima, drawn to `runs/examples/` or the path given.
 *
 * The right hill earns most, and the reference hardly knows it: the reverse optimum needs e^{r/α} to make up for a
 * small p; the forward optimum, αp/(λ − r), has no such debt. Its spike leaves the picture.
 */
import { Categorical } from "@rapo/distributions"
import { Optimal, OptimalForward, OptimalReverse } from "@rapo/rapo"
import * as E from "fp-ts/lib/Either.js"
import { pipe } from "fp-ts/lib/function.js"
import { plot } from "./support/plot.ts"

const xs = Array.from({ length: 81 }, (_, i) => (i - 40) / 10)
const hill = (x: number, centre: number, width: number): number =>
  Math.exp(-(((x - centre) / width) ** 2) / 2)
const rewards = xs.map((x) => 0.3 * hill(x, -1.5, 0.7) + hill(x, 2.2, 0.4))
const right = (p: Categorical.Categorical): number => Categorical.expectation(p, (i) => (i > 50 ? 1 : 0))

const values = [1, 0.3, 0.1].flatMap((alpha) =>
  pipe(
    E.Do,
    E.bind("reference", () => Categorical.fromWeights(xs.map((x) => hill(x, -1, 0.8)))),
    E.bindW("problem", ({ reference }) => Optimal.problem(reference, rewards)),
    E.bindW("reverse", ({ problem }) => OptimalReverse.optimum(problem, alpha)),
    E.bindW("forward", ({ problem }) => OptimalForward.optimum(problem, alpha)),
    E.map(({ reference, ...optima }) => ({
      reference,
      reverse: optima.reverse.policy,
      forward: optima.forward.policy,
    })),
    E.map((policies) => Object.entries(policies)),
    E.getOrElse((): ReadonlyArray<readonly [string, Categorical.Categorical]> => []),
    (curves) => {
      console.log(
        `α = ${alpha}, on the right hill:`,
        curves.map(([name, p]) => `${name} ${right(p).toFixed(4)}`).join(", "),
      )
      return xs.flatMap((x, i) => [
        { alpha, x, curve: "reward / 5", value: (rewards[i] ?? 0) / 5 },
        ...curves.map(([curve, p]) => ({ alpha, x, curve, value: Categorical.prob(p, i) })),
      ])
    },
  ),
)
await plot("04_optimum", {
  data: { values },
  mark: { type: "line", clip: true },
  encoding: {
    column: { field: "alpha", sort: "descending", title: "α" },
    x: { field: "x", type: "quantitative", title: "outcome" },
    y: { field: "value", type: "quantitative", title: "probability", scale: { domain: [0, 0.25] } },
    color: { field: "curve", title: null },
    strokeDash: { field: "curve", title: null },
  },
})

/* Prints
α = 1, on the right hill: reference 0.0052, reverse 0.0050, forward 0.0053
α = 0.3, on the right hill: reference 0.0052, reverse 0.0060, forward 0.6319
α = 0.1, on the right hill: reference 0.0052, reverse 0.1488, forward 0.8773
wrote runs/examples/04_optimum.svg
*/
