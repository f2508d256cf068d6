/**
 * What a model is to be asked, as plain data that crosses a thread's border; and from it, the setting of rollouts.
 */
import * as E from "fp-ts/lib/Either.js"
import { promptIds } from "../evaluate/local/promptIds.ts"
import type { PromptForm } from "../evaluate/PromptForm.ts"
import { type ModelDescription, tokenizerOf } from "../model/Checkpoint.ts"
import type { TextCodec } from "../model/TextCodec.ts"
import { folderTokenizer } from "../model/tokenizer/readTokenizer.ts"
import type { Setting } from "../rollout/collect.ts"
import { mathematics } from "../tasks/Mathematics.ts"
import { taskByName } from "../tasks/Registry.ts"
import type { Problem, Task } from "../tasks/Task.ts"

/** Problems that a task generates, or problems of mathematics in a form that is put around them. */
export type Assignment =
  | { readonly _tag: "Task"; readonly name: string }
  | {
      readonly _tag: "Mathematics"
      readonly form: PromptForm
      readonly maxResponseTokens: number
      readonly endIds: ReadonlyArray<number>
      /** Most responses under way at once. */
      readonly places: number
    }

/** The setting in which a model does an assignment. Main has checked that they fit. */
export const settingOf = (assignment: Assignment, model: ModelDescription): Setting => {
  const { config } = model
  const codec = orBug(tokenizerOf(model), ({ problem }) => problem)
  if (assignment._tag === "Task")
    return {
      config,
      codec,
      task: taskNamed(assignment.name),
      encode: plainEncoder(codec),
      endIds: [codec.eosId],
    }
  const tokenizer = orBug(folderTokenizer(model), (problem) => problem)
  const encode = promptIds(tokenizer, assignment.form)
  return {
    config,
    codec,
    task: mathematics(assignment.maxResponseTokens),
    encode: (problem) =>
      orBug(encode(problem.id, problem.prompt), () => `the prompt of ${problem.id} cannot be encoded`),
    endIds: assignment.endIds,
    places: assignment.places,
  }
}

/** The task of a name that main has checked. */
export const taskNamed = (name: string): Task => orBug(taskByName(name), () => `no task ${name}`)

/** A task's own tokenizer writes every prompt of the task. */
export const plainEncoder =
  (codec: TextCodec) =>
  ({ prompt }: Problem): ReadonlyArray<number> =>
    orBug(
      codec.encode(prompt),
      () => `the tokenizer cannot encode the task's prompt ${JSON.stringify(prompt)}`,
    )

const orBug = <L, A>(either: E.Either<L, A>, show: (error: L) => string): A => {
  if (E.isRight(either)) return either.right
  throw new Error(`bug: ${show(either.left)}`)
}
