/**
 * 01: a finite bandit, and what two penalties make of it.
 *
 * The reference almost never pulls the best arm. Both optima are closed forms: π ∝ p e^{r/α} under a reverse KL, and
 * π = αp/(λ − r) under a forward KL. Each comes with a certificate that knows nothing of how the policy was found.
 */
import { Categorical } from "@rapo/distributions"
import { KL } from "@rapo/divergences"
import { Optimal, OptimalForward, OptimalReverse } from "@rapo/rapo"
import * as E from "fp-ts/lib/Either.js"
import { pipe } from "fp-ts/lib/function.js"

const rewards = [0, 0.2, 0.5, 1]
const alpha = 0.5

const show = (p: Categorical.Categorical): string =>
  Categorical.probabilities(p)
    .map((x) => x.toFixed(4))
    .join(" ")
const number = E.match(
  () => "none",
  (x: number) => x.toFixed(4),
)
const line = (name: string, p: Categorical.Categorical, reference: Categorical.Categorical): void =>
  console.log(
    name.padEnd(10),
    show(p),
    ` reward ${Optimal.expectedReward(p, rewards).toFixed(4)}`,
    ` KL(p‖π) ${number(KL.forward(reference, p))}  KL(π‖p) ${number(KL.reverse(reference, p))}`,
  )

pipe(
  E.Do,
  E.bind("reference", () => Categorical.fromProbabilities([0.6, 0.3, 0.099, 0.001])),
  E.bindW("problem", ({ reference }) => Optimal.problem(reference, rewards)),
  E.bindW("reverse", ({ problem }) => OptimalReverse.optimum(problem, alpha)),
  E.bindW("forward", ({ problem }) => OptimalForward.optimum(problem, alpha)),
  E.match(console.error, ({ reference, reverse, forward }) => {
    line("reference", reference, reference)
    line("reverse KL", reverse.policy, reference)
    line("forward KL", forward.policy, reference)
    console.log(
      "\nthe best arm's probability grew by",
      factor(reverse.policy),
      "and by",
      factor(forward.policy),
    )
  }),
)

function factor(p: Categorical.Categorical): string {
  return `${Math.round(Categorical.prob(p, 3) / 0.001)}×`
}

/* Prints
reference  0.6000 0.3000 0.0990 0.0010  reward 0.1105  KL(p‖π) 0.0000  KL(π‖p) 0.0000
reverse KL 0.4532 0.3380 0.2032 0.0056  reward 0.1748  KL(p‖π) 0.0597  KL(π‖p) 0.0689
forward KL 0.2996 0.1872 0.0988 0.4144  reward 0.5012  KL(p‖π) 0.5523  KL(π‖p) 2.2008

the best arm's probability grew by 6× and by 414×
*/
