/**
 * A job done, as the message that says so: its answer, or why there is none.
 */
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import { Cause, Effect, Exit, Layer, Option } from "effect"
import type { FromWorker, Job } from "./Job.ts"
import { perform } from "./perform.ts"

const files = Layer.mergeAll(NodeFileSystem.layer, NodePath.layer)

/** Never rejects. `send` hears of progress. */
export const answerTo = async (
  id: number,
  job: Job,
  send: (message: FromWorker) => void,
): Promise<FromWorker> => {
  const exit = await Effect.runPromiseExit(
    Effect.suspend(() => perform(job, (progress) => send({ _tag: "Progress", id, progress }))).pipe(
      Effect.provide(files),
    ),
  )
  if (Exit.isSuccess(exit)) return { _tag: "Done", id, answer: exit.value }
  const refused = Cause.findErrorOption(exit.cause)
  if (Option.isSome(refused)) {
    const { path, field, problem, remedy } = refused.value
    return { _tag: "Failed", id, problem, refusal: { path, field, problem, remedy } }
  }
  const cause = Cause.squash(exit.cause)
  const problem = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)
  return { _tag: "Failed", id, problem }
}
