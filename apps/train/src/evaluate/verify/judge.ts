/**
 * From a response to a verdict: by the verifier of mathematics, or by the task that made the problem.
 */
import { Extract, type Verdict, Verify } from "@rapo/verifier"
import { isLeft, isRight } from "fp-ts/lib/Either.js"
import { taskByName } from "../../tasks/Registry.ts"
import type { Question } from "../../data/Question.ts"

// model

/** Who judges. Plain data: it crosses a thread's border. */
export type Judge =
  { readonly _tag: "Mathematics" } | { readonly _tag: "Task"; readonly task: string; readonly level: string }

/** What is judged. */
export interface JudgeRequest {
  readonly judge: Judge
  readonly question: Question
  readonly response: string
}

/** What is kept of a verdict. */
export interface Judgement {
  readonly verdict: Verdict.Verdict["_tag"]
  /** As the response writes it, whether or not it could be read; null where there is none. */
  readonly answer: string | null
}

// destructors

/** See the module header. Total: any text gets a verdict, in bounded work. */
export const judgeResponse = ({ judge, question, response }: JudgeRequest): Judgement => {
  const verdict = verdictOn(judge, question, response)
  if (verdict._tag === "Correct" || verdict._tag === "Wrong")
    return { verdict: verdict._tag, answer: verdict.answer.text }
  const found = Extract.extract(response, judge._tag === "Task" ? ["boxed"] : Extract.defaultOrder)
  return { verdict: verdict._tag, answer: isRight(found) ? found.right.text : null }
}

const verdictOn = (judge: Judge, { id, problem, answer }: Question, response: string): Verdict.Verdict => {
  if (judge._tag === "Mathematics") return Verify.verify(answer, response)
  const task = taskByName(judge.task)
  // Main has drawn the problems from it.
  if (isLeft(task)) throw new Error(`bug: no task ${judge.task}`)
  return task.right.verify({ id, task: judge.task, level: judge.level, prompt: problem, answer }, response)
}
