/**
 * Sets of real numbers: intervals, unions, what inequalities in one variable say.
 *
 * Two sets are compared on the common refinement of the line: with all end points e₁ < … < e_k of both, each set is a union of
 * the 2k + 1 cells
 *
 *     (−∞, e₁), {e₁}, (e₁, e₂), …, {e_k}, (e_k, ∞)
 *
 * so a set is a row of 2k + 1 bits, union, intersection and difference are those of bits, and equality is equality. The order of
 * the end points is certified (`Scalar.signOf`); where it is not known, neither is the comparison.
 */
import type { Expression } from "../Expression.ts"
import * as Make from "../Expression.ts"
import { type Comparison, decided, undecided } from "./Comparison.ts"
import { type Fuel, isEmpty } from "./Fuel.ts"
import { signOf } from "./Scalar.ts"

// model

/**
 * A set of real numbers, as it was written.
 *
 * @category models
 * @since 0.1.0
 */
export type Region =
  | { readonly _tag: "All" }
  | { readonly _tag: "Empty" }
  /** Numbers below a bound, or up to it. */
  | { readonly _tag: "Below"; readonly bound: Expression; readonly closed: boolean }
  | { readonly _tag: "Complement"; readonly region: Region }
  | { readonly _tag: "Union" | "Intersection"; readonly regions: ReadonlyArray<Region> }

// constructors

/** @category constructors */
export const below = (bound: Expression, closed: boolean): Region => ({ _tag: "Below", bound, closed })

/** @category constructors */
export const above = (bound: Expression, closed: boolean): Region => complement(below(bound, !closed))

/** @category constructors */
export const point = (value: Expression): Region => intersection([below(value, true), above(value, true)])

/** @category constructors */
export const complement = (region: Region): Region => ({ _tag: "Complement", region })

/** @category constructors */
export const union = (regions: ReadonlyArray<Region>): Region => ({ _tag: "Union", regions })

/** @category constructors */
export const intersection = (regions: ReadonlyArray<Region>): Region => ({ _tag: "Intersection", regions })

// combinators

/**
 * Whether two sets are equal.
 *
 * @category combinators
 * @since 0.1.0
 */
export const compareRegions = (a: Region, b: Region, fuel: Fuel): Comparison => {
  const ends = sorted([...boundsOf(a), ...boundsOf(b)], fuel)
  if (ends === undefined) return undecided(isEmpty(fuel) ? "budget" : "undefined", "real-set")
  const [x, y] = [cellsOf(a, ends), cellsOf(b, ends)]
  return decided(
    x.every((bit, k) => bit === y[k]),
    "real-set",
  )
}

// numerics

/** An end point, with all expressions that are equal to it. */
type End = ReadonlyArray<Expression>

/** More end points than any answer has. */
const maxBounds = 64

const boundsOf = (region: Region): ReadonlyArray<Expression> => {
  switch (region._tag) {
    case "Below":
      return [region.bound]
    case "Complement":
      return boundsOf(region.region)
    case "Union":
    case "Intersection":
      return region.regions.flatMap(boundsOf)
    case "All":
    case "Empty":
      return []
  }
}

/** The end points in increasing order, equal ones together, by insertion. */
const sorted = (bounds: ReadonlyArray<Expression>, fuel: Fuel): ReadonlyArray<End> | undefined => {
  if (bounds.length > maxBounds) return undefined
  let ends: ReadonlyArray<End> = []
  for (const bound of bounds) {
    let [low, high] = [0, ends.length]
    let found: number | undefined
    while (low < high && found === undefined) {
      const middle = (low + high) >> 1
      const other = ends[middle]?.[0]
      const order = other === undefined ? undefined : signOf(Make.binary("-", bound, other), fuel)
      if (order === undefined) return undefined
      if (order === 0) found = middle
      else if (order < 0) high = middle
      else low = middle + 1
    }
    ends =
      found === undefined
        ? [...ends.slice(0, low), [bound], ...ends.slice(low)]
        : ends.map((end, k) => (k === found ? [...end, bound] : end))
  }
  return ends
}

/** Which of the 2k + 1 cells belong to a set. */
const cellsOf = (region: Region, ends: ReadonlyArray<End>): ReadonlyArray<boolean> => {
  const cells = 2 * ends.length + 1
  const all = (f: (k: number) => boolean): ReadonlyArray<boolean> =>
    Array.from({ length: cells }, (_, k) => f(k))
  switch (region._tag) {
    case "All":
      return all(() => true)
    case "Empty":
      return all(() => false)
    case "Below": {
      const at = 2 * ends.findIndex((end) => end.includes(region.bound)) + 1
      return all((k) => k < at || (region.closed && k === at))
    }
    case "Complement":
      return cellsOf(region.region, ends).map((bit) => !bit)
    case "Union":
    case "Intersection": {
      const rows = region.regions.map((r) => cellsOf(r, ends))
      return all((k) => (region._tag === "Union" ? rows.some((row) => row[k]) : rows.every((row) => row[k])))
    }
  }
}
