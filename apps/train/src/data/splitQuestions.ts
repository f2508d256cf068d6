/**
 * The pools of an experiment from sets of questions: what is judged is never trained on.
 *
 * Laws (tested)
 * 1. No problem of the training pool stands in another pool, white space aside; none of validation in a test or hard set.
 * 2. Test sets and Hard candidates are as their files have them, up to the limit, whatever else there is. What lies behind the
 *    limit is not trained on either: a later evaluation may ask the whole set.
 * 3. Every question of the training files is in a pool, or counted as left out.
 * 4. Determinism: equal sets and seeds give equal pools.
 */
import { Seed } from "@rapo/distributions"
import * as E from "fp-ts/lib/Either.js"
import type { Problem } from "../tasks/Task.ts"
import type { Splits } from "../tasks/Problems.ts"
import { shuffled } from "../tasks/shuffled.ts"
import { type Question, problemKey } from "./Question.ts"

// model

/** Questions with the name of their set. */
export interface QuestionSet {
  readonly name: string
  readonly questions: ReadonlyArray<Question>
}

/** What each set is for. */
export interface SplitRequest {
  readonly train: ReadonlyArray<QuestionSet>
  /** Sets of their own, or how many of the training problems are held out. */
  readonly validation: ReadonlyArray<QuestionSet> | number
  readonly test: ReadonlyArray<QuestionSet>
  readonly hard: ReadonlyArray<QuestionSet>
  /** Most problems of a set that judges; missing, all. */
  readonly limit?: number | undefined
}

/** The pools, and how many problems they lost because another pool has them. */
export interface DataSplits {
  readonly splits: Splits
  readonly overlapping: { readonly train: number; readonly validation: number }
}

/** Nothing, or too little, is left to train on. */
export interface NothingToTrainOn {
  readonly _tag: "NothingToTrainOn"
  readonly problems: number
  readonly heldOut: number
}

// constructors

/** See the module header. */
export const splitQuestions = (
  { train, validation, test, hard, limit }: SplitRequest,
  seed: Seed.Seed,
): E.Either<NothingToTrainOn, DataSplits> => {
  const judged = keysOf([...test, ...hard])
  const validators = typeof validation === "number" ? [] : problemsOf(validation)
  const whole = problemsOf(train)
  const candidates = distinct(without(whole, new Set([...judged, ...validators.map(keyOf)])))
  const held =
    typeof validation === "number"
      ? new Set(
          shuffled(Seed.generator(Seed.child(seed, "validation")), candidates).slice(
            0,
            Math.min(validation, limit ?? validation),
          ),
        )
      : new Set<Problem>()
  const pool = candidates.filter((problem) => !held.has(problem))
  if (pool.length === 0)
    return E.left({ _tag: "NothingToTrainOn", problems: candidates.length, heldOut: held.size })
  const asked = typeof validation === "number" ? [] : problemsOf(shortened(validation, limit))
  const validated = without(asked, judged)
  return E.right({
    splits: {
      train: pool,
      validation: typeof validation === "number" ? candidates.filter((each) => held.has(each)) : validated,
      test: problemsOf(shortened(test, limit)),
      hardCandidates: problemsOf(shortened(hard, limit)),
    },
    overlapping: {
      train: whole.length - candidates.length,
      validation: asked.length - validated.length,
    },
  })
}

// numerics

/** Ids are made distinct by the sets' names. */
const problemsOf = (sets: ReadonlyArray<QuestionSet>): ReadonlyArray<Problem> =>
  sets.flatMap(({ name, questions }) =>
    questions.map(({ id, problem, answer }) => ({
      id: `${name}:${id}`,
      task: "mathematics",
      level: name,
      prompt: problem,
      answer,
    })),
  )

const shortened = (sets: ReadonlyArray<QuestionSet>, limit: number | undefined): ReadonlyArray<QuestionSet> =>
  sets.map(({ name, questions }) => ({ name, questions: questions.slice(0, limit) }))

const keyOf = ({ prompt }: Problem): string => problemKey(prompt)

const keysOf = (sets: ReadonlyArray<QuestionSet>): ReadonlySet<string> =>
  new Set(sets.flatMap(({ questions }) => questions.map(({ problem }) => problemKey(problem))))

const without = (problems: ReadonlyArray<Problem>, keys: ReadonlySet<string>): ReadonlyArray<Problem> =>
  problems.filter((problem) => !keys.has(keyOf(problem)))

/** The first of those that are worded alike. */
const distinct = (problems: ReadonlyArray<Problem>): ReadonlyArray<Problem> =>
  [...new Map(problems.toReversed().map((problem) => [keyOf(problem), problem])).values()].toReversed()
