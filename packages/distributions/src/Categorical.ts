/**
 * A distribution over the outcomes 0, 1, …, K − 1, held as normalised log-probabilities.
 *
 *     p_i ≥ 0,   Σ_i p_i = 1,   H(p) = −Σ_i p_i ln p_i
 *
 * A value of this type is normalised, because its constructors are the only way to make one; every function of it is
 * therefore total. A log-probability of −∞ is an outcome that cannot happen; an outcome outside 0..K−1 cannot either.
 *
 * Laws (`Laws.ts`), up to rounding
 * 1. Σ p = 1 and p ≥ 0; `logProb = ln prob`.
 * 2. `fromLogits(z + c) = fromLogits(z)`; `fromWeights(c w) = fromWeights(w)` for c > 0.
 * 3. 0 ≤ H(p) ≤ ln |support p|, with equality above for uniform and below for certain p only.
 * 4. `tilt(tilt(p, f), g) = tilt(p, f + g)`; `tilt(p, constant) = p`.
 * 5. `escort(p, 1) = p`; `escort(escort(p, φ), ψ) = escort(p, φψ)`; H(escort(p, φ)) does not increase in φ ≥ 0.
 * 6. H is concave: H(mixture) ≥ the mean of the H's; `map` keeps expectations: E_{map(p, f)} g = E_p (g ∘ f).
 *
 * Units are nats. Sources: textbook facts; escort distributions: Beck & Schlögl, Thermodynamics of Chaotic Systems
 * (1993), chapter 9. The choice of conventions at zeros is ours, and is stated where it matters.
 */
import * as E from "fp-ts/lib/Either.js"
import type { Either } from "fp-ts/lib/Either.js"
import type { Eq as EqOf } from "fp-ts/lib/Eq.js"
import { pipe } from "fp-ts/lib/function.js"
import type { CategoricalError } from "./CategoricalError.ts"
import { logSoftmax, logSumExp, sum, timesLog } from "./LogSpace.ts"

export { showError } from "./CategoricalError.ts"
export type { CategoricalError } from "./CategoricalError.ts"

// model

declare const normalised: unique symbol

/**
 * A normalised distribution; `logProbs[i]` is the log-probability of outcome i.
 *
 * @category models
 * @since 0.1.0
 */
export interface Categorical {
  readonly _tag: "Categorical"
  readonly logProbs: ReadonlyArray<number>
  readonly [normalised]: true
}

// constructors

/**
 * How far from 1 the total of `fromProbabilities` may be. *Ours*: doubles that were meant to add up to
 * 1 do so within it, and a table with a forgotten outcome does not. Totals of float32 numbers are off by 1e-7 and
 * more: hand those to `fromWeights`, which says that it normalises.
 *
 * @category constructors
 * @since 0.1.0
 */
export const normalisationTolerance = 1e-9

/**
 * The distribution proportional to non-negative weights.
 *
 * **Fails with** `Empty`, `NotFinite`, `NegativeWeight`, `ZeroTotal`.
 *
 * ```ts import.meta.vitest
 * import { Categorical } from "@rapo/distributions"
 * import * as E from "fp-ts/lib/Either.js"
 * const p = Categorical.fromWeights([3, 1])
 * E.isRight(p) && Categorical.prob(p.right, 0) // ≈ 0.75
 * Categorical.fromWeights([1, -2]) // => E.left({ _tag: "NegativeWeight", index: 1, value: -2 })
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const fromWeights = (weights: ReadonlyArray<number>): Either<CategoricalError, Categorical> =>
  pipe(
    nonNegative(weights),
    E.map((ws) => ws.map(Math.log)),
    E.chain(normalise),
  )

/**
 * The distribution with the given probabilities, which must add up to 1 within `normalisationTolerance`.
 *
 * **Fails with** `Empty`, `NotFinite`, `NegativeWeight`, `NotNormalised`.
 *
 * ```ts import.meta.vitest
 * import { Categorical } from "@rapo/distributions"
 * import * as E from "fp-ts/lib/Either.js"
 * Categorical.fromProbabilities([0.5, 0.25]) // => E.left({ _tag: "NotNormalised", total: 0.75 })
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const fromProbabilities = (
  probabilities: ReadonlyArray<number>,
): Either<CategoricalError, Categorical> =>
  pipe(
    nonNegative(probabilities),
    E.filterOrElse(
      (ps) => Math.abs(sum(ps) - 1) <= normalisationTolerance,
      (ps): CategoricalError => ({ _tag: "NotNormalised", total: sum(ps) }),
    ),
    E.chain(fromWeights),
  )

/**
 * The distribution with probabilities proportional to e^{z_i}: softmax of the logits.
 *
 * **Domain** z_i in [−∞, ∞), not all −∞.  **Fails with** `Empty`, `NotFinite` (NaN or ∞), `ZeroTotal`.
 *
 * ```ts import.meta.vitest
 * import { Categorical } from "@rapo/distributions"
 * import * as E from "fp-ts/lib/Either.js"
 * E.map(Categorical.entropy)(Categorical.fromLogits([1000, -Infinity])) // => E.right(0)
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const fromLogits = (logits: ReadonlyArray<number>): Either<CategoricalError, Categorical> =>
  pipe(
    nonEmpty(logits),
    E.chain(refuse((z) => Number.isNaN(z) || z === Infinity, notFinite)),
    E.chain(normalise),
  )

/**
 * The distribution that gives each of k outcomes the same probability.
 *
 * **Fails with** `InvalidSize`.
 *
 * @category constructors
 * @since 0.1.0
 */
export const uniform = (k: number): Either<CategoricalError, Categorical> =>
  pipe(
    validSize(k),
    E.map(() => unsafe(Array.from({ length: k }, () => -Math.log(k)))),
  )

/**
 * The distribution over k outcomes that is certain of one of them.
 *
 * **Fails with** `InvalidSize`, `OutOfRange`.
 *
 * @category constructors
 * @since 0.1.0
 */
export const pointMass = (k: number, outcome: number): Either<CategoricalError, Categorical> =>
  pipe(
    validSize(k),
    E.chain(() => validOutcome(k)(outcome)),
    E.map(() => unsafe(Array.from({ length: k }, (_, i) => (i === outcome ? 0 : -Infinity)))),
  )

// destructors

/**
 * The number K of outcomes, possible or not.
 *
 * @category destructors
 * @since 0.1.0
 */
export const size = (p: Categorical): number => p.logProbs.length

/**
 * ln p_i, which is −∞ for an outcome that cannot happen.
 *
 * @category destructors
 * @since 0.1.0
 */
export const logProb = (p: Categorical, outcome: number): number => p.logProbs[outcome] ?? -Infinity

/**
 * p_i.
 *
 * @category destructors
 * @since 0.1.0
 */
export const prob = (p: Categorical, outcome: number): number => Math.exp(logProb(p, outcome))

/**
 * p_0, …, p_{K−1}.
 *
 * @category destructors
 * @since 0.1.0
 */
export const probabilities = (p: Categorical): ReadonlyArray<number> => p.logProbs.map(Math.exp)

/**
 * The outcomes that can happen, in order; never empty.
 *
 * @category destructors
 * @since 0.1.0
 */
export const support = (p: Categorical): ReadonlyArray<number> =>
  p.logProbs.flatMap((l, i) => (l > -Infinity ? [i] : []))

/**
 * The most probable outcome, the first one at a tie.
 *
 * @category destructors
 * @since 0.1.0
 */
export const mode = (p: Categorical): number =>
  p.logProbs.indexOf(p.logProbs.reduce((a, b) => (b > a ? b : a)))

/**
 * The mean of a function of the outcome.
 *
 *     E_p f = Σ_{i in support p} p_i f(i)
 *
 * **Domain** f is not asked about outcomes that cannot happen, so it may be infinite or undefined there.
 *
 * ```ts import.meta.vitest
 * import { Categorical } from "@rapo/distributions"
 * import * as E from "fp-ts/lib/Either.js"
 * const die = Categorical.uniform(6)
 * E.isRight(die) && Categorical.expectation(die.right, (i) => i + 1) // ≈ 3.5
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
export const expectation = (p: Categorical, f: (outcome: number) => number): number =>
  sum(support(p).map((i) => timesLog(prob(p, i), f(i))))

/**
 * The Shannon entropy.
 *
 *     H(p) = −Σ p_i ln p_i,   0 ln 0 = 0
 *
 * **Units** nats.  **Laws** within [0, ln K] - see Laws.ts
 *
 * ```ts import.meta.vitest
 * import { Categorical } from "@rapo/distributions"
 * import * as E from "fp-ts/lib/Either.js"
 * const coin = Categorical.uniform(2)
 * E.isRight(coin) && Categorical.entropy(coin.right) // ≈ 0.693147
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
export const entropy = (p: Categorical): number => 0 - expectation(p, (i) => logProb(p, i))

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
    E.chain((images) => {
      const parts = Array.from({ length: k }, (): Array<number> => [])
      support(p).forEach((i, n) => parts[images[n] ?? 0]?.push(logProb(p, i)))
      return normalise(parts.map(logSumExp))
    }),
  )

// instances

/**
 * Equality of sizes, and of every probability within an absolute tolerance.
 *
 * With a tolerance above 0 it is reflexive and symmetric, but transitive only up to the tolerance.
 *
 * @category instances
 * @since 0.1.0
 */
export const getEq = (tolerance: number): EqOf<Categorical> => ({
  equals: (p, q) =>
    size(p) === size(q) && p.logProbs.every((_, i) => Math.abs(prob(p, i) - prob(q, i)) <= tolerance),
})

/**
 * Equality up to rounding: a few thousand operations on doubles stay well within 1e-12 (*ours*).
 *
 * @category instances
 * @since 0.1.0
 */
export const Eq: EqOf<Categorical> = getEq(1e-12)

// numerics

/** Log-probabilities that are known to be normalised. */
const unsafe = (logProbs: ReadonlyArray<number>): Categorical =>
  ({ _tag: "Categorical", logProbs }) as Categorical

const normalise = (logWeights: ReadonlyArray<number>): Either<CategoricalError, Categorical> =>
  logWeights.some((l) => l > -Infinity)
    ? E.right(unsafe(logSoftmax(logWeights)))
    : E.left({ _tag: "ZeroTotal" })

type Numbers = Either<CategoricalError, ReadonlyArray<number>>

const nonEmpty = (xs: ReadonlyArray<number>): Numbers =>
  xs.length > 0 ? E.right(xs) : E.left({ _tag: "Empty" })

const refuse =
  (bad: (x: number) => boolean, error: (index: number, value: number) => CategoricalError) =>
  (xs: ReadonlyArray<number>): Numbers => {
    const index = xs.findIndex(bad)
    return index < 0 ? E.right(xs) : E.left(error(index, xs[index] ?? Number.NaN))
  }

const notFinite = (index: number, value: number): CategoricalError => ({ _tag: "NotFinite", index, value })

const nonNegative = (xs: ReadonlyArray<number>): Numbers =>
  pipe(
    nonEmpty(xs),
    E.chain(refuse((x) => !Number.isFinite(x), notFinite)),
    E.chain(
      refuse(
        (x) => x < 0,
        (index, value) => ({ _tag: "NegativeWeight", index, value }),
      ),
    ),
  )

const validSize = (k: number): Either<CategoricalError, number> =>
  Number.isSafeInteger(k) && k >= 1 ? E.right(k) : E.left({ _tag: "InvalidSize", size: k })

const validOutcome =
  (k: number) =>
  (index: number): Either<CategoricalError, number> =>
    Number.isInteger(index) && index >= 0 && index < k
      ? E.right(index)
      : E.left({ _tag: "OutOfRange", index, size: k })
