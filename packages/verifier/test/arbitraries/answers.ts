import * as fc from "fast-check"
import { Expression, Rational } from "@rapo/verifier"

type Answer = Expression.Expression

/** What digits spell, with the digits after the point remembered. */
const numeral: fc.Arbitrary<Answer> = fc
  .tuple(fc.bigInt({ min: 0n, max: 10n ** 9n }), fc.integer({ min: 0, max: 4 }))
  .map(([digits, places]) =>
    Expression.number(Rational.fromDecimal(digits, places), places === 0 ? undefined : places),
  )

/** Names that are read as variables: e and i are constants, and f, g, h call what follows in parentheses. */
const name: fc.Arbitrary<Answer> = fc
  .constantFrom("x", "y", "n", "a", "A", "B", "alpha", "theta", "x_1", "a_n", "x_{n+1}", "c'")
  .map(Expression.variable)

const constant: fc.Arbitrary<Answer> = fc
  .constantFrom<Expression.ConstantName>("pi", "e", "i", "infinity")
  .map(Expression.constant)

const unaryFunction: fc.Arbitrary<Expression.FunctionName> = fc.constantFrom<Expression.FunctionName>(
  ...(["sqrt", "ln", "exp", "abs", "floor", "ceiling", "factorial", "degrees", "conjugate", "real"] as const),
  ...([
    "sin",
    "cos",
    "tan",
    "cot",
    "sec",
    "csc",
    "arcsin",
    "arccos",
    "arctan",
    "sinh",
    "cosh",
    "tanh",
  ] as const),
)

const binaryFunction: fc.Arbitrary<Expression.FunctionName> = fc.constantFrom<Expression.FunctionName>(
  "root",
  "log",
  "binomial",
  "gcd",
  "lcm",
  "min",
  "max",
  "mod",
)

/** Formulas of every shape: numbers, names, operators, functions. */
export const formula: fc.Arbitrary<Answer> = fc.letrec<{ e: Answer }>((tie) => ({
  e: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    numeral,
    name,
    constant,
    fc
      .tuple(fc.constantFrom<Expression.Operator>("+", "-", "*", "/"), tie("e"), tie("e"))
      .map(([o, a, b]) => Expression.binary(o, a, b)),
    fc.tuple(fc.constantFrom<Expression.Sign>("+", "-"), tie("e")).map(([s, a]) => Expression.signed(s, a)),
    fc.tuple(tie("e"), tie("e")).map(([a, b]) => Expression.power(a, b)),
    fc.tuple(unaryFunction, tie("e")).map(([f, a]) => Expression.apply(f, a)),
    fc.tuple(binaryFunction, tie("e"), tie("e")).map(([f, a, b]) => Expression.apply(f, a, b)),
    fc.tuple(fc.option(tie("e"), { nil: undefined }), tie("e")).map(([a, b]) => Expression.plusMinus(a, b)),
    tie("e").map(Expression.percent),
    fc.tuple(fc.constantFrom("f", "g", "h", "f'", "F"), tie("e")).map(([f, a]) => Expression.call(f, a)),
  ),
})).e

const items = fc.array(formula, { minLength: 2, maxLength: 4 })

const brackets: fc.Arbitrary<readonly [Expression.Opening, Expression.Closing]> = fc.constantFrom(
  ["(", ")"],
  ["[", "]"],
  ["(", "]"],
  ["[", ")"],
)

const tuple: fc.Arbitrary<Answer> = fc
  .tuple(items, brackets)
  .map(([parts, [open, close]]) => Expression.tuple(parts, open, close))

const set: fc.Arbitrary<Answer> = fc.array(formula, { maxLength: 4 }).map(Expression.set)

const namedSet: fc.Arbitrary<Answer> = fc
  .constantFrom<Expression.SetName>("N", "Z", "Q", "R", "C")
  .map(Expression.namedSet)

const setOperation: fc.Arbitrary<Answer> = fc
  .tuple(
    fc.constantFrom<Expression.SetOperator>("union", "intersection", "difference"),
    fc.oneof(tuple, set, namedSet),
    fc.oneof(tuple, set, namedSet),
  )
  .map(([operator, a, b]) => Expression.setOperation(operator, a, b))

const relation: fc.Arbitrary<Answer> = fc
  .tuple(
    formula,
    fc.array(
      fc.tuple(
        fc.constantFrom<Expression.RelationOperator>("=", "!=", "<", "<=", ">", ">=", "approx"),
        formula,
      ),
      { minLength: 1, maxLength: 3 },
    ),
  )
  .map(([first, rest]) =>
    Expression.relation(
      [first, ...rest.map(([, e]) => e)],
      rest.map(([operator]) => operator),
    ),
  )

const matrix: fc.Arbitrary<Answer> = fc
  .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 }))
  .chain(([rows, columns]) =>
    fc.array(fc.array(formula, { minLength: columns, maxLength: columns }), {
      minLength: rows,
      maxLength: rows,
    }),
  )
  .map(Expression.matrix)

const words: fc.Arbitrary<Answer> = fc
  .constantFrom("yes", "Evelyn", "no solution", "parabola", "all real numbers", "June 5")
  .map(Expression.text)

const quantity: fc.Arbitrary<Answer> = fc
  .tuple(formula, fc.constantFrom("cm", "cm^2", "mile/hour", "dollar", "foot^3", "apples"))
  .map(([value, unit]) => Expression.quantity(value, unit))

const inBase: fc.Arbitrary<Answer> = fc
  .tuple(fc.integer({ min: 0, max: 10 ** 6 }), fc.integer({ min: 2, max: 10 }))
  .map(([value, base]) => Expression.inBase(Rational.fromInteger(value), base, value.toString(base)))

const time: fc.Arbitrary<Answer> = fc
  .tuple(
    fc.integer({ min: 0, max: 24 }),
    fc.integer({ min: 0, max: 59 }),
    fc.constantFrom<"am" | "pm" | undefined>("am", "pm", undefined),
  )
  .map(([hours, minutes, meridiem]) => Expression.time(hours, minutes, meridiem))

/** One answer of any kind. */
const single: fc.Arbitrary<Answer> = fc.oneof(
  { weight: 4, arbitrary: formula },
  tuple,
  set,
  setOperation,
  relation,
  matrix,
  words,
  quantity,
  inBase,
  time,
)

const list: fc.Arbitrary<Answer> = fc
  .tuple(
    fc.array(single, { minLength: 2, maxLength: 4 }),
    fc.constantFrom<"and" | "or" | undefined>("and", "or", undefined),
  )
  .map(([parts, connective]) => Expression.list(parts, connective))

const setBuilder: fc.Arbitrary<Answer> = fc
  .tuple(name, fc.array(relation, { minLength: 1, maxLength: 2 }))
  .map(([element, conditions]) => Expression.setBuilder(element, conditions))

/** Answers of every shape that parsing gives. */
export const answer: fc.Arbitrary<Answer> = fc.oneof(
  { weight: 5, arbitrary: single },
  list,
  setBuilder,
  fc.constantFrom("A", "B", "J").map(Expression.choice),
)

const spellings: Readonly<Record<string, ReadonlyArray<string>>> = {
  "(": ["(", "\\left(", "\\bigl( "],
  ")": [")", "\\right)", " \\bigr)"],
  "+": ["+", " + ", "\\,+\\;"],
  "-": ["-", " - ", "−"],
  "*": ["*", " \\cdot ", "\\times ", "×"],
  "/": ["/", " / ", "÷", "\\div "],
  "=": ["=", " =\n", "\\;=~"],
  ",": [",", " ,\\ ", ",\\quad "],
}

/** Two texts of one answer, apart in spaces, sizes of brackets and spellings of signs. */
export const twoTexts: fc.Arbitrary<readonly [string, string]> = fc
  .tuple(answer, fc.array(fc.nat({ max: 11 }), { minLength: 40, maxLength: 40 }))
  .map(([e, choices]) => {
    const text = Expression.show(e)
    const noisy = Array.from(text, (character, i) => {
      const all = spellings[character] ?? [character]
      return all[(choices[i % choices.length] ?? 0) % all.length] ?? character
    }).join("")
    return [text, (choices[0] ?? 0) % 2 === 0 ? `$ ${noisy} $` : noisy] as const
  })

/** Strings made of what answers are made of, whole and broken. */
export const brokenAnswer: fc.Arbitrary<string> = fc
  .array(
    fc.constantFrom(
      ...Array.from("0123456789.,;:+-*/^_()[]{}$|!%'=<>xyneiABU \n−×÷√²½°∪∈≤±"),
      ..."\\frac \\sqrt \\left( \\right) \\begin{pmatrix} \\end{pmatrix} \\\\ & \\{ \\} \\text{ \\pi \\sin \\log".split(
        " ",
      ),
      ..."\\cup \\in \\le \\pm \\infty \\boxed{ \\overline \\mathbb{R} \\binom \\sum \\circ sqrt( pi and or cm no".split(
        " ",
      ),
      " is ",
      " per ",
      "apples",
      "1,234",
      "é",
      "中",
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(""))
