/**
 * Tokenwise: numbers of which every token of every response has one, and the few reductions that objectives need.
 *
 * A surrogate or a regulariser is written once against this algebra, which extends `Real` pointwise, and has three
 * meanings: over rows of numbers it is the reference, over rows of dual numbers also an exact derivative, over tensors
 * [B, T] with a mask it is what trains.
 *
 * | operation | its value at token t of response b |
 * |---|---|
 * | total x | Σ_t' x_bt' |
 * | share x | x_bt / |o_b| |
 * | next x | x_b,t+1; 0 at a response's last token |
 * | relativeToPeers x | total x less the mean of the totals of the group's other responses |
 *
 * Laws (`Laws.ts`)
 * 1. share (total x) is the response's mean, and total ∘ share ∘ total = total.
 * 2. relativeToPeers x = G/(G-1) · (total x - the group's mean total), 0 for a group of one: it sums to 0 over a group.
 */
import { Real } from "@rapo/distributions"
import { at } from "./internal/at.ts"

// model

type Pointwise<A> = Real.Real<A>

/**
 * @category models
 * @since 0.1.0
 */
export interface Tokenwise<A> extends Pointwise<A> {
  readonly total: (a: A) => A
  readonly share: (a: A) => A
  readonly next: (a: A) => A
  readonly relativeToPeers: (a: A) => A
}

/**
 * One number a token of each response; rows have the responses' own lengths, so that there is nothing to mask.
 *
 * @category models
 * @since 0.1.0
 */
export type Rows<A> = ReadonlyArray<ReadonlyArray<A>>

// constructors

/**
 * The algebra of rows of the given lengths, of which every `groupSize` are one group.
 *
 * **Domain**  `groupSize` divides the number of rows.
 *
 * ```ts import.meta.vitest
 * import { Float64 } from "@rapo/distributions"
 * import { Tokenwise } from "@rapo/rapo"
 * const rows = Tokenwise.ofRows(Float64.Real)([2, 1], 2)
 * rows.total([[1, 2], [5]]) // => [[3, 3], [5]]
 * rows.share([[1, 2], [5]]) // => [[0.5, 1], [5]]
 * rows.next([[1, 2], [5]]) // => [[2, 0], [0]]
 * rows.relativeToPeers([[1, 2], [5]]) // => [[-2, -2], [2]]
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const ofRows =
  <A>(R: Real.Real<A>) =>
  (lengths: ReadonlyArray<number>, groupSize: number): Tokenwise<Rows<A>> => {
    const constant = (x: A): Rows<A> => lengths.map((length) => Array.from({ length }, () => x))
    const lift =
      (f: (a: A) => A) =>
      (rows: Rows<A>): Rows<A> =>
        rows.map((row) => row.map((a) => f(a)))
    const lift2 =
      (f: (a: A, b: A) => A) =>
      (as: Rows<A>, bs: Rows<A>): Rows<A> =>
        as.map((row, b) => row.map((a, t) => f(a, at(at(bs, b), t))))
    const given = (values: ReadonlyArray<A>): Rows<A> =>
      lengths.map((length, b) => Array.from({ length }, () => at(values, b)))
    const totals = (rows: Rows<A>): ReadonlyArray<A> => rows.map(Real.sum(R))
    return {
      zero: constant(R.zero),
      one: constant(R.one),
      of: (x) => constant(R.of(x)),
      add: lift2(R.add),
      sub: lift2(R.sub),
      mul: lift2(R.mul),
      div: lift2(R.div),
      degree: () => 1,
      mod: () => constant(R.zero),
      exp: lift(R.exp),
      log: lift(R.log),
      sqrt: lift(R.sqrt),
      min: lift2(R.min),
      max: lift2(R.max),
      stopGradient: lift(R.stopGradient),
      total: (rows) => given(totals(rows)),
      share: (rows) => rows.map((row) => row.map((a) => R.div(a, R.of(row.length)))),
      next: (rows) => rows.map((row) => row.map((_, t) => row[t + 1] ?? R.zero)),
      relativeToPeers: (rows) => {
        const own = totals(rows)
        if (groupSize === 1) return constant(R.zero)
        const peers = own.map((_, b) => {
          const first = b - (b % groupSize)
          const others = own.slice(first, first + groupSize).filter((_, g) => first + g !== b)
          return R.div(Real.sum(R)(others), R.of(others.length))
        })
        return given(own.map((total, b) => R.sub(total, at(peers, b))))
      },
    }
  }

// combinators

/**
 * The mean over a response, given to each of its tokens.
 *
 * @category combinators
 * @since 0.1.0
 */
export const mean =
  <A>(W: Tokenwise<A>) =>
  (a: A): A =>
    W.share(W.total(a))
