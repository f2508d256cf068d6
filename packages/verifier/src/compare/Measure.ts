/**
 * Scalars as they are written: with a unit, a percent sign, in a base, rounded.
 *
 * 1. Two units of the table are compared with their factors: 100 cm = 1 m. Two that measure different things contradict.
 * 2. A unit that one side leaves out, and words that are no unit, leave it to the value (`Options.missingUnits`).
 * 3. 90° is the number π/2, and where the other side is a bare number also 90.
 * 4. A base that one side leaves out is like a unit: 204 may answer 204₅.
 * 5. `Options.percent` says what 50% equals beside itself.
 */
import * as Make from "../Expression.ts"
import type { Expression } from "../Expression.ts"
import * as Rational from "../Rational.ts"
import { any, type Comparison, decided, different, equal, isEqual } from "./Comparison.ts"
import type { Context } from "./Context.ts"
import * as Rounding from "./Rounding.ts"
import { compareScalars } from "./Scalar.ts"
import * as Unit from "./Unit.ts"

// combinators

/**
 * Whether two scalars, with what is written around them, are equal.
 *
 * @category combinators
 * @since 0.1.0
 */
export const compareMeasures = (gold: Expression, answer: Expression, context: Context): Comparison => {
  if (gold._tag === "Time" || answer._tag === "Time") return compareTimes(gold, answer, context)
  if (gold._tag === "InBase" && answer._tag === "InBase" && gold.base === answer.base)
    return decided(Rational.Eq.equals(gold.value, answer.value), "base")
  if (context.options.missingUnits && isSameDigits(gold, answer)) return equal("base")
  const [g, a] = [measureOf(gold), measureOf(answer)]
  if (g.unit === undefined && a.unit === undefined) return compareValues(gold, answer, context)
  if (g.unit !== undefined && a.unit !== undefined) return compareUnits(g, a, context)
  return g.unit === undefined
    ? compareBare(a, gold, "answer", context)
    : compareBare(g, answer, "gold", context)
}

// numerics

/** 204 beside 204₅: the base is left out, as a unit may be. */
const isSameDigits = (a: Expression, b: Expression): boolean => {
  if (a._tag !== "InBase") return b._tag === "InBase" && isSameDigits(b, a)
  return b._tag === "Number" && b.decimals === undefined && `${b.value.numerator}` === a.digits
}

interface Measure {
  readonly value: Expression
  readonly unit: string | undefined
}

const percent = "%"
const degree = "degree"

/** The value and the unit that is written after it. */
const measureOf = (e: Expression): Measure => {
  if (e._tag === "Quantity") return { value: e.value, unit: e.unit }
  if (e._tag === "Percent") return { value: e.value, unit: percent }
  if (e._tag === "Apply" && e.function === "degrees" && e.arguments[0] !== undefined)
    return { value: e.arguments[0], unit: degree }
  const bare = { value: e, unit: undefined }
  if (e._tag !== "Signed") return bare
  const { value, unit } = measureOf(e.operand)
  return unit === undefined ? bare : { value: Make.signed(e.sign, value), unit }
}

/** Two values without units, or with the same. */
const compareValues = (gold: Expression, answer: Expression, context: Context): Comparison => {
  const exact = compareScalars(gold, answer, context.fuel)
  return isEqual(exact) ? exact : (Rounding.compareRounded(gold, answer, context) ?? exact)
}

const compareUnits = (gold: Measure, answer: Measure, context: Context): Comparison => {
  const [g, a] = [gold.unit ?? "", answer.unit ?? ""]
  const known = isKnown(g) && isKnown(a)
  if (g === a || !known) {
    const values = compareValues(gold.value, answer.value, context)
    return g === a ? values : withRule(values, "unit")
  }
  if (g === percent || a === percent) return different("unit")
  const converted = compareScalars(Make.quantity(gold.value, g), Make.quantity(answer.value, a), context.fuel)
  return withRule(converted, "unit")
}

const isKnown = (unit: string): boolean => unit === percent || Unit.isKnown(unit)

/** A measure against a bare number. */
const compareBare = (
  { value, unit }: Measure,
  bare: Expression,
  side: "gold" | "answer",
  context: Context,
): Comparison => {
  const against = (e: Expression): Comparison =>
    side === "gold" ? compareValues(e, bare, context) : compareValues(bare, e, context)
  if (unit === percent) {
    const asNumber = (): Comparison => withRule(against(value), "percent")
    const asFraction = (): Comparison => withRule(against(Make.percent(value)), "percent")
    switch (context.options.percent) {
      case "number":
        return asNumber()
      case "fraction":
        return asFraction()
      case "either":
        return any(asNumber(), asFraction)
      case "strict":
        return different("percent")
    }
  }
  const inRadians = (): Comparison => against(Make.apply("degrees", value))
  if (!context.options.missingUnits) return unit === degree ? inRadians() : different("unit")
  const plain = withRule(against(value), "unit")
  return unit === degree ? any(plain, inRadians) : plain
}

/** Equality by a convention carries its name; a difference that of the values. */
const withRule = (c: Comparison, rule: "unit" | "percent"): Comparison =>
  c._tag === "Equal" ? { _tag: "Equal", rule } : c

/** Times of day; 7:32 without a meridiem may be the ratio 7/32. */
const compareTimes = (gold: Expression, answer: Expression, context: Context): Comparison => {
  if (gold._tag === "Time" && answer._tag === "Time") return decided(isSameTime(gold, answer), "time")
  const [g, a] = [clockOf(gold, context), clockOf(answer, context)]
  return g === undefined || a === undefined ? different("time") : compareValues(g, a, context)
}

type Time = Extract<Expression, { readonly _tag: "Time" }>

/** 3 p.m. is 15:00, and 3:00 where only one side says which half of the day it means. */
const isSameTime = (a: Time, b: Time): boolean => {
  if (a.minutes !== b.minutes || (a.seconds ?? 0) !== (b.seconds ?? 0)) return false
  if (a.meridiem === b.meridiem) return a.hours === b.hours
  const isOpen = ({ hours, meridiem }: Time): boolean => meridiem === undefined && hours <= 12
  const hourOf = ({ hours, meridiem }: Time): number =>
    meridiem === undefined ? hours : (hours % 12) + (meridiem === "pm" ? 12 : 0)
  return isOpen(a) === isOpen(b) ? hourOf(a) === hourOf(b) : (hourOf(a) - hourOf(b)) % 12 === 0
}

/** A time beside a bare number: 9 a.m. as 9, where units may be missing; 7:32 as a ratio. */
const clockOf = (e: Expression, { options }: Context): Expression | undefined => {
  if (e._tag !== "Time") return e
  const number = (n: number): Expression => Make.number(Rational.fromInteger(n))
  if (e.minutes === 0) return options.missingUnits ? number(e.hours) : undefined
  return e.meridiem === undefined ? Make.binary("/", number(e.hours), number(e.minutes)) : undefined
}
