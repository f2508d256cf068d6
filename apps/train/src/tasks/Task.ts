/**
 * A task: problems that are generated without end and checked exactly.
 *
 * Everything random is named by a seed, and everything that is said about a problem follows from its text, so a problem
 * can be written to a file and verified by another process, and a pool of problems is a name and an integer.
 *
 * Laws (tested for every task of the registry)
 * 1. Determinism: equal level, seed and kind give equal problems.
 * 2. Solvable: a demonstration at noise 0 verifies as Correct; one at noise 1 is legal and Wrong.
 * 3. Prompts and responses are concatenations of tokens of the alphabet, no longer than the stated maxima.
 * 4. `verify` is total, and what it calls Correct is legal.
 */
import type { Seed } from "@rapo/distributions"
import type { Verdict } from "@rapo/verifier"
import { none, type Option, some } from "fp-ts/lib/Option.js"

// model

/** @category models */
export interface Problem {
  /** Distinct. Of a generated problem the canonical key: equal numbers (as a multiset) and targets have equal ids. */
  readonly id: string
  /** The name of the task. */
  readonly task: string
  /** The level that it was generated at, or the set that it stands in. */
  readonly level: string
  /** What is asked, before any template. */
  readonly prompt: string
  /** The reference answer: the target of Countdown, the value of a calculation. */
  readonly answer: string
}

/**
 * How a problem's answer is drawn: "typical", as a random expression has it; "rare", so that unlikely answers are as
 * likely as others. Each task says what it means by that.
 *
 * @category models
 */
export type Kind = "typical" | "rare"

/** @category models */
export interface Demonstration {
  readonly problem: Problem
  readonly response: string
}

/**
 * What rollouts need of a task: how much may be answered, and how an answer is judged.
 *
 * @category models
 */
export interface Exercise {
  readonly name: string
  /** Including the token that ends it. */
  readonly maxResponseTokens: number
  readonly verify: (problem: Problem, response: string) => Verdict.Verdict
  /** Whether the answer has the form that the task asks for, whatever its value. */
  readonly isLegal: (problem: Problem, response: string) => boolean
}

/** @category models */
export interface Task extends Exercise {
  /** The texts of the task's tokens, besides `<pad>` and `<eos>`; prompts and responses are concatenations of them. */
  readonly alphabet: ReadonlyArray<string>
  readonly levels: ReadonlyArray<string>
  readonly maxPromptTokens: number
  /** One random problem. The level is one of `levels`: anything else is a bug of the caller. */
  readonly draw: (level: string, seed: Seed.Seed, kind: Kind) => Problem
  /**
   * A demonstration as a noisy imitator writes it: a random right solution of the typical problem that the seed names,
   * or, with probability `noise`, a legal answer that is wrong.
   */
  readonly drawDemonstration: (level: string, seed: Seed.Seed, noise: number) => Demonstration
}

/** @category models */
export interface UnknownTask {
  readonly _tag: "UnknownTask"
  readonly name: string
  readonly known: ReadonlyArray<string>
}

/** @category models */
export interface UnknownLevel {
  readonly _tag: "UnknownLevel"
  readonly task: string
  readonly level: string
  readonly known: ReadonlyArray<string>
}

/** @category models */
export interface TooFewProblems {
  readonly _tag: "TooFewProblems"
  readonly task: string
  readonly level: string
  readonly wanted: number
  readonly found: number
}

/** @category models */
export type TaskError = UnknownTask | UnknownLevel | TooFewProblems

// destructors

/** A sentence about an error. */
export const showTaskError = (error: TaskError): string => {
  if (error._tag === "UnknownTask")
    return `there is no task "${error.name}"; there are ${error.known.join(", ")}`
  if (error._tag === "UnknownLevel")
    return `the task "${error.task}" has no level "${error.level}"; it has ${error.known.join(", ")}`
  return (
    `level ${error.level} of the task "${error.task}" has too few problems: ` +
    `${error.wanted} were wanted, and after ${error.found} no new ones came`
  )
}

/**
 * The tokens that a text is the concatenation of, if it is one; the longest token wins at each place.
 *
 * @category destructors
 */
export const tokensOf =
  (alphabet: ReadonlyArray<string>) =>
  (text: string): Option<ReadonlyArray<string>> => {
    const longestFirst = alphabet.toSorted((a, b) => b.length - a.length)
    const tokens: Array<string> = []
    for (let at = 0; at < text.length; at += tokens.at(-1)?.length ?? 0) {
      const token = longestFirst.find((candidate) => candidate !== "" && text.startsWith(candidate, at))
      if (token === undefined) return none
      tokens.push(token)
    }
    return some(tokens)
  }

// constructors

/** The tokens around a final answer. */
export const boxOpen = "\\boxed{"
export const boxClose = "}"

/** A final answer. */
export const boxed = (content: string): string => `${boxOpen}${content}${boxClose}`

/** The place of a level among a task's levels. */
export const levelIndex = (levels: ReadonlyArray<string>, level: string): number => {
  const index = levels.indexOf(level)
  if (index < 0) throw new RangeError(`no level "${level}" among ${levels.join(", ")}`)
  return index
}
