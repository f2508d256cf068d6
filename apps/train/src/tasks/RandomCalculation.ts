/**
 * RandomCalculation: the exact value of a random calculation that no model has seen.
 *
 *     prompt  7*(3/4)-2^3=        response  \boxed{-11/4}
 *
 * Level sN has N steps, that is, N operators between N + 1 operands. An operand is an integer in 0..100, a fraction
 * `(a/b)`, a square or a cube; the operators + − × ÷ are equally likely and have the usual precedence. Nothing divides by
 * zero. The answer is an integer or a fraction in lowest terms; a calculation in the box is no answer, or a policy could
 * copy the prompt.
 *
 * In a "typical" problem two operands in five are plain integers; in a "rare" one none is, so that every operand has to be
 * worked out first.
 *
 * Source: the kinds of operands and operators and the 1 to 20 steps are those of arXiv 2507.10532. The mixture, the
 * denominators, the bound on the values and the form of the answer are ours.
 */
import { Seed } from "@rapo/distributions"
import { Expression, Extract, Parse, Rational, Verdict } from "@rapo/verifier"
import * as E from "fp-ts/lib/Either.js"
import { pipe } from "fp-ts/lib/function.js"
import * as Task from "./Task.ts"

// model

const name = "random-calculation"

const maxSteps = 20
const levels = Array.from({ length: maxSteps }, (_, i) => `s${i + 1}`)

const largestInteger = 100
/** Ours: sums of fractions with denominators to 10 have denominators that divide 2520. */
const largestDenominator = 10
const probabilityOfInteger = 0.4

/**
 * The bound on numerators and denominators of every value on the way, ours: answers stay a few tokens long. It is the
 * cube of the largest integer, so that every operand is within it.
 */
const bound = 1_000_000n

/** After so many steps that would leave the bound, the step `+0^2` is taken, which cannot. */
const patience = 100

interface Operand {
  readonly text: string
  readonly value: Rational.Rational
}

/** A calculation so far: the sum of its closed terms, and the term that × or ÷ would go on with. */
interface Calculation {
  readonly operands: ReadonlyArray<Operand>
  readonly text: string
  readonly closed: Rational.Rational
  readonly open: Rational.Rational
}

const valueOf = (calculation: Calculation): Rational.Rational =>
  Rational.add(calculation.closed, calculation.open)

// drawing

const fraction = (a: number, b: number): Rational.Rational =>
  Rational.Field.div(Rational.fromInteger(a), Rational.fromInteger(b))

const integerPower = (base: number, exponent: 2 | 3): Operand => ({
  text: `${base}^${exponent}`,
  value: Rational.fromInteger(base ** exponent),
})

const compounds: ReadonlyArray<(random: Seed.Generator) => Operand> = [
  (random) => {
    const [a, b] = [random.integer(1, largestInteger), random.integer(2, largestDenominator)]
    return { text: `(${a}/${b})`, value: fraction(a, b) }
  },
  (random) => integerPower(random.integer(0, largestInteger), 2),
  (random) => integerPower(random.integer(0, largestInteger), 3),
]

const drawOperand = (random: Seed.Generator, kind: Task.Kind): Operand => {
  if (kind === "typical" && random.uniform() < probabilityOfInteger) {
    const n = random.integer(0, largestInteger)
    return { text: `${n}`, value: Rational.fromInteger(n) }
  }
  return (compounds[random.integer(0, compounds.length - 1)] ?? (() => neutral))(random)
}

/** Added to a value that is within the bound, it leaves it there. */
const neutral: Operand = integerPower(0, 2)

const begin = (operand: Operand): Calculation => ({
  operands: [operand],
  text: operand.text,
  closed: Rational.zero,
  open: operand.value,
})

const { add, sub, mul, div, zero } = Rational.Field

const extend = (calculation: Calculation, operator: Expression.Operator, operand: Operand): Calculation => {
  const sum = operator === "+" || operator === "-"
  return {
    operands: [...calculation.operands, operand],
    text: `${calculation.text}${operator}${operand.text}`,
    closed: sum ? valueOf(calculation) : calculation.closed,
    open: sum
      ? (operator === "+" ? add : sub)(zero, operand.value)
      : (operator === "*" ? mul : div)(calculation.open, operand.value),
  }
}

const isBounded = (a: Rational.Rational): boolean =>
  a.numerator <= bound && a.numerator >= -bound && a.denominator <= bound

const operators: ReadonlyArray<Expression.Operator> = ["+", "-", "*", "/"]

/** One step more; redrawn when it would divide by zero or leave the bound. */
const drawStep = (random: Seed.Generator, kind: Task.Kind, calculation: Calculation): Calculation => {
  for (let attempt = 0; attempt < patience; attempt++) {
    const operator = operators[random.integer(0, operators.length - 1)] ?? "+"
    const operand = drawOperand(random, kind)
    if (operator === "/" && Rational.Eq.equals(operand.value, zero)) continue
    const next = extend(calculation, operator, operand)
    if ([next.closed, next.open, valueOf(next)].every(isBounded)) return next
  }
  return extend(calculation, "+", neutral)
}

const drawCalculation = (level: string, random: Seed.Generator, kind: Task.Kind): Calculation =>
  Array.from({ length: Task.levelIndex(levels, level) + 1 }).reduce<Calculation>(
    (calculation) => drawStep(random, kind, calculation),
    begin(drawOperand(random, kind)),
  )

const problemOf = (level: string, calculation: Calculation): Task.Problem => {
  const answer = Rational.show(valueOf(calculation))
  const operands = calculation.operands.map(({ text }) => text).toSorted()
  return {
    id: `${name}:${operands.join(",")}=${answer}`,
    task: name,
    level,
    prompt: `${calculation.text}=`,
    answer,
  }
}

/** A slip in one digit of the numerator, of any place but (in longer numbers) the first: never the same value. */
const perturbed = (random: Seed.Generator, value: Rational.Rational): Rational.Rational => {
  const digits = `${value.numerator < 0n ? -value.numerator : value.numerator}`.length
  const size = random.integer(1, 9) * 10 ** random.integer(0, Math.max(0, digits - 2))
  const slip = div(Rational.fromInteger(size), Rational.fromInteger(value.denominator))
  const [one, other] = random.uniform() < 0.5 ? [add, sub] : [sub, add]
  const candidate = one(value, slip)
  return isBounded(candidate) ? candidate : other(value, slip)
}

// verification

const isInteger = (e: Expression.Expression): boolean =>
  (e._tag === "Number" && Rational.isInteger(e.value)) ||
  (e._tag === "Signed" && e.operand._tag === "Number" && Rational.isInteger(e.operand.value))

/** An integer, or a quotient of an integer and a natural number. */
const isPlain = (e: Expression.Expression): boolean =>
  isInteger(e) ||
  (e._tag === "Binary" &&
    e.operator === "/" &&
    isInteger(e.left) &&
    e.right._tag === "Number" &&
    isInteger(e.right))

/** Whether a plain number with a value is written in lowest terms: a quotient with the value's own denominator, not 1. */
const isReduced = (e: Expression.Expression, value: Rational.Rational): boolean =>
  e._tag !== "Binary" ||
  (!Rational.isInteger(value) && e.right._tag === "Number" && e.right.value.numerator === value.denominator)

const verify = (problem: Task.Problem, response: string): Verdict.Verdict =>
  pipe(
    E.Do,
    E.bind("target", () => Parse.arithmetic(problem.answer)),
    E.bindW("targetValue", ({ target }) => Expression.evaluate()(target)),
    E.bindW("found", () => Extract.extract(response, ["boxed"])),
    E.bindW("expression", ({ found }) => Parse.arithmetic(found.text)),
    E.bindW("value", ({ expression }) => Expression.evaluate()(expression)),
    E.map(({ target, targetValue, found, expression, value }) => {
      const gold = Verdict.answer(problem.answer, target)
      const answer: Verdict.Answer = { ...found, expression, repairs: [] }
      if (!isPlain(expression)) return Verdict.wrong(gold, answer, "plain-number")
      const isRight = Rational.Eq.equals(targetValue, value)
      return isRight && !isReduced(expression, value)
        ? Verdict.wrong(gold, answer, "lowest-terms")
        : Verdict.decided(isRight, gold, answer, "exact-value")
    }),
    E.getOrElse((error) => Verdict.fromError(error)),
  )

// instances

const longestInteger = `${largestInteger}`.length
/** `(100/10)` is longer than `100^3`. */
const longestOperand = longestInteger + `${largestDenominator}`.length + 3
const longestValue = `${bound}`.length

/** @category instances */
export const RandomCalculation: Task.Task = {
  name,
  alphabet: [..."0123456789".split(""), "+", "-", "*", "/", "(", ")", "^", "=", Task.boxOpen, Task.boxClose],
  levels,
  // the box, a sign, numerator, /, denominator (one of them below the bound: they have no common factor), <eos>
  maxResponseTokens: 2 + 1 + longestValue + 1 + (longestValue - 1) + 1,
  // the operands, the operators between them, =
  maxPromptTokens: (maxSteps + 1) * longestOperand + maxSteps + 1,
  draw: (level, seed, kind) => problemOf(level, drawCalculation(level, Seed.generator(seed), kind)),
  drawDemonstration: (level, seed, noise) => {
    const random = Seed.generator(seed)
    const calculation = drawCalculation(level, random, "typical")
    const value = valueOf(calculation)
    const written = random.uniform() < noise ? perturbed(random, value) : value
    return { problem: problemOf(level, calculation), response: Task.boxed(Rational.show(written)) }
  },
  verify,
  isLegal: (problem, response) => {
    const verdict = verify(problem, response)
    return (verdict._tag === "Correct" || verdict._tag === "Wrong") && verdict.rule !== "plain-number"
  },
}
