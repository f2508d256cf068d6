/**
 * What a model is to be asked, as plain data that crosses a thread's border; and from it, the setting of rollouts.
 */
import { type Either, isLeft } from "fp-ts/lib/Either.js"
import { promptTokens } from "../evaluate/local/promptTokens.ts"
import { type Template, promptOf } from "../evaluate/templates.ts"
import { type ModelDescription, tokenizerOf } from "../model/Checkpoint.ts"
import type { TextCodec, UnencodableText } from "../model/TextCodec.ts"
import type { Setting } from "../rollout/collect.ts"
import { mathematics } from "../tasks/Mathematics.ts"
import { taskByName } from "../tasks/Registry.ts"
import type { Problem, Task } from "../tasks/Task.ts"

/** Problems that a task generates, or problems of mathematics with a template around them. */
export type Assignment =
  | { readonly _tag: "Task"; readonly name: string }
  | { readonly _tag: "Mathematics"; readonly template: Template; readonly maxResponseTokens: number }

/** The setting in which a model does an assignment. Main has checked that they fit. */
export const settingOf = (assignment: Assignment, model: ModelDescription): Setting => {
  const made = tokenizerOf(model)
  if (isLeft(made)) throw new Error(`bug: ${made.left.problem}`)
  const codec = made.right
  const { config } = model
  return assignment._tag === "Task"
    ? { config, codec, task: taskNamed(assignment.name), encode: plainEncoder(codec) }
    : {
        config,
        codec,
        task: mathematics(assignment.maxResponseTokens),
        encode: templateEncoder(codec, assignment.template),
      }
}

/** The task of a name that main has checked. */
export const taskNamed = (name: string): Task => {
  const task = taskByName(name)
  if (isLeft(task)) throw new Error(`bug: no task ${name}`)
  return task.right
}

/** A task's own tokenizer writes every prompt of the task. */
export const plainEncoder =
  (codec: TextCodec) =>
  ({ prompt }: Problem): ReadonlyArray<number> => {
    const ids = codec.encode(prompt)
    if (isLeft(ids))
      throw new Error(`bug: the tokenizer cannot encode the task's prompt ${JSON.stringify(prompt)}`)
    return ids.right
  }

const templateEncoder =
  (codec: TextCodec, template: Template) =>
  (problem: Problem): ReadonlyArray<number> => {
    const ids = promptIds(codec, template, problem)
    if (isLeft(ids)) throw new Error(`bug: the tokenizer cannot encode the prompt of problem ${problem.id}`)
    return ids.right
  }

/** The prompt of a problem within a template. **Fails with** text that the vocabulary cannot write. */
export const promptIds = (
  codec: TextCodec,
  template: Template,
  { id, prompt }: Problem,
): Either<UnencodableText, ReadonlyArray<number>> => promptTokens(codec, promptOf(template, id, prompt))
