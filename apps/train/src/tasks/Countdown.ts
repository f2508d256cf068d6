/**
 * Countdown: combine the given numbers, each exactly once, with + − × so that the target comes out.
 *
 *     prompt  8,5,2=21=        response  \boxed{2*8+5}
 *
 * Level nK has K numbers, digits from 2 to 9. The random expression takes the numbers in a random order, without
 * parentheses, × with probability 0.33 and else + or − equally; its value by the usual precedence is the target of a
 * typical problem, redrawn unless it is in 1..999. The target of a rare problem is uniform among the values in 1..999 that
 * the numbers reach at all.
 *
 * An answer is legal when its box holds an expression of the given numbers, as a multiset, with binary + − × only.
 * Parentheses, which the alphabet does not have, change nothing about that. The reward asks for the exact value.
 *
 * The task, its digits, probabilities and range are ours (a small cousin of the Countdown game of arXiv 2404.03683).
 */
import { Seed } from "@rapo/distributions"
import { Expression, Extract, Parse, Rational, Verdict } from "@rapo/verifier"
import * as E from "fp-ts/lib/Either.js"
import type { Either } from "fp-ts/lib/Either.js"
import { pipe } from "fp-ts/lib/function.js"
import { shuffled } from "./shuffled.ts"
import * as Task from "./Task.ts"

// model

const name = "countdown"

/** How many numbers each level has. */
const sizes = [3, 4, 5, 6] as const
const levels = sizes.map((size) => `n${size}`)
const largestSize = Math.max(...sizes)

const smallestNumber = 2
const largestNumber = 9
const largestTarget = 999
const probabilityOfTimes = 0.33

type Operator = "+" | "-" | "*"

/** `operands[0] operators[0] operands[1] …`, without parentheses. */
interface Chain {
  readonly operands: ReadonlyArray<number>
  readonly operators: ReadonlyArray<Operator>
}

// chains

/** Precedence of × over + and −: the value is the sum of closed products and the product that is still open. */
const valueOf = ({ operands, operators }: Chain): number => {
  let closed = 0
  let open = operands[0] ?? 0
  for (let i = 0; i < operators.length; i++) {
    const operand = operands[i + 1] ?? 0
    if (operators[i] === "*") open *= operand
    else {
      closed += open
      open = operators[i] === "+" ? operand : -operand
    }
  }
  return closed + open
}

const showChain = ({ operands, operators }: Chain): string =>
  operands.map((operand, i) => `${i === 0 ? "" : operators[i - 1]}${operand}`).join("")

const isTarget = (value: number): boolean => value >= 1 && value <= largestTarget

// drawing

const drawOperator = (random: Seed.Generator): Operator => {
  if (random.uniform() < probabilityOfTimes) return "*"
  return random.uniform() < 0.5 ? "+" : "-"
}

const drawNumbers = (random: Seed.Generator, size: number): ReadonlyArray<number> =>
  Array.from({ length: size }, () => random.integer(smallestNumber, largestNumber))

const drawChain = (random: Seed.Generator, numbers: ReadonlyArray<number>): Chain => ({
  operands: shuffled(random, numbers),
  operators: Array.from({ length: numbers.length - 1 }, () => drawOperator(random)),
})

/** The first chain of a value that is wanted. Such chains are common wherever this is called, so it ends. */
const drawChainWith = (
  random: Seed.Generator,
  numbers: () => ReadonlyArray<number>,
  wanted: (value: number) => boolean,
): Chain => {
  for (;;) {
    const chain = drawChain(random, numbers())
    if (wanted(valueOf(chain))) return chain
  }
}

const sizeOf = (level: string): number => sizes[Task.levelIndex(levels, level)] ?? largestSize

const problemOf = (level: string, numbers: ReadonlyArray<number>, target: number): Task.Problem => ({
  id: `${name}:${numbers.toSorted((a, b) => a - b).join(",")}=${target}`,
  task: name,
  level,
  prompt: `${numbers.join(",")}=${target}=`,
  answer: `${target}`,
})

/** A typical problem and the chain that its target is the value of. */
const drawTypical = (level: string, random: Seed.Generator): readonly [Task.Problem, Chain] => {
  const solution = drawChainWith(random, () => drawNumbers(random, sizeOf(level)), isTarget)
  const numbers = shuffled(random, solution.operands)
  return [problemOf(level, numbers, valueOf(solution)), solution]
}

/** The block products of all partitions of the numbers: each number joins a block, or begins one. */
const partitionProducts = (numbers: ReadonlyArray<number>): ReadonlyArray<ReadonlyArray<number>> =>
  numbers.reduce<ReadonlyArray<ReadonlyArray<number>>>(
    (partitions, number) =>
      partitions.flatMap((blocks) => [
        ...blocks.map((block, i) => blocks.with(i, block * number)),
        [...blocks, number],
      ]),
    [[]],
  )

/** The sums of the blocks under all assignments of signs. */
const signedSums = (blocks: ReadonlyArray<number>): ReadonlyArray<number> =>
  blocks.reduce<ReadonlyArray<number>>((sums, block) => sums.flatMap((s) => [s + block, s - block]), [0])

/**
 * The targets that numbers reach, in increasing order.
 *
 * A chain is a signed sum of products, and the order of its terms is free: its values are those of all partitions of the
 * numbers into blocks, each block multiplied and given a sign. (A chain begins with a + term; a sum without one is
 * negative, and no target.) Six numbers have 203 partitions, against 175,000 chains.
 */
export const reachableTargets = (numbers: ReadonlyArray<number>): ReadonlyArray<number> =>
  [...new Set(partitionProducts(numbers).flatMap(signedSums).filter(isTarget))].toSorted((a, b) => a - b)

const drawRare = (level: string, random: Seed.Generator): Task.Problem => {
  const numbers = drawNumbers(random, sizeOf(level))
  const targets = reachableTargets(numbers) // never empty: it has the sum
  return problemOf(level, numbers, targets[random.integer(0, targets.length - 1)] ?? 0)
}

// verification

interface Reading {
  readonly numbers: ReadonlyArray<Rational.Rational>
  readonly target: Rational.Rational
  readonly gold: Verdict.Answer
}

/** The numbers and the target that a prompt states. */
const readPrompt = (problem: Task.Problem): Either<Verdict.Reason, Reading> => {
  const match = /^(\d+(?:,\d+)*)=(\d{1,9})=$/.exec(problem.prompt)
  if (match === null)
    return E.left({
      _tag: "UnreadableGold",
      gold: problem.prompt,
      reason: {
        _tag: "Unexpected",
        position: 0,
        found: problem.prompt.slice(0, 1),
        expected: "numbers=target=",
      },
    })
  const [, numbers = "", goal = ""] = match
  const target = Rational.fromInteger(BigInt(goal))
  return E.right({
    target,
    numbers: numbers.split(",").map((text) => Rational.fromInteger(BigInt(text))),
    gold: Verdict.answer(goal, Expression.number(target)),
  })
}

/** Whether an expression is a combination of exactly these numbers with binary + − ×. */
const combines = (numbers: ReadonlyArray<Rational.Rational>, expression: Expression.Expression): boolean => {
  const canonical = (values: ReadonlyArray<Rational.Rational>): string =>
    values.map(Rational.show).toSorted().join()
  return (
    canonical(Expression.numbersOf(expression)) === canonical(numbers) &&
    Expression.nodesOf(expression).every(
      (node) => node._tag === "Number" || (node._tag === "Binary" && node.operator !== "/"),
    )
  )
}

const verify = (problem: Task.Problem, response: string): Verdict.Verdict =>
  pipe(
    E.Do,
    E.bind("reading", () => readPrompt(problem)),
    E.bindW("found", () => Extract.extract(response, ["boxed"])),
    E.bindW("expression", ({ found }) => Parse.arithmetic(found.text)),
    E.bindW("value", ({ expression }) => Expression.evaluate()(expression)),
    E.map(({ reading, found, expression, value }) => {
      const answer: Verdict.Answer = { ...found, expression, repairs: [] }
      return combines(reading.numbers, expression)
        ? Verdict.decided(Rational.Eq.equals(reading.target, value), reading.gold, answer, "exact-value")
        : Verdict.wrong(reading.gold, answer, "given-numbers")
    }),
    E.getOrElse((error) => Verdict.fromError(error)),
  )

// instances

/** @category instances */
export const Countdown: Task.Task = {
  name,
  alphabet: [..."0123456789".split(""), "+", "-", "*", "=", ",", Task.boxOpen, Task.boxClose],
  levels,
  // the box, the numbers, the operators between them, <eos>
  maxResponseTokens: 2 + largestSize + (largestSize - 1) + 1,
  // the numbers, the commas between them, two equality signs, the target
  maxPromptTokens: largestSize + (largestSize - 1) + 2 + `${largestTarget}`.length,
  draw: (level, seed, kind) => {
    const random = Seed.generator(seed)
    return kind === "typical" ? drawTypical(level, random)[0] : drawRare(level, random)
  },
  drawDemonstration: (level, seed, noise) => {
    const random = Seed.generator(seed)
    const [problem, solution] = drawTypical(level, random)
    const target = valueOf(solution)
    const chain =
      random.uniform() < noise
        ? drawChainWith(
            random,
            () => solution.operands,
            (value) => value !== target,
          )
        : solution
    return { problem, response: Task.boxed(showChain(chain)) }
  },
  verify,
  isLegal: (problem, response) => {
    const verdict = verify(problem, response)
    return (verdict._tag === "Correct" || verdict._tag === "Wrong") && verdict.rule === "exact-value"
  },
}
