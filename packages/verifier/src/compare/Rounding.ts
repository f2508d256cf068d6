/**
 * Decimals that stand for the number that they round.
 *
 *     d = round(a, k)   iff   |a − d| <= 10^{−k}/2            (a tie is rounded both ways)
 *     d = trunc(a, k)   iff   0 <= (a − d) sgn a < 10^{−k}
 *
 * decided exactly, by certified signs, never by floating point. `Options.rounding` says from how many digits on.
 */
import type { Expression } from "../Expression.ts"
import * as Rational from "../Rational.ts"
import { canonical } from "./Canonical.ts"
import { type Comparison, equal } from "./Comparison.ts"
import type { Context } from "./Context.ts"
import * as P from "./Polynomial.ts"
import { signOfForm } from "./Scalar.ts"
import * as Syntax from "./Syntax.ts"

// combinators

/**
 * Equality by rounding, if it applies.
 *
 * @category combinators
 * @since 0.1.0
 */
export const compareRounded = (
  gold: Expression,
  answer: Expression,
  context: Context,
): Comparison | undefined => {
  const { rounding } = context.options
  if (rounding === "off") return undefined
  const [g, a] = [decimalOf(gold), decimalOf(answer)]
  if (a !== undefined && g === undefined)
    return rounds(gold, a, context) ? equal("rounded-decimal") : undefined
  if (g !== undefined && a === undefined && rounding.symmetric)
    return rounds(answer, g, context) ? equal("rounded-decimal") : undefined
  return undefined
}

// numerics

interface Decimal {
  readonly value: Rational.Rational
  readonly decimals: number
}

/** A number that was written with a decimal point. */
const decimalOf = (e: Expression): Decimal | undefined => {
  if (e._tag === "Number")
    return e.decimals === undefined || e.decimals === 0 ? undefined : { value: e.value, decimals: e.decimals }
  if (e._tag !== "Signed") return undefined
  const operand = decimalOf(e.operand)
  return operand && (e.sign === "-" ? { ...operand, value: Rational.negate(operand.value) } : operand)
}

const rounds = (exact: Expression, { value, decimals }: Decimal, { options, fuel }: Context): boolean => {
  if (options.rounding === "off" || decimals < options.rounding.minimumDecimals || decimals > 1000)
    return false
  const digits = scaled(value, decimals).toString().length
  if (digits < options.rounding.minimumSignificant || Syntax.contains(exact, ...notExact)) return false
  if (isInteger(exact)) return false
  const form = canonical(exact, fuel)
  const unit = Rational.power(Rational.fromInteger(10n), -decimals)
  if (form === undefined || unit._tag === "Left") return false
  // The distance from the decimal, counted away from 0.
  const distance = P.subtract(form, P.constant(value))
  const outward = value.numerator < 0n ? P.negate(distance) : distance
  const order = (bound: Rational.Rational): -1 | 0 | 1 | undefined =>
    signOfForm(P.subtract(outward, P.constant(bound)), fuel)
  const half = Rational.multiply(unit.right, Rational.fromDecimal(5n, 1))
  const lowest = order(Rational.negate(half))
  if (lowest === undefined || lowest < 0) return false
  const nearest = order(half)
  if (nearest === undefined || nearest <= 0) return nearest !== undefined
  return options.rounding.truncation && order(unit.right) === -1
}

/** No single exact number is written with these. */
const notExact = ["Variable", "Call", "PlusMinus"] as const

/** An integer is itself: 4.9999999 does not round it. */
const isInteger = (e: Expression): boolean => {
  const value = Syntax.numberOf(e)
  return value !== undefined && Rational.isInteger(value)
}

/** The digits of a decimal as one integer, without sign. */
const scaled = (value: Rational.Rational, decimals: number): bigint => {
  const digits = (value.numerator * 10n ** BigInt(decimals)) / value.denominator
  return digits < 0n ? -digits : digits
}
