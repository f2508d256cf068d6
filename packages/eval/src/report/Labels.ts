/**
 * Where labels go, so that they name what they stand beside and never each other's.
 *
 * **Laws**
 * 1. `spread` keeps the order and the gap, and moves nothing that needs no moving.
 * 2. Boxes that `place` keeps do not overlap, nor cover a dot.
 */
import * as Axis from "./Axis.ts"
import { printable } from "./Markup.ts"

// model

/**
 * A rectangle, in pixels.
 *
 * @category models
 * @since 0.1.0
 */
export interface Box {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/**
 * A dot that wants its label beside it.
 *
 * @category models
 * @since 0.1.0
 */
export interface Dot {
  readonly x: number
  readonly y: number
  readonly label: string
}

/**
 * A label that found room: the left end of its middle line.
 *
 * @category models
 * @since 0.1.0
 */
export interface Placed {
  readonly dot: number
  readonly x: number
  readonly y: number
  readonly text: string
  /** Too far off to be read as its dot's without a line between them. */
  readonly isFar: boolean
}

// constants

/** The type size of labels, in pixels. */
export const fontSize = 11

/** The room that one line of labels takes, in pixels. */
export const lineHeight = 13

/** The mean advance of a letter in the sans-serif faces of the theme, in ems; no canvas is there to measure. */
const advance = 0.56

// destructors

/**
 * The width of a label, roughly.
 *
 * @category destructors
 * @since 0.1.0
 */
export const width = (label: string): number => Array.from(label).length * advance * fontSize

/**
 * A label on one line and of at most `most` characters.
 *
 * @category destructors
 * @since 0.1.0
 */
export const short = (label: string, most: number = 18): string => {
  const characters = Array.from(printable(label).replaceAll(/\s+/g, " ").trim())
  return characters.length <= most ? characters.join("") : `${characters.slice(0, most - 1).join("")}…`
}

/**
 * Positions at least `gap` apart and within [low, high] where they fit, as near to the wanted ones as that allows
 * in the least-squares sense.
 *
 *     min Σ (y_i - wanted_i)²   subject to   y_(i+1) - y_(i) >= gap
 *
 * **Numerics** With z_i = y_(i) - i·gap this is isotonic regression: pooling adjacent violators solves it.
 * **Source**   Barlow, Bartholomew, Bremner & Brunk (1972), section 1.2.
 *
 * @category combinators
 * @since 0.1.0
 */
export const spread = (
  wanted: ReadonlyArray<number>,
  gap: number,
  low: number,
  high: number,
): ReadonlyArray<number> => {
  const order = wanted.map((_, i) => i).toSorted((a, b) => (wanted[a] ?? 0) - (wanted[b] ?? 0) || a - b)
  const pooled = order
    .map((i, rank) => ({ total: (wanted[i] ?? 0) - rank * gap, count: 1 }))
    .reduce<ReadonlyArray<Pool>>((pools, pool) => pooling(pools, pool), [])
    .flatMap(({ total, count }) => Array.from({ length: count }, () => total / count))
  const last = Math.max(low, high - (wanted.length - 1) * gap)
  const positions = new Float64Array(wanted.length)
  for (const [rank, i] of order.entries())
    positions[i] = Math.min(last, Math.max(low, pooled[rank] ?? 0)) + rank * gap
  return [...positions]
}

/**
 * Labels of lines that end at some values of an axis, moved apart, in the axis's values.
 *
 * @category combinators
 * @since 0.1.0
 */
export const atEnds = <A extends { readonly y: number; readonly text: string }>(
  ends: ReadonlyArray<A>,
  axis: Axis.Axis,
  length: number,
): ReadonlyArray<A> => {
  const wanted = ends.map(({ y }) => Axis.pixel(axis, length, y))
  const positions = spread(wanted, lineHeight, 0, length)
  return ends.map((end, index) => ({
    ...end,
    y: Axis.valueAt(axis, length, positions[index] ?? 0),
    text: short(end.text),
  }))
}

/**
 * Labels beside their dots: right, left, above or below, then a little further off, the first that is free. A label
 * without a free place is left out; dots are served in order, so the important ones come first.
 *
 * @category combinators
 * @since 0.1.0
 */
export const place = (dots: ReadonlyArray<Dot>, frame: Box): ReadonlyArray<Placed> => {
  const obstacles = dots.map(({ x, y }) => around(x, y, dotRadius))
  return dots.reduce<ReadonlyArray<Placed>>((placed, dot, index) => {
    const taken = [...obstacles, ...placed.map(boxOf)]
    const free = candidates(dot, index).find((candidate) => {
      const box = boxOf(candidate)
      return inside(box, frame) && taken.every((other) => !overlap(box, other))
    })
    return free === undefined || free.text === "" ? placed : [...placed, free]
  }, [])
}

/**
 * The room of a placed label.
 *
 * @category destructors
 * @since 0.1.0
 */
export const boxOf = ({ x, y, text }: Placed): Box => ({
  left: x,
  right: x + width(text),
  top: y - lineHeight / 2,
  bottom: y + lineHeight / 2,
})

/**
 * The point of a placed label that is nearest to its dot: the end of a line between them.
 *
 * @category destructors
 * @since 0.1.0
 */
export const anchor = (placed: Placed, dot: Dot): { readonly x: number; readonly y: number } => {
  const { left, right, top, bottom } = boxOf(placed)
  return { x: Math.min(right, Math.max(left, dot.x)), y: Math.min(bottom, Math.max(top, dot.y)) }
}

/**
 * Whether two rectangles share an inner point.
 *
 * @category refinements
 * @since 0.1.0
 */
export const overlap = (a: Box, b: Box): boolean =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom

// numerics

/** Dots are 10 pixels wide. */
const dotRadius = 5

/** How far labels stand off, in pixels, and up to where they need no line. */
const distances = [8, 14, 24, 36, 50, 66]
const nearby = 14

interface Pool {
  readonly total: number
  readonly count: number
}

const pooling = (pools: ReadonlyArray<Pool>, pool: Pool): ReadonlyArray<Pool> => {
  const last = pools.at(-1)
  return last === undefined || last.total / last.count <= pool.total / pool.count
    ? [...pools, pool]
    : pooling(pools.slice(0, -1), { total: last.total + pool.total, count: last.count + pool.count })
}

const around = (x: number, y: number, radius: number): Box => ({
  left: x - radius,
  right: x + radius,
  top: y - radius,
  bottom: y + radius,
})

const inside = (box: Box, frame: Box): boolean =>
  box.left >= frame.left && box.right <= frame.right && box.top >= frame.top && box.bottom <= frame.bottom

const candidates = ({ x, y, label }: Dot, dot: number): ReadonlyArray<Placed> =>
  distances.flatMap((distance) => {
    const at = (x: number, y: number): Placed => ({ dot, x, y, text: label, isFar: distance > nearby })
    const [wide, high] = [width(label), distance + lineHeight / 2 - 4]
    return [
      at(x + distance, y),
      at(x - distance - wide, y),
      at(x - wide / 2, y - high),
      at(x - wide / 2, y + high),
      at(x + distance / 2, y - high),
      at(x + distance / 2, y + high),
      at(x - wide - distance / 2, y - high),
      at(x - wide - distance / 2, y + high),
    ]
  })
