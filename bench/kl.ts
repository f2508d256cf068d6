/**
 * Forward KLs of small distributions: the library's, with its compensated sum and its care at zeros, beside a bare loop.
 *
 *     npm run bench bench/kl.ts
 */
import { Categorical, Seed } from "@rapo/distributions"
import { KL } from "@rapo/divergences"
import * as E from "fp-ts/lib/Either.js"
import { compare, report } from "./compare.ts"

const outcomes = 10
const count = 100_000

const generator = Seed.generator(Seed.fromInteger(1))
const random = (): Categorical.Categorical => {
  const made = Categorical.fromLogits(Array.from({ length: outcomes }, () => 4 * generator.uniform() - 2))
  if (E.isLeft(made)) throw new Error(Categorical.showError(made.left))
  return made.right
}
const distributions = Array.from({ length: 1000 }, random)
const at = <A>(values: ReadonlyArray<A>, i: number): A => values[i % values.length] as A
const pair = (i: number): readonly [Categorical.Categorical, Categorical.Categorical] => [
  at(distributions, i),
  at(distributions, 7 * i + 3),
]

let sink = 0
const library = (): void => {
  for (let i = 0; i < count; i++) {
    const kl = KL.forward(...pair(i))
    if (E.isRight(kl)) sink += kl.right
  }
}
const bare = (): void => {
  for (let i = 0; i < count; i++) {
    const [p, q] = pair(i)
    let total = 0
    for (let k = 0; k < outcomes; k++) {
      const lnP = p.logProbs[k] ?? NaN
      total += Math.exp(lnP) * (lnP - (q.logProbs[k] ?? NaN))
    }
    sink += total
  }
}

const comparison = compare(bare, library)
report(`${count} forward KLs at K = ${outcomes}`, "bare loop", "KL.forward", comparison)
const perSecond = count / comparison.b / 1e6
console.log(
  `KL.forward: ${perSecond.toFixed(2)} million a second (the bare loop: ${(count / comparison.a / 1e6).toFixed(2)})`,
)
if (!(sink > 0)) throw new Error("the divergences vanished")
