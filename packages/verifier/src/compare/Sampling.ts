/**
 * Equality of expressions with variables, by their values at random points.
 *
 *     Different:  at some point the enclosures of the two values do not meet, which is a proof
 *     Equal:      at `points` points the values agree to 64 bits and more
 *
 * The error of Equal: for points drawn at random, a polynomial of degree d that is not 0 vanishes at one with probability at most
 * d/|S|, |S| >= 2^17 values for each variable (Schwartz and Zippel), so at six with less than 10^{-21} for d <= 30; an analytic function
 * that is not 0 vanishes with probability 0, and none is known that is near 0 to 64 bits at six such points. The points are
 * drawn from a hash of the names, so that the same answers get the same comparison: whoever knows it could construct a
 * counterexample, of a degree that no answer has. Natural numbers, which only formulas without values at real points
 * see, are smaller than 60: there Equal rests on agreement at six of them.
 *
 * Points are real and the calculation stays in the real numbers, as the domain of an answer does: `√(1/n) = 1/√n` is decided at
 * n > 0. Where too few points have values, natural numbers are tried (for n!), then complex arithmetic. Sums and products with open
 * bounds are written out at natural numbers, and have values nowhere else.
 */
import type { Expression } from "../Expression.ts"
import * as Rational from "../Rational.ts"
import * as Bound from "./Bound.ts"
import { canonical } from "./Canonical.ts"
import * as Enclose from "./Enclose.ts"
import { type Fuel, isEmpty } from "./Fuel.ts"
import * as P from "./Polynomial.ts"
import * as Rectangle from "./Rectangle.ts"

// model

/** @category models */
export type Outcome = "agree" | "apart" | "unknown"

/**
 * How many points have to agree.
 *
 * @category models
 * @since 0.1.0
 */
export const points = 6

// combinators

/**
 * Whether two expressions agree at random points.
 *
 * @category combinators
 * @since 0.1.0
 */
export const agree = (a: Expression, b: Expression, fuel: Fuel): Outcome => {
  const open = Bound.isOpen(a) || Bound.isOpen(b)
  for (const { attempts, real, natural, draw } of campaigns) {
    if (open && !natural) continue
    let agreeing = 0
    for (let attempt = 0; attempt < attempts && (attempt < leastAttempts || agreeing < points); attempt++) {
      const valueOf = valuation(attempt, draw, fuel)
      const [x, y] = open ? [Bound.at(a, valueOf), Bound.at(b, valueOf)] : [a, b]
      if (open && (Bound.isOpen(x) || Bound.isOpen(y))) return "unknown"
      const outcome = at({ valueOf, real }, x, y, fuel)
      if (outcome === "apart") return "apart"
      if (outcome === "agree") agreeing++
      if (isEmpty(fuel)) return "unknown"
    }
    if (agreeing >= points) return "agree"
  }
  return "unknown"
}

// numerics

/** Each kind of point is tried twice before anything is believed. */
const leastAttempts = 8

interface Campaign {
  readonly attempts: number
  readonly real: boolean
  /** The numbers that sums are written out for. */
  readonly natural: boolean
  readonly draw: (random: number, attempt: number) => Rational.Rational
}

/** A prime denominator: sums of the values are no short fractions. */
const denominator = 131_071n

const fraction = (numerator: number): Rational.Rational =>
  Rational.Field.div(Rational.fromInteger(numerator), Rational.fromInteger(denominator))

const campaigns: ReadonlyArray<Campaign> = [
  {
    attempts: 48,
    real: true,
    natural: false,
    // Reals in (−8, 0), in (0, 8), in (−4, 4) and in (0, 1), in turn: domains are seldom disjoint from all of these.
    draw: (random, attempt) => {
      switch (attempt % 4) {
        case 0:
          return fraction(-random - 1)
        case 1:
          return fraction(random + 1)
        case 2:
          return fraction(random - 2 ** 19)
        default:
          return fraction((random % 131_071) + 1)
      }
    },
  },
  {
    attempts: 12,
    real: true,
    natural: true,
    // Growing with the attempts, so that the points differ also where there is one variable.
    draw: (random, attempt) => Rational.fromInteger(3 + 3 * attempt + (random % (3 + 2 * attempt))),
  },
  { attempts: 12, real: false, natural: false, draw: (random) => fraction(random - 2 ** 19) },
]

/** One point: each variable, and each call of an unknown function by its canonical arguments, has a value drawn from its name. */
const valuation = (
  attempt: number,
  draw: Campaign["draw"],
  fuel: Fuel,
): ((name: Expression) => Rational.Rational | undefined) => {
  const known = new Map<string, Rational.Rational>()
  return (name) => {
    const form = name._tag === "Variable" ? undefined : canonical(name, fuel)
    const key = name._tag === "Variable" ? name.name : form && P.keyOf(form)
    if (key === undefined) return undefined
    const value = known.get(key) ?? draw(hash(`${attempt} ${key}`) % 2 ** 20, attempt)
    known.set(key, value)
    return value
  }
}

/** FNV-1a with a final mixing (the finaliser of MurmurHash3): the same text gives the same point on every machine. */
const hash = (text: string): number => {
  let h = 0x811c9dc5
  for (let k = 0; k < text.length; k++) h = Math.imul(h ^ text.charCodeAt(k), 0x01000193)
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

const at = (environment: Enclose.Environment, a: Expression, b: Expression, fuel: Fuel): Outcome => {
  for (const precision of [96, 256]) {
    const left = Enclose.enclose(a, precision, fuel, environment)
    const right = left && Enclose.enclose(b, precision, fuel, environment)
    if (left === undefined || right === undefined) continue
    const difference = Rectangle.add(left, Rectangle.negate(right), precision)
    if (!Rectangle.containsZero(difference)) return "apart"
    const scale = Math.max(Rectangle.magnitude(left), Rectangle.magnitude(right))
    const distance = Rectangle.magnitude(difference)
    // Two exact zeros agree, but say little; all else has to agree to 64 bits of its own size.
    if (distance === -Infinity || distance < scale - 64) return "agree"
  }
  return "unknown"
}
