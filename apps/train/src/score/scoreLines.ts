/**
 * `rapo score` as a function: lines in, log-probabilities out, in order. Lines are taken so many at a time, put into batches by
 * length, and the batches given to the workers.
 */
import { Effect, type FileSystem, type Path, Stream } from "effect"
import { isLeft } from "fp-ts/lib/Either.js"
import type { CheckpointError, ConfigError, WorkerError } from "../errors.ts"
import { type LocalModel, openModel } from "../evaluate/local/LocalModel.ts"
import * as Faults from "../jsonl/Faults.ts"
import { type Line, linesOf, nameOf } from "../jsonl/lines.ts"
import { isClosed, write } from "../verifyPairs/write.ts"
import { Workers } from "../workers/Workers.ts"
import { type ScoreRow, scoreRow } from "./scoreRow.ts"
import { type Scored, batchesOf } from "./scoreSequences.ts"

/** What is asked. */
export interface ScoreRequest {
  readonly model: string
  /** The folder of an adapter that acts on the model. */
  readonly adapter?: string | undefined
  /** A path, or - for the standard input. */
  readonly input: string
  /** Whether entropies are printed too. */
  readonly entropy: boolean
}

/** How many lines are sorted by length together. *Ours*: what is in memory at once. */
const window = 1024

/** See the module header. Fails at the end if a line was broken. */
export const scoreLines = (
  request: ScoreRequest,
): Effect.Effect<
  void,
  ConfigError | CheckpointError | WorkerError,
  Workers | FileSystem.FileSystem | Path.Path
> =>
  Effect.gen(function* () {
    const model = yield* openModel(request.model, request.adapter)
    const faults = Faults.make(nameOf(request.input))
    yield* linesOf(request.input).pipe(
      Stream.grouped(window),
      Stream.takeWhile(() => !isClosed(process.stdout)),
      Stream.runForEach((lines) => scoreWindow(model, request.entropy, lines, faults)),
    )
    yield* faults.settle(
      'A line is {"id": …, "ids": […]} or {"id": …, "prompt": "…", "completion": "…"}. All other lines have their scores.',
    )
  })

// numerics

const scoreWindow = Effect.fnUntraced(function* (
  model: LocalModel,
  withEntropy: boolean,
  lines: ReadonlyArray<Line>,
  faults: Faults.Faults,
) {
  const workers = yield* Workers
  const rows: Array<ScoreRow> = []
  for (const { number, text } of lines) {
    const row = scoreRow(model, text, number)
    if (isLeft(row)) yield* faults.tell(number, row.left)
    else rows.push(row.right)
  }
  const scored = new Map<number, Scored>()
  yield* Effect.forEach(
    batchesOf(rows),
    (batch) =>
      workers
        .run({
          _tag: "Score",
          model: model.copy,
          sequences: batch.map((i) => ({ ids: rows[i]?.ids ?? [], from: rows[i]?.from ?? 1 })),
        })
        .pipe(
          Effect.map((answers) =>
            batch.forEach((i, at) => {
              const answer = answers[at]
              if (answer !== undefined) scored.set(i, answer)
            }),
          ),
        ),
    { concurrency: workers.size, discard: true },
  )
  const printed = rows.map(({ id }, i) => {
    const { logprobs = [], entropy = [] } = scored.get(i) ?? {}
    return `${JSON.stringify(withEntropy ? { id, logprobs, entropy } : { id, logprobs })}\n`
  })
  yield* write(process.stdout, printed.join(""))
})
