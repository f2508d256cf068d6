/**
 * Which of the comparisons of collections is meant for two answers, one of which is a list, a set, a tuple or a matrix.
 *
 * What may be read as a set of real numbers and as items, (0, 1) beside x > 0, x < 1, is compared as what the other side is.
 */
import type { Expression } from "../Expression.ts"
import * as Collection from "./Collection.ts"
import { type Comparison, different, isDifferent } from "./Comparison.ts"
import type { Context } from "./Context.ts"
import * as Reading from "./Reading.ts"
import { compareRegions } from "./RealSet.ts"
import * as Region from "./Region.ts"
import * as Syntax from "./Syntax.ts"

// combinators

/**
 * Whether two answers, one of which has items, are equal.
 *
 * @category combinators
 * @since 0.3.0
 */
export const compareStructures = (gold: Expression, answer: Expression, context: Context): Comparison => {
  if (gold._tag === "Tuple" && answer._tag === "Tuple") return Collection.compareTuples(gold, answer, context)
  const [x, y] = [Collection.matrixOf(gold), Collection.matrixOf(answer)]
  if (x !== undefined && y !== undefined) return Collection.compareMatrices(x, y, context)
  const [g, a] = [orderedItems(gold), orderedItems(answer)]
  if (g !== undefined && a !== undefined) return Collection.compareInOrder(g, a, context)
  if (gold._tag === "List" && answer._tag === "List") return compareLists(gold, answer, context)
  const [s, t] = [unorderedItems(gold, context), unorderedItems(answer, context)]
  if (s !== undefined && t !== undefined) return Collection.compareAsSets(s, t, context)
  const [list, tuple] = gold._tag === "List" ? [gold, a] : answer._tag === "List" ? [answer, g] : []
  if (list === undefined || tuple === undefined) return different("structure")
  if (list.items.every(Region.isInequality))
    return compareSolved(gold, answer, context) ?? different("structure")
  // Coordinates: x = 1, y = 2 as (1, 2); and three or more bare items.
  const named = Reading.assignmentsOf(list)?.map((item) => Syntax.assignment(item)?.value ?? item)
  const items = named ?? (list.items.length > 2 ? list.items : undefined)
  if (items === undefined) return different("structure")
  return list === gold
    ? Collection.compareInOrder(items, tuple, context)
    : Collection.compareInOrder(tuple, items, context)
}

// numerics

type List = Extract<Expression, { readonly _tag: "List" }>

const compareLists = (gold: List, answer: List, context: Context): Comparison => {
  const items = Collection.compareLists(
    Collection.itemsOf(gold.items),
    Collection.itemsOf(answer.items),
    context,
  )
  // Pairs on both sides are points: only conditions make them intervals.
  const conditions = [gold, answer].some((list) => list.items.every(Region.isInequality))
  const solved = [...gold.items, ...answer.items].every(isSolved)
  if (!isDifferent(items) || !conditions || !solved) return items
  return compareSolved(gold, answer, context) ?? items
}

/** As sets of real numbers, where both are. */
const compareSolved = (gold: Expression, answer: Expression, { fuel }: Context): Comparison | undefined => {
  const [x, y] = [Region.regionOf(gold, fuel), Region.regionOf(answer, fuel)]
  return x && y && compareRegions(x, y, fuel)
}

const isSolved = (e: Expression): boolean => Region.isInequality(e) || e._tag === "Tuple"

/** The items of what has an order: a tuple, a vector. */
const orderedItems = (e: Expression): ReadonlyArray<Expression> | undefined =>
  e._tag === "Tuple" ? e.items : e._tag === "Matrix" ? Collection.vectorOf(e) : undefined

/** The items of what has none, or one item. */
const unorderedItems = (e: Expression, { options }: Context): ReadonlyArray<Expression> | undefined => {
  if (e._tag === "Set" || e._tag === "List") return Collection.itemsOf(e.items)
  if (e._tag === "Tuple") return options.setsAsTuples ? e.items : undefined
  if (!Syntax.isScalar(e)) return undefined
  return options.singletons || Syntax.contains(e, "PlusMinus") ? Collection.alternatives(e) : undefined
}
