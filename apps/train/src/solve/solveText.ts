/**
 * From the text of a problem file to its answers: one for an object, a list for a list.
 */
import * as E from "fp-ts/lib/Either.js"
import { pipe } from "fp-ts/lib/function.js"
import type { Answer } from "./answer.ts"
import { answer } from "./answer.ts"
import type { Fault } from "./Question.ts"
import { readQuestion } from "./Question.ts"

/** The answer or answers; the first fault, with the index of its problem where there is a list. */
export const solveText = (text: string): E.Either<Fault, Answer | ReadonlyArray<Answer>> =>
  pipe(
    E.tryCatch(
      (): unknown => JSON.parse(text),
      (cause): Fault => ({
        field: "",
        problem: `is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`,
        remedy: "Give an object, or a list of objects, as `rapo solve --help` shows.",
      }),
    ),
    E.flatMap((json): E.Either<Fault, Answer | ReadonlyArray<Answer>> =>
      Array.isArray(json)
        ? E.traverseArrayWithIndex((index: number, problem: unknown) =>
            pipe(
              solveOne(problem),
              E.mapLeft((fault) => ({
                ...fault,
                field: `problem ${index}${fault.field === "" ? "" : `: ${fault.field}`}`,
              })),
            ),
          )(json)
        : solveOne(json),
    ),
  )

const solveOne = (json: unknown): E.Either<Fault, Answer> =>
  pipe(
    readQuestion(json),
    E.flatMap((question) =>
      pipe(
        answer(question),
        E.mapLeft((problem): Fault => ({ field: "", problem, remedy: "See `rapo solve --help`." })),
      ),
    ),
  )
