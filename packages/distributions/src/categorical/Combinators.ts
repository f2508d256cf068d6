/**
 * Distributions from distributions. Documented in `Categorical.ts`.
 */
import * as E from "fp-ts/lib/Either.js"
import type { Either } from "fp-ts/lib/Either.js"
import { pipe } from "fp-ts/lib/function.js"
import { logSoftmax, logSumExp, logSumExpBy, timesLog } from "../LogSpace.ts"
import type { CategoricalError } from "./Error.ts"
import type { Categorical } from "./Model.ts"
import { logProb, normalise, size, support, unsafe } from "./Model.ts"
import { notFinite, refuse, validOutcome, validSize } from "./Validation.ts"

// combinators

/**
 * The distribution reweighted by e^{logF}.
 *
 *     tilt(p, f)_i = p_i e^{f(i)} / Z
 *
 * **Domain** logF(i) in [−∞, ∞) on the support of p; it is not asked elsewhere, where the result stays 0.
 * **Fails with** `NotFinite` (NaN or ∞), `ZeroTotal`.
 * **Laws** tilts add up - see Laws.ts
 *
 * ```ts import.meta.vitest
 * import { Categorical } from "@rapo/distributions"
 * import * as E from "fp-ts/lib/Either.js"
 * const coin = Categorical.uniform(2)
 * const tilted = E.chain((p: Categorical.Categorical) => Categorical.tilt(p, (i) => i * Math.log(3)))(coin)
 * E.isRight(tilted) && Categorical.prob(tilted.right, 1) // ≈ 0.75
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const tilt = (
  p: Categorical,
  logF: (outcome: number) => number,
): Either<CategoricalError, Categorical> =>
  pipe(
    p.logProbs.map((l, i) => (l === -Infinity ? -Infinity : logF(i))),
    refuse((f) => Number.isNaN(f) || f === Infinity, notFinite),
    E.map((fs) => fs.map((f, i) => f + logProb(p, i))),
    E.chain(normalise),
  )

/**
 * The distribution raised to a power, at temperature 1/φ.
 *
 *     escort(p, φ)_i = p_i^φ / Σ_j p_j^φ   on the support of p, and 0 elsewhere
 *
 * **Domain** any φ in [−∞, ∞]: the infinities are the limits, uniform on the most (least) probable outcomes.
 * φ = 0 is uniform *on the support*: 0⁰ is read as 0, so that escort never invents an outcome and is continuous at
 * φ → 0⁺. A softmax has every outcome in its support, so φ = 0 is uniform over the vocabulary there. NaN is a bug of the
 * caller and throws.
 * **Laws** see Laws.ts.  **Source** Beck & Schlögl (1993), chapter 9; RAPO's reweighted reference, arXiv 2510.03865.
 *
 * ```ts import.meta.vitest
 * import { Categorical } from "@rapo/distributions"
 * import * as E from "fp-ts/lib/Either.js"
 * const p = Categorical.fromWeights([0, 1, 4])
 * E.isRight(p) && Categorical.prob(Categorical.escort(p.right, 0.5), 2) // ≈ 0.666667
 * E.isRight(p) && Categorical.prob(Categorical.escort(p.right, 0), 0) // => 0
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const escort = (p: Categorical, phi: number): Categorical => {
  if (Number.isNaN(phi)) throw new RangeError("Categorical.escort: the exponent is NaN")
  const possible = p.logProbs.filter((l) => l > -Infinity)
  const anchor = possible.reduce((a, b) => (phi >= 0 ? Math.max(a, b) : Math.min(a, b)))
  return unsafe(logSoftmax(p.logProbs.map((l) => (l === -Infinity ? -Infinity : timesLog(phi, l - anchor)))))
}

/**
 * The distribution given that an event happens.
 *
 *     condition(p, A)_i = p_i [i ∈ A] / p(A)
 *
 * It is the tilt by 0 on A and −∞ off it.
 *
 * **Fails with** `ImpossibleEvent` when p(A) = 0.
 *
 * ```ts import.meta.vitest
 * import { Categorical } from "@rapo/distributions"
 * import * as E from "fp-ts/lib/Either.js"
 * const die = Categorical.uniform(6)
 * E.isRight(die) && Categorical.condition(die.right, (i) => i >= 6) // => E.left({ _tag: "ImpossibleEvent" })
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const condition = (
  p: Categorical,
  event: (outcome: number) => boolean,
): Either<CategoricalError, Categorical> =>
  pipe(
    tilt(p, (i) => (event(i) ? 0 : -Infinity)),
    E.mapLeft(() => ({ _tag: "ImpossibleEvent" })),
  )

/**
 * Two independent draws as one: the pair (i, j) is the outcome i |q| + j.
 *
 *     product(p, q)_{i |q| + j} = p_i q_j
 *
 * **Laws** H(product(p, q)) = H(p) + H(q) - see Laws.ts
 *
 * ```ts import.meta.vitest
 * import { Categorical } from "@rapo/distributions"
 * import * as E from "fp-ts/lib/Either.js"
 * const coin = Categorical.fromWeights([1, 3])
 * E.isRight(coin) && Categorical.prob(Categorical.product(coin.right, coin.right), 3) // ≈ 0.5625
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const product = (p: Categorical, q: Categorical): Categorical =>
  unsafe(logSoftmax(p.logProbs.flatMap((a) => q.logProbs.map((b) => a + b))))

/**
 * A draw from one of several distributions over the same outcomes, itself drawn.
 *
 *     mixture(w, (p¹, …, pⁿ))_i = Σ_c w_c p^c_i
 *
 * **Fails with** `SizeMismatch`: as many components as weights (then `index` is 0), all of one size.
 *
 * @category combinators
 * @since 0.1.0
 */
export const mixture = (
  weights: Categorical,
  components: ReadonlyArray<Categorical>,
): Either<CategoricalError, Categorical> => {
  if (components.length !== size(weights))
    return E.left({ _tag: "SizeMismatch", index: 0, expected: size(weights), actual: components.length })
  const sizes = components.map(size)
  const expected = sizes[0] ?? 0
  const index = sizes.findIndex((actual) => actual !== expected)
  if (index >= 0) return E.left({ _tag: "SizeMismatch", index, expected, actual: sizes[index] ?? 0 })
  return normalise(
    Array.from({ length: expected }, (_, i) =>
      logSumExp(components.map((component, c) => logProb(weights, c) + logProb(component, i))),
    ),
  )
}

/**
 * The distribution of f(i) for i drawn from p, over k outcomes: outcomes that f identifies are merged.
 *
 *     map(p, f, k)_j = Σ_{i : f(i) = j} p_i
 *
 * **Fails with** `InvalidSize`, or `OutOfRange` when f of a possible outcome is not in 0..k−1.
 *
 * @category combinators
 * @since 0.1.0
 */
export const map = (
  p: Categorical,
  f: (outcome: number) => number,
  k: number,
): Either<CategoricalError, Categorical> =>
  pipe(
    validSize(k),
    E.chain(() => E.traverseArray((i: number) => pipe(f(i), validOutcome(k)))(support(p))),
    E.chain((images) =>
      normalise(
        logSumExpBy(
          support(p).map((i) => logProb(p, i)),
          images,
          k,
        ),
      ),
    ),
  )
