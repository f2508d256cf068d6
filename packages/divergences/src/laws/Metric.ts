/** Laws of distances (F6). */
import type { Categorical } from "@rapo/distributions"
import type { Eq } from "fp-ts/lib/Eq.js"
import { divergence, jensenShannon } from "../FDivergence.ts"
import { atMost, orNaN } from "../internal/Relation.ts"
import { jeffreys } from "../Jeffreys.ts"
import { hellinger, totalVariation } from "../Metric.ts"
import type { Divergence } from "./Divergence.ts"

/** D(p, q) = D(q, p). */
export const symmetric =
  (S: Eq<number>) =>
  (divergence: Divergence) =>
  (p: Categorical.Categorical, q: Categorical.Categorical): boolean =>
    S.equals(orNaN(divergence(p, q)), orNaN(divergence(q, p)))

/** d(p, r) ≤ d(p, q) + d(q, r). */
export const triangle =
  (S: Eq<number>) =>
  (metric: Divergence) =>
  (p: Categorical.Categorical, q: Categorical.Categorical, r: Categorical.Categorical): boolean =>
    atMost(S, orNaN(metric(p, r)), orNaN(metric(p, q)) + orNaN(metric(q, r)))

/** H² ≤ TV ≤ √2 H;  ½ TV² ≤ JS and ln 2 · H² ≤ JS;  JS ≤ ln 2 · TV and JS ≤ J/4. */
export const sandwiched =
  (S: Eq<number>) =>
  (p: Categorical.Categorical, q: Categorical.Categorical): boolean => {
    const [tv, h] = [orNaN(totalVariation(p, q)), orNaN(hellinger(p, q))]
    const [js, j] = [orNaN(divergence(jensenShannon)(p, q)), orNaN(jeffreys(p, q))]
    return (
      atMost(S, h ** 2, tv) &&
      atMost(S, tv, Math.SQRT2 * h) &&
      atMost(S, tv ** 2 / 2, js) &&
      atMost(S, Math.LN2 * h ** 2, js) &&
      atMost(S, js, Math.LN2 * tv) &&
      atMost(S, js, j / 4)
    )
  }
