/**
 * Threads that judge batches of lines. One is started when a batch finds all others busy: a small input starts a single one.
 */
import type { Verify } from "@rapo/verifier"
import { Effect, type Scope } from "effect"
import { Worker } from "node:worker_threads"
import { WorkerError } from "../errors.ts"
import { workerEntry } from "../paths.ts"
import type { Line } from "../jsonl/cut.ts"
import { type Judged, judgeLine } from "./judgeLine.ts"
import { role } from "./role.ts"
import type { Answer, Batch } from "./serve.ts"

/** Judges the lines of a batch. */
export type Judge = (lines: ReadonlyArray<Line>) => Effect.Effect<ReadonlyArray<Judged>, WorkerError>

/** Without a thread of its own. */
export const here =
  (preset: Verify.Preset): Judge =>
  (lines) =>
    Effect.sync(() => lines.map((line) => judgeLine(line, preset)))

/** With as many threads as batches are judged at once. They end with the scope. */
export const threads = (preset: Verify.Preset): Effect.Effect<Judge, never, Scope.Scope> =>
  Effect.gen(function* () {
    const started: Array<Worker> = []
    const idle: Array<Worker> = []
    yield* Effect.addFinalizer(() =>
      Effect.promise(() => Promise.all(started.map((worker) => worker.terminate()))),
    )
    const start = (): Worker => {
      const worker = new Worker(workerEntry, { workerData: role })
      started.push(worker)
      return worker
    }
    return (lines) =>
      Effect.suspend(() => {
        const worker = idle.pop() ?? start()
        return ask(worker, { lines, preset }).pipe(Effect.tap(() => Effect.sync(() => idle.push(worker))))
      })
  })

const ask = (worker: Worker, batch: Batch): Effect.Effect<Answer, WorkerError> =>
  Effect.callback((resume) => {
    const answered = (answer: Answer): void => {
      worker.off("error", failed)
      resume(Effect.succeed(answer))
    }
    const failed = ({ message }: Error): void => {
      worker.off("message", answered)
      resume(Effect.fail(new WorkerError({ problem: message })))
    }
    worker.once("message", answered)
    worker.once("error", failed)
    worker.postMessage(batch)
  })
