/**
 * What is asked, from what a user names: a file of problems, or a task with a level.
 */
import { Seed } from "@rapo/distributions"
import { Effect } from "effect"
import { isLeft } from "fp-ts/lib/Either.js"
import { ConfigError } from "../errors.ts"
import { drawProblems } from "../tasks/Problems.ts"
import { taskByName } from "../tasks/Registry.ts"
import { type TaskError, showTaskError } from "../tasks/Task.ts"
import { type Fields, parseFields } from "../data/Fields.ts"
import type { Question } from "../data/Question.ts"
import { describeDataset, readDataset } from "../data/readDataset.ts"
import { showFault } from "../data/records.ts"
import type { ProblemSource } from "./EvaluationRecord.ts"
import type { Judge } from "./verify/judge.ts"

// model

/** Where problems come from, as a user names it. */
export type SourceRequest =
  | {
      readonly _tag: "File"
      readonly path: string
      readonly fields: string
      readonly skipInvalid: boolean
      /** The first so many; undefined takes all. */
      readonly limit: number | undefined
    }
  | {
      readonly _tag: "Task"
      readonly task: string
      readonly level: string
      readonly problems: number
      readonly seed: number
    }

/** Questions and what goes with them. */
export interface Questions {
  readonly questions: ReadonlyArray<Question>
  readonly source: ProblemSource
  /** What a user should know of them, a sentence each. */
  readonly notes: ReadonlyArray<string>
  readonly judge: Judge
  /** What suits these problems, where the user says nothing. */
  readonly template: string
  readonly maxTokens: number
}

// constructors

/** The longest response to a problem of mathematics: SimpleRL-Zoo's, arXiv 2503.18892. */
const longestSolution = 16_000

/** See the module header. */
export const obtainQuestions = (request: SourceRequest) =>
  request._tag === "File" ? ofFile(request) : ofTask(request)

const ofFile = Effect.fn("questionsOfFile")(function* (request: SourceRequest & { readonly _tag: "File" }) {
  const fields = yield* fieldsOf(request.fields)
  const dataset = yield* readDataset(request.path, fields, request.skipInvalid)
  const { questions, faults, path, sha256 } = dataset
  return {
    questions: questions.slice(0, request.limit),
    source: { _tag: "File", path, sha256, skipped: faults.map(showFault) },
    notes: describeDataset(dataset),
    judge: { _tag: "Mathematics" },
    template: "qwen-boxed",
    maxTokens: longestSolution,
  } satisfies Questions
})

/** The fields that `--fields` names. */
export const fieldsOf = (text: string): Effect.Effect<Fields, ConfigError> => {
  const fields = parseFields(text)
  return isLeft(fields)
    ? Effect.fail(
        new ConfigError({
          path: "--fields",
          field: "",
          problem: `${JSON.stringify(fields.left.part)} does not name a field`,
          remedy: "Write id=…,problem=…,answer=…, of which any may be left out.",
        }),
      )
    : Effect.succeed(fields.right)
}

const ofTask = Effect.fn("questionsOfTask")(function* (request: SourceRequest & { readonly _tag: "Task" }) {
  const wrong = (field: string, error: TaskError): ConfigError =>
    new ConfigError({ path: field, field: "", problem: showTaskError(error), remedy: "Choose another." })
  const task = taskByName(request.task)
  if (isLeft(task)) return yield* wrong("--task", task.left)
  const drawn = drawProblems(task.right, {
    level: request.level,
    count: request.problems,
    seed: Seed.child(Seed.fromInteger(request.seed), "evaluation"),
    kind: "typical",
    exclude: new Set(),
  })
  if (isLeft(drawn))
    return yield* wrong(drawn.left._tag === "UnknownLevel" ? "--level" : "--problems", drawn.left)
  return {
    questions: drawn.right.map(({ id, prompt, answer }) => ({ id, problem: prompt, answer })),
    source: { _tag: "Task", task: request.task, level: request.level, seed: request.seed },
    notes: [],
    judge: { _tag: "Task", task: request.task, level: request.level },
    template: "plain",
    maxTokens: task.right.maxResponseTokens,
  } satisfies Questions
})
