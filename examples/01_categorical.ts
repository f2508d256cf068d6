/**
 * 01: a finite distribution is a value, and so is randomness.
 *
 * Constructors answer with an Either, because weights can be wrong; after that every function is total. A seed has
 * named children, so a draw depends on its name alone, and not on what else was drawn before.
 */
import { Categorical, Sampling, Seed } from "@rapo/distributions"
import * as E from "fp-ts/lib/Either.js"
import { pipe } from "fp-ts/lib/function.js"

const show = (p: Categorical.Categorical): string =>
  Categorical.probabilities(p)
    .map((x) => x.toFixed(3))
    .join(" ")

pipe(
  Categorical.fromWeights([1, 2, 5]),
  E.match(
    (error) => console.log(Categorical.showError(error)),
    (p) => {
      console.log("p                ", show(p), " entropy", Categorical.entropy(p).toFixed(3))
      // p^φ normalised: φ = 0 is uniform, φ = 1 is p. This is how RAPO flattens its reference.
      for (const phi of [1, 0.5, 0])
        console.log(`p^${phi} normalised`.padEnd(17), show(Categorical.escort(p, phi)))

      const seed = Seed.fromInteger(7)
      for (const name of ["alice", "bob", "alice"])
        console.log(`draws of ${name}`.padEnd(17), Sampling.samples(p, 10, Seed.child(seed, name)).join(" "))
    },
  ),
)

const wrong = Categorical.fromProbabilities([0.5, 0.4])
if (E.isLeft(wrong)) console.log("0.5, 0.4         ", Categorical.showError(wrong.left))

/* Prints
p                 0.125 0.250 0.625  entropy 0.900
p^1 normalised    0.125 0.250 0.625
p^0.5 normalised  0.215 0.304 0.481
p^0 normalised    0.333 0.333 0.333
draws of alice    2 2 2 2 2 2 0 2 2 1
draws of bob      2 2 2 2 0 2 0 1 2 1
draws of alice    2 2 2 2 2 2 0 2 2 1
0.5, 0.4          The probabilities add up to 0.9, not to 1; pass them to fromWeights to have them normalised.
*/
