/** Laws of KL between positive measures. */
import { Categorical, LogSpace } from "@rapo/distributions"
import type { Eq } from "fp-ts/lib/Eq.js"
import { orNaN } from "../internal/Relation.ts"
import { kl } from "../KL.ts"
import { unnormalisedKL } from "../UnnormalisedKL.ts"

type Measure = ReadonlyArray<number>

/** D(c p ‖ c q) = c D(p ‖ q). */
export const homogeneous =
  (S: Eq<number>) =>
  (c: number) =>
  (p: Measure, q: Measure): boolean =>
    S.equals(
      orNaN(
        unnormalisedKL(
          p.map((x) => c * x),
          q.map((x) => c * x),
        ),
      ),
      c * orNaN(unnormalisedKL(p, q)),
    )

/** D(p ‖ c p) = |p| (c − 1 − ln c). */
export const scaledCopy =
  (S: Eq<number>) =>
  (c: number) =>
  (p: Measure): boolean =>
    S.equals(
      orNaN(
        unnormalisedKL(
          p,
          p.map((x) => c * x),
        ),
      ),
      LogSpace.sum(p) * (c - 1 - Math.log(c)),
    )

/** D = KL on distributions. */
export const isKLOnDistributions =
  (S: Eq<number>) =>
  (p: Categorical.Categorical, q: Categorical.Categorical): boolean =>
    S.equals(
      orNaN(unnormalisedKL(Categorical.probabilities(p), Categorical.probabilities(q))),
      orNaN(kl(p, q)),
    )
