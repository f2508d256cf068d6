/**
 * What a comparison says, and the three-valued logic that joins comparisons of parts.
 *
 *     and:  Different  <  Undecided  <  Equal        (the smallest decides)
 *     or:   the largest decides
 */

// model

/**
 * The rule that decided.
 *
 * | rule                 | decides by                                                                                 |
 * |----------------------|--------------------------------------------------------------------------------------------|
 * | `structure`          | the same syntax, or syntax of kinds that nothing makes equal                                |
 * | `exact-value`        | rational values                                                                            |
 * | `canonical-form`     | the difference of the canonical forms, identically zero or a nonzero element of a field    |
 * | `certified-interval` | intervals that cannot meet; for Equal: closer than two different algebraic numbers can be  |
 * | `agreeing-digits`    | agreement to 200 digits, where no bound is known (documented, not a proof)                 |
 * | `random-evaluation`  | certified intervals at random points: Different is a proof, Equal has a small error        |
 * | `rounded-decimal`    | `Options.rounding`                                                                         |
 * | `percent`, `unit`    | `Options.percent`, `Options.missingUnits` and the table of units                           |
 * | `lowest-terms`       | `Options.unreducedFractions`                                                               |
 * | `real-set`           | intervals, unions, inequalities: the same set of real numbers                              |
 * | `equation`           | the same solutions: equal up to a nonzero factor                                           |
 * | `text`, `choice`, `time`, `base` | words, letters of choices, times of day, digits in a base                      |
 *
 * @category models
 * @since 0.1.0
 */
export type Rule =
  | "structure"
  | "exact-value"
  | "canonical-form"
  | "certified-interval"
  | "agreeing-digits"
  | "random-evaluation"
  | "rounded-decimal"
  | "percent"
  | "unit"
  | "lowest-terms"
  | "real-set"
  | "equation"
  | "text"
  | "choice"
  | "time"
  | "base"

/**
 * Why nothing was decided: the work ran out, or a side has no value (a division by zero, a logarithm of 0).
 *
 * @category models
 * @since 0.1.0
 */
export type Reason = "budget" | "undefined"

/** @category models */
export type Comparison =
  | { readonly _tag: "Equal"; readonly rule: Rule }
  | { readonly _tag: "Different"; readonly rule: Rule }
  | { readonly _tag: "Undecided"; readonly reason: Reason; readonly rule: Rule }

// constructors

/** @category constructors */
export const equal = (rule: Rule): Comparison => ({ _tag: "Equal", rule })

/** @category constructors */
export const different = (rule: Rule): Comparison => ({ _tag: "Different", rule })

/** @category constructors */
export const undecided = (reason: Reason, rule: Rule): Comparison => ({ _tag: "Undecided", reason, rule })

/** @category constructors */
export const decided = (holds: boolean, rule: Rule): Comparison => (holds ? equal(rule) : different(rule))

// refinements

/** @category refinements */
export const isEqual = (c: Comparison): boolean => c._tag === "Equal"

/** @category refinements */
export const isDifferent = (c: Comparison): boolean => c._tag === "Different"

// combinators

/**
 * Whether all hold. The rule is that of the part that decided; of several equal parts, the weakest: a tuple of an exact
 * and a rounded item is equal by rounding.
 *
 * @category combinators
 * @since 0.1.0
 */
export const all = (parts: Iterable<Comparison>): Comparison => {
  let result: Comparison = equal("structure")
  for (const part of parts) {
    if (part._tag === "Different") return part
    if (result._tag === "Equal" && (part._tag === "Undecided" || weakness[part.rule] > weakness[result.rule]))
      result = part
  }
  return result
}

/**
 * The first that is equal, of several readings of the same two answers; else what was undecided; else the first.
 *
 * @category combinators
 * @since 0.1.0
 */
export const any = (first: Comparison, ...others: ReadonlyArray<() => Comparison>): Comparison => {
  let result = first
  for (const other of others) {
    if (result._tag === "Equal") return result
    const next = other()
    if (next._tag === "Equal" || (next._tag === "Undecided" && result._tag === "Different")) result = next
  }
  return result
}

/** How far a rule is from equality by definition; only the order counts. */
const weakness: Record<Rule, number> = {
  structure: 0,
  "exact-value": 1,
  "canonical-form": 2,
  choice: 3,
  text: 3,
  time: 3,
  base: 3,
  "real-set": 4,
  equation: 4,
  "certified-interval": 5,
  "agreeing-digits": 6,
  "random-evaluation": 7,
  unit: 8,
  percent: 9,
  "lowest-terms": 9,
  "rounded-decimal": 10,
}
