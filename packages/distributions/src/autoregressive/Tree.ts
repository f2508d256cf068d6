/**
 * All sequences at once: the tree of prefixes, level by level. Documented in `Autoregressive.ts`.
 */
import * as E from "fp-ts/lib/Either.js"
import type { Either } from "fp-ts/lib/Either.js"
import { pipe } from "fp-ts/lib/function.js"
import * as O from "fp-ts/lib/Option.js"
import type { Option } from "fp-ts/lib/Option.js"
import type { Finite } from "../Finite.ts"
import { map, weighted } from "../Finite.ts"
import { collected } from "../finite/Model.ts"
import type { Autoregressive, AutoregressiveError } from "./Model.ts"
import { isFinished } from "./Model.ts"

// model

/**
 * A prefix, and ln P(y begins with it).
 *
 * @category models
 * @since 0.1.0
 */
export interface Weighted<T> {
  readonly prefix: ReadonlyArray<T>
  readonly logWeight: number
}

interface Tree<T> {
  /** The unfinished prefixes, where a token is chosen; shorter ones first. */
  readonly states: ReadonlyArray<Weighted<T>>
  readonly leaves: ReadonlyArray<Weighted<T>>
}

/**
 * How many prefixes, the empty one included, are enumerated unless more are asked for. *Ours*: a second's work and some
 * tens of megabytes; sequences beyond it are to be sampled.
 *
 * @category constructors
 * @since 0.1.0
 */
export const treeLimit = 200_000

// destructors

/**
 * The distribution over finished sequences, exactly.
 *
 * **Fails with** `TreeTooLarge`, as soon as the limit is passed.
 *
 * ```ts import.meta.vitest
 * import { Autoregressive, Categorical, Finite } from "@rapo/distributions"
 * import * as E from "fp-ts/lib/Either.js"
 * const coin = Categorical.uniform(2)
 * if (E.isRight(coin)) {
 *   const three = Autoregressive.make(Autoregressive.indexed(() => coin.right), 3)
 *   E.map(Finite.size)(E.chain((m: Autoregressive.Autoregressive<number>) => Autoregressive.enumerate(m))(three)) // => E.right(8)
 * }
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
export const enumerate = <T>(
  model: Autoregressive<T>,
  limit: number = treeLimit,
): Either<AutoregressiveError, Finite<ReadonlyArray<T>>> =>
  pipe(
    grow(model, limit),
    E.map(({ leaves }) =>
      collected(
        leaves.map(({ prefix }) => prefix),
        leaves.map(({ logWeight }) => logWeight),
      ),
    ),
  )

/**
 * The states that the model visits, each with ln d(h): the unfinished prefixes that are possible, shorter ones first.
 *
 *     d(h) = Π_{t < |h|} p(h_t | h_<t)
 *
 * **Laws** Σ_h d(h) = E |y|.  **Fails with** `TreeTooLarge`.
 *
 * @category destructors
 * @since 0.1.0
 */
export const prefixWeights = <T>(
  model: Autoregressive<T>,
  limit: number = treeLimit,
): Either<AutoregressiveError, ReadonlyArray<Weighted<T>>> =>
  pipe(
    grow(model, limit),
    E.map(({ states }) => states),
  )

/**
 * The distribution of the token at a position; none where the sequence has finished before.
 *
 *     P(y_t = a) = Σ_{|h| = t} d(h) p(a | h)
 *
 * **Fails with** `InvalidPosition` outside 0..maxLength − 1, `TreeTooLarge`; longer prefixes are not looked at.
 *
 * @category destructors
 * @since 0.1.0
 */
export const marginal = <T>(
  model: Autoregressive<T>,
  position: number,
  limit: number = treeLimit,
): Either<AutoregressiveError, Finite<Option<T>>> =>
  Number.isInteger(position) && position >= 0 && position < model.maxLength
    ? pipe(
        enumerate({ ...model, maxLength: position + 1 }, limit),
        E.map((sequences) => map(sequences, (y) => (position < y.length ? (y[position] as T) : ended))),
        E.map((tokens) => map(tokens, (token) => (token === ended ? O.none : O.some(token as T)))),
      )
    : E.left({ _tag: "InvalidPosition", position, maxLength: model.maxLength })

// numerics

/** Stands for "no token", and is none of the caller's. */
const ended = {}

const grow = <T>(model: Autoregressive<T>, limit: number): Either<AutoregressiveError, Tree<T>> => {
  const states: Array<Weighted<T>> = []
  const leaves: Array<Weighted<T>> = []
  const place = (node: Weighted<T>): number =>
    isFinished(model, node.prefix) ? leaves.push(node) : states.push(node)
  place({ prefix: [], logWeight: 0 })
  // States are appended while they are gone through: a queue, which makes the order that of levels.
  for (const state of states)
    for (const [token, logProb] of weighted(model.kernel(state.prefix))) {
      if (states.length + leaves.length >= limit) return E.left({ _tag: "TreeTooLarge", limit })
      place({ prefix: [...state.prefix, token], logWeight: state.logWeight + logProb })
    }
  return E.right({ states, leaves })
}
