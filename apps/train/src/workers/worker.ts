/**
 * The entry of a worker thread: starts the engine, then does jobs one after another until it is terminated; or, as a verifying
 * thread, judges responses or pairs; or reads a Parquet file.
 */
import { parentPort, workerData } from "node:worker_threads"
import { startEngine } from "../engine/start.ts"
import { role as readingParquet } from "../data/parquet/role.ts"
import { role as verifying } from "../evaluate/verify/role.ts"
import { role as judgingPairs } from "../verifyPairs/role.ts"
import type { FromWorker, ToWorker } from "./Job.ts"
import type { EngineWorkerData } from "./Workers.ts"

const port = parentPort
if (port === null) throw new Error("bug: worker.ts must run in a worker thread")
const send = (message: FromWorker): void => port.postMessage(message)

const startJudging = async (): Promise<void> => {
  const { serve } = await import("../evaluate/verify/serve.ts")
  serve(port)
}

const startJudgingPairs = async (): Promise<void> => {
  const { serve } = await import("../verifyPairs/serve.ts")
  serve(port)
}

const startReading = async (): Promise<void> => {
  const { serve } = await import("../data/parquet/serve.ts")
  serve(port)
}

const startComputing = async ({ engine }: EngineWorkerData): Promise<void> => {
  try {
    await startEngine(engine)
    // After the engine: tfjs must be whole before kernels are imported.
    const { answerTo } = await import("./answerTo.ts")
    let before = Promise.resolve()
    port.on("message", ({ id, job }: ToWorker) => {
      // One after another, also where main has given up the one before.
      before = before.then(async () => send(await answerTo(id, job, send)))
    })
    send({ _tag: "Ready" })
  } catch (cause) {
    send({ _tag: "Unfit", problem: String(cause) })
  }
}

await (workerData === verifying
  ? startJudging()
  : workerData === judgingPairs
    ? startJudgingPairs()
    : workerData === readingParquet
      ? startReading()
      : startComputing(workerData as EngineWorkerData))
