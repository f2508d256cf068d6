/**
 * Lines in, verdicts out, in order, in bounded memory: no more batches are on their way than there are threads, and the next one
 * is read when what is done has been written.
 */
import type { Verify } from "@rapo/verifier"
import { Effect, Stream } from "effect"
import { ConfigError, type WorkerError } from "../errors.ts"
import { batchesOf, nameOf } from "../jsonl/lines.ts"
import { here, threads } from "./Judges.ts"
import type { Judged } from "./judgeLine.ts"
import * as Tally from "./Tally.ts"
import { isClosed, write } from "./write.ts"

/** What is asked. */
export interface Request {
  /** A path, or - for the standard input. */
  readonly input: string
  readonly preset: Verify.Preset
  readonly workers: number
  /** Whether verdicts are held against the expected ones. */
  readonly expected: boolean
}

/** See the module header. Verdicts go to stdout; what is said about them to stderr. Fails at the end if a line was broken. */
export const verifyPairs = (request: Request): Effect.Effect<void, ConfigError | WorkerError> =>
  Effect.scoped(
    Effect.gen(function* () {
      const began = performance.now()
      const path = nameOf(request.input)
      const tally = Tally.make()
      const judge = request.workers === 1 ? here(request.preset) : yield* threads(request.preset)
      yield* batchesOf(request.input).pipe(
        Stream.mapEffect(judge, { concurrency: request.workers }),
        Stream.takeWhile(() => !isClosed(process.stdout)),
        Stream.runForEach((batch) => tell(batch, path, request.expected, tally)),
      )
      // Whoever reads no further does not want a table either.
      if (isClosed(process.stdout)) return
      yield* write(process.stderr, `\n${Tally.table(tally, (performance.now() - began) / 1000)}\n`)
      if (request.expected) yield* write(process.stderr, `\n${Tally.confusion(tally)}\n`)
      if (tally.broken > 0)
        return yield* new ConfigError({
          path,
          field: `line ${tally.firstBroken ?? 0}`,
          problem: `${tally.broken === 1 ? "this line is" : `this line and ${tally.broken - 1} more are`} broken`,
          remedy:
            'A line is an object {"id": …, "gold": "…", "pred": "…"}. All other lines have their verdicts.',
        })
    }),
  )

const tell = (batch: ReadonlyArray<Judged>, path: string, expected: boolean, tally: Tally.Tally) => {
  const rows: Array<string> = []
  const remarks: Array<string> = []
  for (const judged of batch) {
    Tally.count(tally, judged)
    if (judged._tag === "Judged") rows.push(`${JSON.stringify(judged.row)}\n`)
    else remarks.push(`${path}: line ${judged.number}: ${judged.problem}\n`)
    const remark = expected ? Tally.disagreement(judged) : undefined
    if (remark !== undefined) remarks.push(`${remark}\n`)
  }
  return Effect.andThen(write(process.stdout, rows.join("")), write(process.stderr, remarks.join("")))
}
