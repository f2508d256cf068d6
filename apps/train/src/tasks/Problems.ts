/**
 * Pools of problems: distinct, seeded, and disjoint where they have to be.
 *
 * Laws (tested for every task of the registry)
 * 1. A pool has the size that was asked for, distinct ids, and none that was excluded.
 * 2. Determinism: equal requests give equal pools, and a longer pool begins with the shorter one.
 * 3. The pools of a split are pairwise disjoint. Each is drawn from its own child of the seed, in the order test, hard,
 *    validation, train, and excludes those before it: the test pool depends on its own request only, so that training on
 *    more problems changes nothing about what it is judged by.
 */
import { Seed } from "@rapo/distributions"
import * as E from "fp-ts/lib/Either.js"
import type { Either } from "fp-ts/lib/Either.js"
import { pipe } from "fp-ts/lib/function.js"
import type { Kind, Problem, Task, TaskError } from "./Task.ts"

// model

/** @category models */
export interface PoolRequest {
  readonly level: string
  readonly count: number
  readonly seed: Seed.Seed
  readonly kind: Kind
  /** Ids that must not be drawn. */
  readonly exclude: ReadonlySet<string>
}

/** @category models */
export interface LevelCount {
  readonly level: string
  readonly count: number
}

/** @category models */
export interface SplitSpec {
  readonly train: ReadonlyArray<LevelCount>
  readonly validation: ReadonlyArray<LevelCount>
  readonly test: ReadonlyArray<LevelCount>
  /** How many rare problems to draw as candidates for the Hard pool; which of them are hard, a base model shows. */
  readonly hardCandidates: ReadonlyArray<LevelCount>
}

/** @category models */
export type Splits = { readonly [Pool in keyof SplitSpec]: ReadonlyArray<Problem> }

/**
 * How many draws in a row may bring nothing new before a level counts as exhausted. Ours: a level of which a fraction f is
 * still unseen is given up wrongly with probability (1 − f)^10000: below 1e-4 for f = 0.001.
 */
export const patience = 10_000

// constructors

/**
 * Distinct problems of one level.
 *
 * **Fails with** `UnknownLevel`; `TooFewProblems` when `patience` draws in a row bring nothing new.
 *
 * @category constructors
 */
export const drawProblems = (
  task: Task,
  { level, count, seed, kind, exclude }: PoolRequest,
): Either<TaskError, ReadonlyArray<Problem>> => {
  if (!task.levels.includes(level))
    return E.left({ _tag: "UnknownLevel", task: task.name, level, known: task.levels })
  const pool = new Map<string, Problem>()
  for (let draw = 0, misses = 0; pool.size < count; draw++) {
    const problem = task.draw(level, Seed.child(seed, draw), kind)
    if (!pool.has(problem.id) && !exclude.has(problem.id)) {
      pool.set(problem.id, problem)
      misses = 0
    } else if (++misses >= patience)
      return E.left({ _tag: "TooFewProblems", task: task.name, level, wanted: count, found: pool.size })
  }
  return E.right([...pool.values()])
}

/**
 * The pools of an experiment, pairwise disjoint.
 *
 * **Fails with** as `drawProblems`.
 *
 * @category constructors
 */
export const problemSplits = (task: Task, spec: SplitSpec, seed: Seed.Seed): Either<TaskError, Splits> =>
  pipe(
    E.Do,
    E.bind("test", () => drawPool(task, spec.test, Seed.child(seed, "test"), "typical", [])),
    E.bind("hardCandidates", ({ test }) =>
      drawPool(task, spec.hardCandidates, Seed.child(seed, "hard"), "rare", test),
    ),
    E.bind("validation", ({ test, hardCandidates }) =>
      drawPool(task, spec.validation, Seed.child(seed, "validation"), "typical", [
        ...test,
        ...hardCandidates,
      ]),
    ),
    E.bind("train", ({ test, hardCandidates, validation }) =>
      drawPool(task, spec.train, Seed.child(seed, "train"), "typical", [
        ...test,
        ...hardCandidates,
        ...validation,
      ]),
    ),
  )

/** One pool over several levels; each level has its own child of the seed. */
const drawPool = (
  task: Task,
  levels: ReadonlyArray<LevelCount>,
  seed: Seed.Seed,
  kind: Kind,
  taken: ReadonlyArray<Problem>,
): Either<TaskError, ReadonlyArray<Problem>> =>
  levels.reduce<Either<TaskError, ReadonlyArray<Problem>>>(
    (drawn, { level, count }) =>
      pipe(
        drawn,
        E.chain((pool) =>
          pipe(
            drawProblems(task, {
              level,
              count,
              kind,
              seed: Seed.child(seed, level),
              exclude: new Set([...taken, ...pool].map(({ id }) => id)),
            }),
            E.map((more) => [...pool, ...more]),
          ),
        ),
      ),
    E.right([]),
  )
