/**
 * `rapo tokenize` as a function: lines in, ids out, in order, in bounded memory.
 */
import { Effect, type FileSystem, type Path, Stream } from "effect"
import { isRight } from "fp-ts/lib/Either.js"
import type { CheckpointError, ConfigError } from "../errors.ts"
import * as Faults from "../jsonl/Faults.ts"
import { linesOf, nameOf } from "../jsonl/lines.ts"
import { readTokenizer } from "../model/tokenizer/readTokenizer.ts"
import { isClosed, write } from "../verifyPairs/write.ts"
import { type TokenizeOptions, tokenizeRow } from "./tokenizeRow.ts"

/** What is asked. */
export interface TokenizeRequest extends TokenizeOptions {
  /** A folder with a tokenizer's files. */
  readonly model: string
  /** A path, or - for the standard input. */
  readonly input: string
}

/** See the module header. Fails at the end if a line was broken. */
export const tokenizeLines = (
  request: TokenizeRequest,
): Effect.Effect<void, ConfigError | CheckpointError, FileSystem.FileSystem | Path.Path> =>
  Effect.gen(function* () {
    const tokenizer = yield* readTokenizer(request.model)
    const faults = Faults.make(nameOf(request.input))
    yield* linesOf(request.input).pipe(
      Stream.takeWhile(() => !isClosed(process.stdout)),
      Stream.runForEach(({ number, text }) => {
        const row = tokenizeRow(tokenizer, request, text, number)
        return isRight(row)
          ? write(process.stdout, `${JSON.stringify(row.right)}\n`)
          : faults.tell(number, row.left)
      }),
    )
    yield* faults.settle(
      'A line is {"id": …, "text": "…"} or {"id": …, "messages": [{"role": "…", "content": "…"}]}. All other lines have their ids.',
    )
  })
