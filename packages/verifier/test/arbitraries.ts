import * as fc from "fast-check"
import * as E from "fp-ts/lib/Either.js"
import { Expression, Rational } from "@rapo/verifier"

const fraction = (numerator: bigint, denominator: bigint): Rational.Rational =>
  E.getOrElse(() => Rational.zero)(Rational.fromFraction(numerator, denominator))

const integer = fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n })

/** Rationals of all sizes; small ones often, so that equal pairs occur. */
export const rational: fc.Arbitrary<Rational.Rational> = fc.oneof(
  fc.tuple(fc.bigInt({ min: -6n, max: 6n }), fc.bigInt({ min: 1n, max: 4n })).map(([a, b]) => fraction(a, b)),
  fc.tuple(integer, fc.bigInt({ min: 1n, max: 10n ** 12n })).map(([a, b]) => fraction(a, b)),
)

/** Integers as fractions' parts. */
export const bigint = integer

/** What digits can spell: non-negative, with a finite decimal. */
export const literal: fc.Arbitrary<Rational.Rational> = fc
  .tuple(fc.bigInt({ min: 0n, max: 10n ** 9n }), fc.integer({ min: 0, max: 6 }))
  .map(([digits, places]) => fraction(digits, 10n ** BigInt(places)))

export const operator: fc.Arbitrary<Expression.Operator> = fc.constantFrom("+", "-", "*", "/")

/** Expressions of every shape. */
export const expression: fc.Arbitrary<Expression.Expression> = fc.letrec<{ e: Expression.Expression }>(
  (tie) => ({
    e: fc.oneof(
      { maxDepth: 5, depthSize: "small" },
      literal.map((value) => Expression.number(value)),
      fc.tuple(operator, tie("e"), tie("e")).map(([o, a, b]) => Expression.binary(o, a, b)),
      fc.tuple(fc.constantFrom<Expression.Sign>("+", "-"), tie("e")).map(([s, a]) => Expression.signed(s, a)),
      fc
        .tuple(tie("e"), fc.integer({ min: 0, max: 4 }))
        .map(([a, n]) => Expression.power(a, Expression.number(Rational.fromInteger(n)))),
    ),
  }),
).e

/** One rational, spelled in two ways out of those that mean it. */
export const twoSpellings: fc.Arbitrary<readonly [string, string]> = fc
  .tuple(rational, fc.integer({ min: 1, max: 9 }), fc.nat(), fc.nat())
  .map(([a, k, i, j]) => {
    const all = spellings(a, BigInt(k))
    return [all[i % all.length] ?? "", all[j % all.length] ?? ""] as const
  })

const spellings = (a: Rational.Rational, k: bigint): ReadonlyArray<string> => {
  const sign = a.numerator < 0n ? "-" : ""
  const [n, d] = [a.numerator < 0n ? -a.numerator : a.numerator, a.denominator]
  const oneDigitEach = n < 10n && d < 10n
  const decimal = Rational.showDecimal(a)
  return [
    Rational.show(a),
    ` $${sign}${n} / ${d}$ `,
    `${sign}${n * k}/${d * k}`,
    `${sign}\\frac{${n}}{${d}}`,
    `${sign}\\dfrac {${n * k}} {${d * k}}`,
    `\\left(${sign}${n} \\div ${d}\\right)`,
    `${sign === "" ? "" : "−"}${n}\\,÷\\,${d}`,
    `(${sign}${grouped(n, "{,}")})/${grouped(d, "{,}")}`,
    ...(oneDigitEach ? [`${sign}\\frac${n}${d}`, `${sign}\\tfrac ${n}{${d}}`] : []),
    ...(decimal._tag === "Some" ? [decimal.value, `${decimal.value} \\cdot 1`] : []),
    ...(Rational.isInteger(a) ? [`${sign}${grouped(n, ",")}`, `${a.numerator}.0`, `+${sign}${n}`] : []),
  ]
}

const grouped = (n: bigint, separator: string): string => `${n}`.replaceAll(/\B(?=(?:\d{3})+$)/g, separator)

/** Strings made of what the grammar, LaTeX and prose are made of: far likelier to get deep into a parser than noise. */
export const mathematicalText: fc.Arbitrary<string> = fc
  .array(
    fc.constantFrom(
      ...Array.from("0123456789.,+-*/^()[]{}$\\=x #:\n−×÷"),
      "\\boxed{",
      "\\fbox{",
      "\\frac",
      "\\frac{",
      "\\left(",
      "\\(",
      "\\)",
      "\\[",
      "\\]",
      "$$",
      "####",
      "answer is ",
      "1,234",
      "**",
    ),
    { maxLength: 60 },
  )
  .map((parts) => parts.join(""))

/** Anything at all. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: "binary", maxLength: 200 }),
  fc.string({ unit: "grapheme", maxLength: 200 }),
  mathematicalText,
)

/** Box content: braces balanced, no backslash that would hide one. */
export const balanced: fc.Arbitrary<string> = fc.letrec<{ text: string }>((tie) => ({
  text: fc.oneof(
    { maxDepth: 4 },
    fc.string({ maxLength: 6 }).map((s) => s.replaceAll(/[{}\\]/g, "")),
    tie("text").map((s) => `{${s}}`),
    fc.tuple(tie("text"), tie("text")).map(([a, b]) => `${a}${b}`),
  ),
})).text

/** Text without a box. */
export const unboxed: fc.Arbitrary<string> = fc.string({ maxLength: 30 }).map((s) => s.replaceAll("\\", ""))
