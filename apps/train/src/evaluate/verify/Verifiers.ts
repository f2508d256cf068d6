/**
 * Verification beside sampling: threads that judge responses while others draw them.
 */
import { Context, Effect, Layer } from "effect"
import { Worker } from "node:worker_threads"
import { WorkerError } from "../../errors.ts"
import { workerEntry } from "../../paths.ts"
import { type JudgeRequest, type Judgement, judgeResponse } from "./judge.ts"
import { role } from "./role.ts"
import type { FromJudge, ToJudge } from "./serve.ts"

/** See the module header. */
export class Verifiers extends Context.Service<
  Verifiers,
  {
    /** How many responses may wait for their verdicts at once: who asks for more, waits himself. */
    readonly concurrency: number
    readonly judge: (request: JudgeRequest) => Effect.Effect<Judgement, WorkerError>
  }
>()("evaluate/Verifiers") {
  /** `size` threads. They end with the layer's scope. */
  static readonly layer = (size: number): Layer.Layer<Verifiers> =>
    Layer.effect(
      Verifiers,
      Effect.gen(function* () {
        const threads = yield* Effect.all(
          Array.from({ length: size }, () => Effect.acquireRelease(Effect.sync(start), ({ stop }) => stop)),
        )
        let next = 0
        return {
          concurrency: waitingPerThread * size,
          judge: (request) => {
            const thread = threads[next++ % threads.length]
            return thread === undefined ? Effect.die("bug: no verifying thread") : thread.judge(request)
          },
        }
      }),
    )

  /** In this thread. */
  static readonly layerHere: Layer.Layer<Verifiers> = Layer.succeed(Verifiers, {
    concurrency: 1,
    judge: (request) => Effect.sync(() => judgeResponse(request)),
  })
}

/** Enough that a thread never waits for the next response, few enough that little is lost when a run is stopped. */
const waitingPerThread = 16

interface Thread {
  readonly judge: (request: JudgeRequest) => Effect.Effect<Judgement, WorkerError>
  readonly stop: Effect.Effect<void>
}

type Reply = (result: Effect.Effect<Judgement, WorkerError>) => void

const start = (): Thread => {
  const worker = new Worker(workerEntry, { workerData: role })
  const waiting = new Map<number, Reply>()
  let requests = 0
  let broken: WorkerError | undefined
  const answer = (id: number, result: Effect.Effect<Judgement, WorkerError>): void => {
    waiting.get(id)?.(result)
    waiting.delete(id)
  }
  worker.on("message", (message: FromJudge) =>
    answer(
      message.id,
      message._tag === "Judged"
        ? Effect.succeed(message.judgement)
        : Effect.fail(new WorkerError({ problem: message.problem })),
    ),
  )
  worker.on("error", ({ message }: Error) => {
    broken = new WorkerError({ problem: message })
    for (const id of waiting.keys()) answer(id, Effect.fail(broken))
  })
  return {
    judge: (request) =>
      Effect.callback((resume) => {
        if (broken !== undefined) return resume(Effect.fail(broken))
        const id = requests++
        waiting.set(id, resume)
        const message: ToJudge = { id, request }
        worker.postMessage(message)
        return Effect.sync(() => waiting.delete(id))
      }),
    stop: Effect.promise(() => worker.terminate()).pipe(Effect.asVoid),
  }
}
