/** The random values that this package's laws are tested with. */
import { Autoregressive, Categorical, Laws } from "@rapo/distributions"
import * as fc from "fast-check"
import { isLeft } from "fp-ts/lib/Either.js"
import type { Either } from "fp-ts/lib/Either.js"
import type { Eq } from "fp-ts/lib/Eq.js"
import { FDivergence } from "../src/index.ts"

/** The right of an Either that cannot be a left, by how the test made it. */
export const right = <E, A>(either: Either<E, A>): A => {
  if (isLeft(either)) throw new Error(`expected a right, got ${JSON.stringify(either.left)}`)
  return either.right
}

/**
 * Equality within `tolerance · max(1, |a|, |b|)`, where an infinity equals itself only, so that a divergence that is
 * infinite by mistake is close to nothing.
 */
export const closeTo = (tolerance: number): Eq<number> => {
  const finite = Laws.closeTo(tolerance)
  return { equals: (a, b) => a === b || (Number.isFinite(a) && Number.isFinite(b) && finite.equals(a, b)) }
}

// logits

/** A number within ±bound, evenly spread. */
const even = (bound: number): fc.Arbitrary<number> =>
  fc.integer({ min: -1e6, max: 1e6 }).map((n) => (n / 1e6) * bound)

/**
 * The same, with numbers near 0 more often than chance would have them. `fc.double` alone is even over the
 * *representable* numbers, most of which are nearly 0, so that all logits would be equal.
 */
const spread = (bound: number): fc.Arbitrary<number> =>
  fc.oneof(
    { weight: 4, arbitrary: even(bound) },
    { weight: 1, arbitrary: fc.double({ min: -bound, max: bound, noNaN: true }) },
  )

const logitsOfSize = (k: number, bound = 15): fc.Arbitrary<Array<number>> =>
  fc.array(spread(bound), { minLength: k, maxLength: k })

const logitPairWithin = (bound: number): fc.Arbitrary<[Array<number>, Array<number>]> =>
  fc.integer({ min: 2, max: 8 }).chain((k) => fc.tuple(logitsOfSize(k, bound), logitsOfSize(k, bound)))

/** The logits of a reference and a policy over the same outcomes, all of them possible. */
export const logitPair: fc.Arbitrary<[Array<number>, Array<number>]> = logitPairWithin(15)

/** The same with ratios of at most e^{±8}, whose cubes a sum may hold beside 1 without losing all its digits. */
export const mildLogitPair: fc.Arbitrary<[Array<number>, Array<number>]> = logitPairWithin(4)

/** A reference, a policy and a behaviour policy. */
export const mildLogitTriple: fc.Arbitrary<[Array<number>, Array<number>, Array<number>]> = fc
  .integer({ min: 2, max: 8 })
  .chain((k) => fc.tuple(logitsOfSize(k, 4), logitsOfSize(k, 4), logitsOfSize(k, 4)))

// distributions

export const fromLogits = (logits: ReadonlyArray<number>): Categorical.Categorical =>
  right(Categorical.fromLogits(logits))

const categoricalOfSize = (k: number): fc.Arbitrary<Categorical.Categorical> =>
  logitsOfSize(k).map(fromLogits)

type Pair = [Categorical.Categorical, Categorical.Categorical]

/** Two distributions over the same outcomes, all of them possible. */
export const pair: fc.Arbitrary<Pair> = logitPair.map(([p, q]) => [fromLogits(p), fromLogits(q)])

export const mildPair: fc.Arbitrary<Pair> = mildLogitPair.map(([p, q]) => [fromLogits(p), fromLogits(q)])

/** Two distributions whose log-ratios are of the order of a small ε, in both directions, and ε. */
export const nearPair: fc.Arbitrary<readonly [...Pair, number]> = fc
  .tuple(
    mildLogitPair.map(([z]) => z),
    fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 6, maxLength: 6 }),
    fc.integer({ min: 3, max: 7 }),
  )
  .map(([z, directions, digits]) => {
    const epsilon = 10 ** -digits
    const moved = [3, -3, ...directions]
    return [fromLogits(z), fromLogits(z.map((x, i) => x + epsilon * (moved[i] ?? 0))), epsilon] as const
  })

export const triple: fc.Arbitrary<[...Pair, Categorical.Categorical]> = fc
  .integer({ min: 2, max: 6 })
  .chain((k) => fc.tuple(categoricalOfSize(k), categoricalOfSize(k), categoricalOfSize(k)))

const withZeros = (k: number): fc.Arbitrary<Categorical.Categorical> =>
  fc
    .array(fc.oneof(fc.constant(0), fc.double({ min: 1e-300, max: 1, noNaN: true })), {
      minLength: k,
      maxLength: k,
    })
    .map((ws) => right(Categorical.fromWeights([1, ...ws])))

/** Two distributions over the same outcomes, of which each may exclude some; the first outcome is possible in both. */
export const pairWithZeros: fc.Arbitrary<Pair> = fc
  .integer({ min: 1, max: 6 })
  .chain((k) => fc.tuple(withZeros(k), withZeros(k)))

/** p with zeros, and q > 0. */
export const pairWithZerosInFirst: fc.Arbitrary<Pair> = fc
  .integer({ min: 1, max: 6 })
  .chain((k) => fc.tuple(withZeros(k), categoricalOfSize(k + 1)))

const anyPair: fc.Arbitrary<Pair> = fc.oneof(pair, mildPair, pairWithZeros)

/** A pair, and a map of its outcomes to at most 3, as a channel without noise. */
export const coarseGraining: fc.Arbitrary<[Pair, Array<Categorical.Categorical>]> = anyPair.chain(([p, q]) =>
  fc
    .array(fc.nat({ max: 2 }), { minLength: Categorical.size(p), maxLength: Categorical.size(p) })
    .map((f) => [[p, q], f.map((i) => right(Categorical.pointMass(3, i)))]),
)

/** A pair, and a channel with noise. */
export const channel: fc.Arbitrary<[Pair, Array<Categorical.Categorical>]> = fc
  .tuple(anyPair, fc.integer({ min: 1, max: 5 }))
  .chain(([[p, q], k]) =>
    fc
      .array(fc.oneof(categoricalOfSize(k), logitsOfSize(k, 2).map(fromLogits)), {
        minLength: Categorical.size(p),
        maxLength: Categorical.size(p),
      })
      .map((rows) => [[p, q], rows]),
  )

/** Weights, and as many pairs of distributions, all over the same outcomes. */
export const weightedPairs: fc.Arbitrary<[Categorical.Categorical, Array<Pair>]> = fc
  .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 2, max: 5 }))
  .chain(([n, k]) =>
    fc.tuple(
      categoricalOfSize(n),
      fc.array(
        fc.oneof(
          fc.tuple(categoricalOfSize(k), categoricalOfSize(k)),
          fc.tuple(withZeros(k - 1), withZeros(k - 1)),
        ),
        { minLength: n, maxLength: n },
      ),
    ),
  )

// numbers

export const logRatio: fc.Arbitrary<number> = spread(30)

/** A ratio p/q, from e⁻⁸ to e⁸. */
export const ratio: fc.Arbitrary<number> = spread(8).map(Math.exp)

export const unit: fc.Arbitrary<number> = fc.integer({ min: 1, max: 999 }).map((n) => n / 1000)

/** Finite orders of Rényi's divergence, the special ones among them. */
export const renyiOrder: fc.Arbitrary<number> = fc.oneof(
  fc.constantFrom(0, 1e-9, 0.5, 1 - 1e-9, 1, 1 + 1e-9, 2, 50),
  fc.integer({ min: 0, max: 4000 }).map((n) => n / 1000),
)

// divergences

/** Every member of the family, with α on both sides of, at and beside its limits. */
export const members: ReadonlyArray<FDivergence.FDivergence> = [
  FDivergence.kl,
  FDivergence.reverseKl,
  FDivergence.jeffreys,
  FDivergence.jensenShannon,
  FDivergence.totalVariation,
  FDivergence.pearson,
  FDivergence.neyman,
  FDivergence.squaredHellinger,
  ...[-0.7, 1e-9, 0.3, 0.8, 1 - 1e-9, 1.5].map(FDivergence.alpha),
]

/** The members and their duals, by name. */
export const family: ReadonlyArray<readonly [string, FDivergence.FDivergence]> = [
  ...members,
  ...members.map(FDivergence.reverse),
].map((d) => [d.name, d] as const)

/** Those that have a derivative everywhere. */
export const smooth: ReadonlyArray<readonly [string, FDivergence.FDivergence]> = family.filter(
  ([, d]) => d.strictlyConvex,
)

// sequences

type SequencePair = readonly [Autoregressive.Autoregressive<number>, Autoregressive.Autoregressive<number>]

/** Two policies with one distribution for each prefix, over sequences that token 0 may stop. */
const sequencePairFrom = (
  vocabularies: fc.Arbitrary<number>,
  lengths: fc.Arbitrary<number>,
  logits: (v: number) => fc.Arbitrary<Array<number>>,
): fc.Arbitrary<SequencePair> =>
  fc.tuple(vocabularies, lengths, fc.boolean()).chain(([v, length, stops]) => {
    const prefixes = Array.from({ length }, (_, t) => v ** t).reduce((a, b) => a + b, 0)
    const policy = fc.array(logits(v), { minLength: prefixes, maxLength: prefixes }).map((table) => {
      const distributions = table.map(fromLogits)
      // Prefixes in the order of a heap: the children of node i are v i + 1, …, v i + v.
      const kernel = Autoregressive.indexed(
        (prefix) =>
          distributions[prefix.reduce((i, token) => v * i + token + 1, 0)] ?? right(Categorical.uniform(v)),
      )
      return right(Autoregressive.make(kernel, length, (token) => stops && token === 0))
    })
    return fc.tuple(policy, policy)
  })

/** Two policies over sequences of at most three tokens. */
export const sequencePair: fc.Arbitrary<SequencePair> = sequencePairFrom(
  fc.integer({ min: 2, max: 3 }),
  fc.integer({ min: 0, max: 3 }),
  (v) => fc.oneof(logitsOfSize(v, 4), logitsOfSize(v, 15)),
)

/** The same with enough prefixes, of enough weight, for no two policies to be nearly equal at all of them. */
export const distinctSequencePair: fc.Arbitrary<SequencePair> = sequencePairFrom(
  fc.constant(3),
  fc.constant(3),
  (v) => fc.array(even(2), { minLength: v, maxLength: v }),
)
