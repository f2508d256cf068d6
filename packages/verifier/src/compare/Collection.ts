/**
 * Lists, sets, tuples and matrices, item by item.
 *
 * | answers            | equal when                                                                                   |
 * |--------------------|----------------------------------------------------------------------------------------------|
 * | list and list      | the items match one to one in some order (`Options.lists`); with an ellipsis, in order      |
 * | set and set, list  | every item of one equals some item of the other                                             |
 * | tuple and tuple    | the items are equal in order; of two items, the brackets too: (1, 2) is not [1, 2]          |
 * | tuple and list     | the items are equal in order, and there are three or more: two could be roots, or an interval |
 * | tuple and vector   | the items are equal in order                                                                 |
 * | tuple and "x = 1, y = 2" | the values are equal in order                                                          |
 * | matrix and matrix  | the entries are equal                                                                        |
 * | ratio and ratio    | the terms are proportional                                                                   |
 *
 * A ± b in a list or a set is two items.
 */
import * as Make from "../Expression.ts"
import type { Expression } from "../Expression.ts"
import { all, type Comparison, different, equal, isEqual } from "./Comparison.ts"
import type { Context } from "./Context.ts"
import * as Progression from "./Progression.ts"
import * as Syntax from "./Syntax.ts"

type Items = ReadonlyArray<Expression>

// combinators

/** Whether items are equal one by one. */
export const compareInOrder = (gold: Items, answer: Items, context: Context): Comparison =>
  gold.length === answer.length
    ? all(lazily(gold, (item, k) => context.compare(item, answer[k] ?? item)))
    : different("structure")

/**
 * Whether items match one to one, in any order.
 *
 * @category combinators
 * @since 0.1.0
 */
export const compareAsMultisets = (gold: Items, answer: Items, context: Context): Comparison => {
  if (gold.length !== answer.length) return different("structure")
  // What is written alike is matched first: it costs nothing.
  const rest = answer.slice()
  const open = gold.filter((item) => {
    const at = rest.findIndex((other) => Syntax.isSame(item, other))
    if (at >= 0) rest.splice(at, 1)
    return at < 0
  })
  const inOrder = compareInOrder(open, rest, context)
  if (isEqual(inOrder) || open.length > maxItems) return inOrder
  return all(
    lazily(open, (item) => {
      const { best, at } = closest(item, rest, context)
      if (isEqual(best)) rest.splice(at, 1)
      return best
    }),
  )
}

/**
 * Whether each item has an equal one on the other side.
 *
 * @category combinators
 * @since 0.1.0
 */
export const compareAsSets = (gold: Items, answer: Items, context: Context): Comparison => {
  if (gold.length === 0 || answer.length === 0)
    return gold.length === answer.length ? equal("structure") : different("structure")
  if (gold.length * answer.length > maxItems ** 2) return compareInOrder(gold, answer, context)
  const there = (): Comparison => all(lazily(gold, (item) => closest(item, answer, context).best))
  const back = (): Comparison => all(lazily(answer, (item) => closest(item, gold, flipped(context)).best))
  // The more items there are, the sooner one of them has no equal.
  const directions = gold.length < answer.length ? [back, there] : [there, back]
  return all(
    (function* () {
      for (const direction of directions) yield direction()
    })(),
  )
}

/** @category combinators */
export const compareLists = (gold: Items, answer: Items, context: Context): Comparison => {
  const dotted = [...gold, ...answer].some((item) => item._tag === "Ellipsis")
  if (dotted || context.options.lists === "ordered") return compareInOrder(gold, answer, context)
  return context.options.lists === "set"
    ? compareAsSets(gold, answer, context)
    : compareAsMultisets(gold, answer, context)
}

/**
 * Whether ratios of three and more terms are proportional: 1 : 2 : 3 is 2 : 4 : 6. Nothing for what is no ratio.
 *
 * @category combinators
 * @since 0.3.0
 */
export const compareRatios = (
  gold: Expression,
  answer: Expression,
  context: Context,
): Comparison | undefined => {
  const [g, a] = [ratioTerms(gold), ratioTerms(answer)]
  if (g === undefined || a === undefined) return undefined
  if (g.length !== a.length) return different("structure")
  // Every two terms of one stand to each other as those of the other: no term need be other than 0.
  const pairs = g.flatMap((_, i) => g.slice(i + 1).map((__, j) => [i, i + 1 + j] as const))
  const crossed = (x: Items, y: Items): Items =>
    pairs.map(([i, j]) => Make.binary("*", x[i] ?? Make.ellipsis, y[j] ?? Make.ellipsis))
  return compareInOrder(crossed(g, a), crossed(a, g), context)
}

const ratioTerms = (e: Expression): Items | undefined =>
  e._tag === "Call" && e.name === "ratio" ? e.arguments : undefined

type Tuple = Extract<Expression, { readonly _tag: "Tuple" }>

/** @category combinators */
export const compareTuples = (gold: Tuple, answer: Tuple, context: Context): Comparison => {
  const strict = context.options.brackets === "strict" && gold.items.length === 2
  if (strict && bracketsOf(gold) !== bracketsOf(answer)) return different("structure")
  return compareInOrder(gold.items, answer.items, context)
}

type Matrix = Extract<Expression, { readonly _tag: "Matrix" }>

/** @category combinators */
export const compareMatrices = (gold: Matrix, answer: Matrix, context: Context): Comparison => {
  const shape = ({ rows }: Matrix): string => rows.map((row) => row.length).join()
  return shape(gold) === shape(answer)
    ? compareInOrder(gold.rows.flat(), answer.rows.flat(), context)
    : different("structure")
}

// destructors

/**
 * The items of a list or a set: ± is two items, dots are the items they leave out, and a name before the first or before all is left out, as in n = 1, 2, 3.
 *
 * @category destructors
 * @since 0.1.0
 */
export const itemsOf = (items: Items): Items => {
  const expanded = Progression.writtenOut(items).flatMap((item) =>
    item._tag === "List"
      ? itemsOf(item.items)
      : item._tag !== "Number" && Syntax.contains(item, "PlusMinus")
        ? alternatives(item)
        : item,
  )
  const [first, ...rest] = expanded
  if (first === undefined) return expanded
  const assigned = expanded.map(Syntax.assignment)
  const name = assigned[0]?.name
  if (name === undefined) return expanded
  if (!rest.some((item) => item._tag === "Relation")) return [assigned[0]?.value ?? first, ...rest]
  const shared = assigned.every((a) => a?.name !== undefined && Syntax.isSame(a.name, name))
  return shared ? expanded.map((item, k) => assigned[k]?.value ?? item) : expanded
}

/**
 * A matrix, or its rows as lists do them: [[1, 2], [3, 4]].
 *
 * @category destructors
 * @since 0.3.0
 */
export const matrixOf = (e: Expression): Matrix | undefined => {
  if (e._tag === "Matrix") return e
  if (e._tag !== "Tuple" || e.open !== "[") return undefined
  const rows = e.items.flatMap((row) => (row._tag === "Tuple" && row.open === "[" ? [row.items] : []))
  return rows.length === e.items.length && rows.every((row) => row.length === rows[0]?.length)
    ? { _tag: "Matrix", rows }
    : undefined
}

/**
 * The coordinates of a vector, of one row or one column.
 *
 * @category destructors
 * @since 0.1.0
 */
export const vectorOf = ({ rows }: Matrix): Items | undefined =>
  rows.length === 1 || rows.every((row) => row.length === 1) ? rows.flat() : undefined

/**
 * An expression with ± as the expressions that it stands for: each sign for each ±, at most 16.
 *
 * @category destructors
 * @since 0.1.0
 */
export const alternatives = (e: Expression): Items => {
  let results: Items = [e]
  for (let round = 0; round < 4; round++)
    results = results.flatMap((item) =>
      Syntax.contains(item, "PlusMinus") ? [resolved(item, "+"), resolved(item, "-")] : [item],
    )
  return results
}

// numerics

/** Beyond, what is not written alike is compared in order only. */
const maxItems = 64

/** The innermost last ± with one sign. */
const resolved = (e: Expression, sign: "+" | "-"): Expression => {
  let done = false
  return Syntax.mapNodes(e, (node) => {
    if (node._tag !== "PlusMinus" || done) return node
    done = true
    return node.left === undefined ? Make.signed(sign, node.right) : Make.binary(sign, node.left, node.right)
  })
}

/** An infinite end is open, whatever its bracket. */
const bracketsOf = ({ open, close, items }: Tuple): string => {
  const [low, high] = items.map(Syntax.infinityOf)
  return (open === "[" && low === undefined ? "[" : "(") + (close === "]" && high === undefined ? "]" : ")")
}

const flipped = (context: Context): Context => ({
  ...context,
  compare: (gold, answer) => context.compare(answer, gold),
})

/** The comparison with the first equal item, or with the last that is not known to differ. */
const closest = (
  item: Expression,
  others: Items,
  context: Context,
): { readonly best: Comparison; readonly at: number } => {
  const same = others.findIndex((other) => Syntax.isSame(item, other))
  if (same >= 0) return { best: equal("structure"), at: same }
  let best: Comparison = different("structure")
  for (const [at, other] of others.entries()) {
    const comparison = context.compare(item, other)
    if (isEqual(comparison)) return { best: comparison, at }
    if (best._tag !== "Undecided") best = comparison
  }
  return { best, at: -1 }
}

function* lazily(items: Items, f: (item: Expression, k: number) => Comparison): Iterable<Comparison> {
  for (const [k, item] of items.entries()) yield f(item, k)
}
