/**
 * A pool of worker threads, one engine each: as many jobs run at once as there are workers, first come, first served. A team
 * takes several workers for as long as its scope lasts; it counts as one in the queue, so that no two teams wait for each other.
 *
 * Results do not depend on the number of workers: a job's randomness comes from its own seed.
 */
import { Context, Effect, Layer, Queue, type Scope, Semaphore } from "effect"
import { Worker } from "node:worker_threads"
import { Engine } from "../engine/Engine.ts"
import type { EngineChoice, EngineName } from "../engine/EngineName.ts"
import { EngineError, WorkerError } from "../errors.ts"
import { workerEntry } from "../paths.ts"
import type { Member, Team } from "../team/Team.ts"
import type { Answers, FromWorker, Job, Progress, ToWorker } from "./Job.ts"

/** See the module header. */
export class Workers extends Context.Service<
  Workers,
  {
    /** How many jobs run at once. */
    readonly size: number
    /** The engine that the workers run on. */
    readonly engine: EngineName
    /** Does a job on the next free worker. `onProgress` is called as the worker tells. */
    readonly run: <J extends Job>(
      job: J,
      onProgress?: (progress: Progress) => void,
    ) => Effect.Effect<Answers[J["_tag"]], WorkerError>
    /** So many workers, all at once, of which each keeps what it holds from job to job. **Domain** 1 ≤ members ≤ size. */
    readonly team: (members: number) => Effect.Effect<Team, never, Scope.Scope>
  }
>()("train/Workers") {
  /** `size` worker threads (or as many as suit the engine), each with the engine. They end with the layer's scope. */
  static readonly layer = (size?: number): Layer.Layer<Workers, EngineError, Engine> =>
    Layer.effect(
      Workers,
      Effect.gen(function* () {
        const engine = yield* Engine
        const count = size ?? engine.workers
        const workers = yield* Effect.all(
          Array.from({ length: count }, () => Effect.acquireRelease(spawn(engine.name), stop)),
          { concurrency: "unbounded" },
        )
        const idle = yield* Queue.unbounded<Worker>()
        yield* Queue.offerAll(idle, workers)
        const queue = yield* Semaphore.make(1)
        const taken = (members: number): Effect.Effect<ReadonlyArray<Worker>, never, Scope.Scope> =>
          queue.withPermits(1)(
            Effect.forEach(Array.from({ length: members }), () =>
              Effect.acquireRelease(Queue.take(idle), (worker) => Queue.offer(idle, worker), {
                interruptible: true,
              }),
            ),
          )
        return {
          size: count,
          engine: engine.name,
          run: <J extends Job>(job: J, onProgress?: (progress: Progress) => void) =>
            Effect.scoped(
              Effect.flatMap(taken(1), ([worker]) => ask(worker as Worker, job, onProgress ?? ignore)),
            ),
          team: (members) =>
            Effect.map(taken(members), (workers) =>
              workers.map((worker): Member => ({ run: (job) => ask(worker, job, ignore) })),
            ),
        }
      }),
    )
  /** The workers of a command: on the engine that its user asks for, or else the best that the machine has. */
  static readonly on = ({ engine, workers }: Computing): Layer.Layer<Workers, EngineError> =>
    Workers.layer(workers).pipe(Layer.provide(Engine.layer(engine ?? "auto")))
}

/** What a user says about where to compute; undefined where he leaves the choice. */
export interface Computing {
  readonly engine: EngineChoice | undefined
  readonly workers: number | undefined
}

/** What a worker thread is started with. */
export interface EngineWorkerData {
  readonly engine: EngineName
}

const spawn = (engine: EngineName): Effect.Effect<Worker, EngineError> =>
  Effect.callback((resume) => {
    const workerData: EngineWorkerData = { engine }
    const worker = new Worker(workerEntry, { workerData })
    const failed = (problem: string): void =>
      resume(
        Effect.fail(
          new EngineError({ path: `engine ${engine}`, field: "", problem, remedy: remedies[engine] }),
        ),
      )
    worker.once("error", ({ message }: Error) => failed(message))
    worker.once("message", (message: FromWorker) =>
      message._tag === "Ready"
        ? resume(Effect.succeed(worker))
        : failed(message._tag === "Unfit" ? message.problem : message._tag),
    )
  })

/** What to do when an engine is there and does not start. */
const remedies: { readonly [name in EngineName]: string } = {
  native: "Build it again: `npm run engine -- --remove`, then `npm run engine`; or use --engine wasm.",
  webgpu: "Update the graphics driver, or use --engine wasm; `rapo doctor` shows what is there.",
  wasm: "Run `npm ci` again; if it stays, report it with the output of `node --version`.",
}

const stop = (worker: Worker): Effect.Effect<void> =>
  Effect.promise(() => worker.terminate()).pipe(Effect.asVoid)

/** Numbers jobs, so that a late answer to an interrupted job is not taken for the next one's. */
let jobs = 0

const ignore = (): void => undefined

const ask = <J extends Job>(
  worker: Worker,
  job: J,
  onProgress: (progress: Progress) => void,
): Effect.Effect<Answers[J["_tag"]], WorkerError> =>
  Effect.callback((resume) => {
    const id = jobs++
    const listen = (message: FromWorker): void => {
      if (!("id" in message) || message.id !== id) return
      if (message._tag === "Progress") onProgress(message.progress)
      if (message._tag === "Done") finish(Effect.succeed(message.answer as Answers[J["_tag"]]))
      if (message._tag === "Failed") {
        const { problem, refusal } = message
        finish(Effect.fail(new WorkerError(refusal === undefined ? { problem } : { problem, refusal })))
      }
    }
    const broken = ({ message }: Error): void => fail(message)
    const ended = (code: number): void => fail(`it ended with exit code ${code}`)
    const fail = (problem: string): void => finish(Effect.fail(new WorkerError({ problem })))
    const finish = (result: Effect.Effect<Answers[J["_tag"]], WorkerError>): void => {
      forget()
      resume(result)
    }
    const forget = (): void => {
      worker.off("message", listen)
      worker.off("error", broken)
      worker.off("exit", ended)
    }
    worker.on("message", listen)
    worker.on("error", broken)
    worker.on("exit", ended)
    const message: ToWorker = { id, job }
    // A thread that has ended says nothing more, and has no number.
    if (worker.threadId === -1) fail("it had ended before")
    else worker.postMessage(message)
    return Effect.sync(forget)
  })
