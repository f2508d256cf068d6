/**
 * Sines and cosines at rational multiples of π, and their inverses, as canonical forms.
 *
 *     cos(π/12) = (√6 + √2)/4,   cos(π/8) = √(2 + √2)/2,   cos(π/5) = (1 + √5)/4,   …
 *
 * Other angles are reduced to `cos(qπ)` with 0 < q < 1/2, an atom.
 */
import * as E from "fp-ts/lib/Either.js"
import * as Rational from "../Rational.ts"
import * as Atoms from "./Atoms.ts"
import * as Fuel from "./Fuel.ts"
import type { Polynomial } from "./Polynomial.ts"
import * as P from "./Polynomial.ts"
import * as Power from "./Power.ts"

type Q = Rational.Rational

// constructors

/**
 * cos(qπ).
 *
 * @category constructors
 * @since 0.1.0
 */
export const cosine = (q: Q): Polynomial => {
  const turned = Rational.subtract(q, Rational.fromInteger(2n * P.floor(Rational.multiply(q, half))))
  const upper = isAtMost(turned, Rational.one) ? turned : Rational.subtract(two, turned)
  if (!isAtMost(upper, half)) return P.negate(cosine(Rational.subtract(Rational.one, upper)))
  return table().get(Rational.show(upper)) ?? P.fromAtom(Atoms.cosine(upper))
}

/**
 * sin(qπ).
 *
 * @category constructors
 * @since 0.1.0
 */
export const sine = (q: Q): Polynomial => cosine(Rational.subtract(half, q))

/**
 * The q in [0, 1] with cos(qπ) = p, if it is in the table.
 *
 * @category destructors
 * @since 0.1.0
 */
export const arccosine = (p: Polynomial): Q | undefined => inverse().cosines.get(P.keyOf(p))

/**
 * The q in (−1/2, 1/2) with tan(qπ) = p, if it is in the table.
 *
 * @category destructors
 * @since 0.1.0
 */
export const arctangent = (p: Polynomial): Q | undefined => inverse().tangents.get(P.keyOf(p))

/**
 * The rational q of a form qπ.
 *
 * @category destructors
 * @since 0.1.0
 */
export const multipleOfPi = (p: Polynomial): Q | undefined => {
  if (P.isZero(p)) return Rational.zero
  return p.size === 1 ? p.get(piKey)?.coefficient : undefined
}

/**
 * The form qπ.
 *
 * @category constructors
 * @since 0.1.0
 */
export const piTimes = (q: Q): Polynomial => P.scale(q, P.fromAtom(Atoms.pi))

// numerics

const half = Rational.fromDecimal(5n, 1)
const two = Rational.fromInteger(2n)
const piKey = P.keyOfFactors([{ atom: Atoms.pi, exponent: Rational.one }])

const isAtMost = (a: Q, b: Q): boolean => Rational.Ord.compare(a, b) <= 0

const fraction = (a: number, b: number): Q =>
  E.getOrElse(() => Rational.zero)(Rational.fromFraction(BigInt(a), BigInt(b)))

/** A square root; the numbers of the tables are small, so it exists and costs nothing that counts. */
const root = (p: Polynomial): Polynomial => Power.squareRoot(p, Fuel.make(1_000_000)) ?? P.zero

const int = (n: number): Polynomial => P.constant(Rational.fromInteger(n))

const over = (denominator: number, p: Polynomial): Polynomial => P.scale(fraction(1, denominator), p)

const lazy = <A>(make: () => A): (() => A) => {
  let made: { readonly value: A } | undefined
  return () => (made ??= { value: make() }).value
}

const table = lazy((): ReadonlyMap<string, Polynomial> => {
  const [r2, r3, r5, r6] = [root(int(2)), root(int(3)), root(int(5)), root(int(6))]
  const nested = (a: number, b: number, r: Polynomial): Polynomial =>
    root(P.add(int(a), P.scale(fraction(b, 1), r)))
  return new Map([
    ["0", P.one],
    ["1/12", over(4, P.add(r6, r2))],
    ["1/10", over(4, nested(10, 2, r5))],
    ["1/8", over(2, nested(2, 1, r2))],
    ["1/6", over(2, r3)],
    ["1/5", over(4, P.add(r5, P.one))],
    ["1/4", over(2, r2)],
    ["3/10", over(4, nested(10, -2, r5))],
    ["1/3", over(2, P.one)],
    ["3/8", over(2, nested(2, -1, r2))],
    ["2/5", over(4, P.subtract(r5, P.one))],
    ["5/12", over(4, P.subtract(r6, r2))],
    ["1/2", P.zero],
  ])
})

const inverse = lazy(() => {
  const [r2, r3] = [root(int(2)), root(int(3))]
  const tangents: ReadonlyArray<readonly [Q, Polynomial]> = [
    [fraction(0, 1), P.zero],
    [fraction(1, 12), P.subtract(int(2), r3)],
    [fraction(1, 8), P.subtract(r2, P.one)],
    [fraction(1, 6), over(3, r3)],
    [fraction(1, 4), P.one],
    [fraction(1, 3), r3],
    [fraction(3, 8), P.add(r2, P.one)],
    [fraction(5, 12), P.add(int(2), r3)],
  ]
  return {
    cosines: new Map(
      Array.from(table(), ([q, p]) => [q.split("/"), p] as const).flatMap(([[a, b], p]) => {
        const q = fraction(Number(a), Number(b ?? 1))
        return [[P.keyOf(p), q] as const, [P.keyOf(P.negate(p)), Rational.subtract(Rational.one, q)] as const]
      }),
    ),
    tangents: new Map(
      tangents.flatMap(([q, p]) => [
        [P.keyOf(p), q] as const,
        [P.keyOf(P.negate(p)), Rational.negate(q)] as const,
      ]),
    ),
  }
})
