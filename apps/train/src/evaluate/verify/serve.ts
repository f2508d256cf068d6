/**
 * A verifying thread's side: judges what it is sent, one after another. It needs no engine.
 */
import type { MessagePort } from "node:worker_threads"
import { type JudgeRequest, type Judgement, judgeResponse } from "./judge.ts"

/** What the thread is sent; its answer carries the same number. */
export interface ToJudge {
  readonly id: number
  readonly request: JudgeRequest
}

/** What the thread sends. */
export type FromJudge =
  | { readonly _tag: "Judged"; readonly id: number; readonly judgement: Judgement }
  | { readonly _tag: "Failed"; readonly id: number; readonly problem: string }

/** Listens until the thread is terminated. */
export const serve = (port: MessagePort): void => {
  const send = (message: FromJudge): void => port.postMessage(message)
  port.on("message", ({ id, request }: ToJudge) => {
    try {
      send({ _tag: "Judged", id, judgement: judgeResponse(request) })
    } catch (cause) {
      const problem = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)
      send({ _tag: "Failed", id, problem })
    }
  })
}
