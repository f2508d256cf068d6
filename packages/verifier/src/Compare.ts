/**
 * Whether two answers are equal: exactly, in bounded work, with the rule that decided.
 *
 *     compare : Expression × Expression → Equal | Different | Undecided
 *
 * Numbers are equal as numbers: by exact rational values, canonical forms over ℚ with roots, logarithms and π, and certified
 * intervals at rising precision; there is no tolerance. Formulas are equal as functions where both are defined. Structures are
 * equal item by item, sets of real numbers as sets, equations and inequalities by what they say. What suites disagree on is an
 * option (`Options`).
 *
 * Laws (`laws/comparing.ts`)
 * 1. Reflexive: an answer equals itself.
 * 2. Symmetric, but for the options that name a side.
 * 3. Transitive, without rounding and without what may be left out (units, names).
 * 4. Distinct rationals are Different; so are distinct constants that agree to many digits.
 * 5. A rewriting by an identity (a ring law, a root law, sin² + cos² = 1) keeps Equal.
 * 6. Total: any two expressions get a comparison, in work bounded by `Options.fuel`.
 */
import type { Expression } from "./Expression.ts"
import * as Binding from "./compare/Binding.ts"
import * as Bound from "./compare/Bound.ts"
import * as Collection from "./compare/Collection.ts"
import type { Comparison } from "./compare/Comparison.ts"
import { any, different, equal, isEqual, undecided } from "./compare/Comparison.ts"
import type { Context } from "./compare/Context.ts"
import * as Equation from "./compare/Equation.ts"
import * as Fuel from "./compare/Fuel.ts"
import { compareMeasures } from "./compare/Measure.ts"
import * as Reading from "./compare/Reading.ts"
import { compareRegions } from "./compare/RealSet.ts"
import * as Region from "./compare/Region.ts"
import * as Structure from "./compare/Structure.ts"
import * as Syntax from "./compare/Syntax.ts"
import * as Words from "./compare/Words.ts"
import * as Options from "./Options.ts"
import * as Rational from "./Rational.ts"

// model

export type { Comparison, Reason, Rule } from "./compare/Comparison.ts"

// combinators

/**
 * The comparison of an answer with the reference.
 *
 * ```ts import.meta.vitest
 * import { Compare, Parse } from "@rapo/verifier"
 * import { pipe } from "fp-ts/lib/function.js"
 * import * as E from "fp-ts/lib/Either.js"
 * const say = (gold: string, answer: string) =>
 *   pipe(
 *     E.Do,
 *     E.apS("g", Parse.parse(gold)),
 *     E.apS("a", Parse.parse(answer)),
 *     E.map(({ g, a }) => Compare.show(Compare.compare(g.expression, a.expression))),
 *     E.getOrElse(() => "unread"),
 *   )
 * say("\\sqrt{3+2\\sqrt2}", "1+\\sqrt2") // => "equal by canonical-form"
 * say("\\frac{1}{2004!}", "\\frac{1}{2006!}") // => "different by certified-interval"
 * say("\\tan^2 x + 1", "\\sec^2 x") // => "equal by random-evaluation"
 * say("(0,9) \\cup (9,36)", "(0,36) \\setminus \\{9\\}") // => "equal by real-set"
 * say("2x+4y-3=0", "y = -\\frac12 x + \\frac34") // => "equal by equation"
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const compare = (
  gold: Expression,
  answer: Expression,
  options: Options.Options = Options.defaults,
): Comparison => {
  if (!isComparable(gold) || !isComparable(answer)) return tooDeep
  if (Syntax.isSame(gold, answer)) return equal("structure")
  if (options.mode === "syntax") return different("structure")
  if (!options.unreducedFractions && Reading.isUnreduced(answer) && !Reading.isUnreduced(gold))
    return different("lowest-terms")
  const fuel = Fuel.make(options.fuel)
  const context: Context = {
    options,
    fuel,
    compare: (g, a) =>
      Fuel.spend(fuel, perComparison + perItem * (widthOf(g) + widthOf(a)))
        ? compareRead(Reading.read(g), Reading.read(a), context)
        : undecided("budget", "structure"),
  }
  const [g, a] = Binding.aligned(Bound.writtenOut(gold), Bound.writtenOut(answer))
  return context.compare(g, options.variables === "positional" ? Binding.renamedAs(g, a) : a)
}

/**
 * Whether an answer equals the reference.
 *
 * @category combinators
 * @since 0.1.0
 */
export const isCorrect = (
  gold: Expression,
  answer: Expression,
  options: Options.Options = Options.defaults,
): boolean => isEqual(compare(gold, answer, options))

// refinements

/** Deeper answers than a parser reads from brackets; the functions below recurse. */
const maxDepth = 400

/**
 * Whether an expression is nested less deeply than comparisons follow: a sum of 400 terms is not.
 *
 * @category refinements
 * @since 0.3.0
 */
export const isComparable = (e: Expression): boolean => Syntax.isShallow(e, maxDepth)

/**
 * What is said of the others.
 *
 * @category constructors
 * @since 0.3.0
 */
export const tooDeep: Comparison = undecided("budget", "structure")

// destructors

/**
 * A few words about a comparison.
 *
 * ```ts import.meta.vitest
 * import { Compare } from "@rapo/verifier"
 * Compare.show({ _tag: "Undecided", reason: "budget", rule: "canonical-form" }) // => "undecided by canonical-form: the work ran out"
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
export const show = (comparison: Comparison): string => {
  switch (comparison._tag) {
    case "Equal":
      return `equal by ${comparison.rule}`
    case "Different":
      return `different by ${comparison.rule}`
    case "Undecided":
      return `undecided by ${comparison.rule}: ${comparison.reason === "budget" ? "the work ran out" : "a side has no value"}`
  }
}

// numerics

/** What the comparison of two items costs at least, in word operations: it reads both and looks for ± in them. */
const perComparison = 3000

/** Each comparison of a list goes through its items, even where the other side is none. */
const perItem = 100

const widthOf = (e: Expression): number =>
  e._tag === "List" || e._tag === "Set" || e._tag === "Tuple" ? e.items.length : 0

/** Two answers as they are meant. */
const compareRead = (gold: Expression, answer: Expression, context: Context): Comparison => {
  if (Fuel.isEmpty(context.fuel)) return undecided("budget", "structure")
  // Most answers are numbers.
  const x = Syntax.numberOf(gold)
  const y = x && Syntax.numberOf(answer)
  if (x !== undefined && y !== undefined)
    return Rational.Eq.equals(x, y) ? equal("exact-value") : compareMeasures(gold, answer, context)
  if (Syntax.isSame(gold, answer)) return equal("structure")
  if (Words.isWord(gold) || Words.isWord(answer)) return Words.compareWords(gold, answer)
  if (Region.isRegion(gold) || Region.isRegion(answer)) return compareAsRegions(gold, answer, context)
  if (gold._tag === "Relation" || answer._tag === "Relation") return compareEquations(gold, answer, context)
  if (isCollection(gold) || isCollection(answer)) return Structure.compareStructures(gold, answer, context)
  const ratios = Collection.compareRatios(gold, answer, context)
  if (ratios !== undefined) return ratios
  if (!Syntax.isScalar(gold) || !Syntax.isScalar(answer)) return different("structure")
  if (Syntax.contains(gold, "PlusMinus") || Syntax.contains(answer, "PlusMinus")) {
    const [g, a] = [Collection.alternatives(gold), Collection.alternatives(answer)]
    // More of them than alternatives are made of: 2^n values.
    return [...g, ...a].some((item) => Syntax.contains(item, "PlusMinus"))
      ? undecided("budget", "structure")
      : Collection.compareAsSets(g, a, context)
  }
  return compareMeasures(gold, answer, context)
}

const isCollection = (e: Expression): boolean =>
  e._tag === "Tuple" || e._tag === "List" || e._tag === "Set" || e._tag === "Matrix"

/** Sets of real numbers, one side at least written as one. */
const compareAsRegions = (gold: Expression, answer: Expression, context: Context): Comparison => {
  const [inequality, solved] = [gold, answer].map(Region.isInequality)
  const members = [gold, answer].map(memberOf)
  const [g, a] = [members[0] ?? gold, members[1] ?? answer]
  const names = [gold, answer].map((e) => (Region.isInequality(e) ? Region.subjectOf(e) : undefined))
  if (names[0] !== undefined && names[1] !== undefined && names[0] !== names[1]) return different("real-set")
  if (members[0] !== undefined && members[1] !== undefined) return context.compare(g, a)
  // A membership counts as the set that it names.
  const [goldSolves, answerSolves] = [
    inequality && members[0] === undefined,
    solved && members[1] === undefined,
  ]
  const { setsAsRelations } = context.options
  const mixed = goldSolves !== answerSolves
  const strict = (names[0] === undefined) !== (names[1] === undefined)
  if (setsAsRelations === "never" && (mixed || strict)) return different("structure")
  if (setsAsRelations === "answer-is-set" && mixed && answerSolves) return different("structure")
  const [x, y] = [Region.regionOf(g, context.fuel), Region.regionOf(a, context.fuel)]
  const regions = x && y && compareRegions(x, y, context.fuel)
  if (regions !== undefined && regions._tag !== "Undecided") return regions
  return gold._tag === "Relation" && answer._tag === "Relation"
    ? Equation.compareRelations(gold, answer, context)
    : members.some((member) => member !== undefined)
      ? context.compare(g, a)
      : compareItems(g, a, context)
}

/** A of x ∈ A. */
const memberOf = (e: Expression): Expression | undefined =>
  e._tag === "Relation" && e.operators.length === 1 && e.operators[0] === "in" ? e.operands[1] : undefined

/** Sets that are no sets of real numbers: unions of names, sets of integers. */
const compareItems = (gold: Expression, answer: Expression, context: Context): Comparison => {
  if (gold._tag !== answer._tag) return different("structure")
  if (gold._tag === "SetOperation" && answer._tag === "SetOperation") {
    if (gold.operator !== answer.operator) return different("structure")
    const compareSides =
      gold.operator === "difference" ? Collection.compareInOrder : Collection.compareAsMultisets
    return compareSides([gold.left, gold.right], [answer.left, answer.right], context)
  }
  return gold._tag === "SetBuilder" && answer._tag === "SetBuilder"
    ? Collection.compareInOrder(
        [gold.element, ...gold.conditions],
        [answer.element, ...answer.conditions],
        context,
      )
    : different("structure")
}

/** Equations, one side at least. */
const compareEquations = (gold: Expression, answer: Expression, context: Context): Comparison => {
  const [points, coordinates] = [Reading.assignmentsOf(gold), Reading.assignmentsOf(answer)]
  if (points !== undefined && coordinates !== undefined)
    return Collection.compareAsMultisets(points, coordinates, context)
  const [g, a] = [Syntax.assignment(gold), Syntax.assignment(answer)]
  if (gold._tag === "Relation" && answer._tag === "Relation") {
    const same =
      g?.name === undefined || a?.name === undefined
        ? g?.name === a?.name
        : isEqual(context.compare(g.name, a.name)) || areGraphs(gold, answer)
    const values = g && a && same ? context.compare(g.value, a.value) : different("equation")
    return any(values, () => Equation.compareRelations(gold, answer, context))
  }
  if (!context.options.assignments) return different("structure")
  const [x, y] = [gold._tag === "Relation" ? g?.value : gold, answer._tag === "Relation" ? a?.value : answer]
  return x === undefined || y === undefined ? different("structure") : context.compare(x, y)
}

/** y = 2x and f(x) = 2x: a name that occurs nowhere else, and a function of names. */
const areGraphs = (a: Relation, b: Relation): boolean => {
  const [[head], [other]] = [a.operands, b.operands]
  if (head === undefined || other === undefined || head._tag === other._tag) return false
  if (head._tag !== "Variable") return other._tag === "Variable" && areGraphs(b, a)
  return (
    Binding.isApplied(other) &&
    ![...a.operands.slice(1), other].some((e) => Syntax.variablesOf(e).includes(head.name))
  )
}

type Relation = Extract<Expression, { readonly _tag: "Relation" }>
