/**
 * `rapo sample` as a function: the responses to prompts, prompt by prompt, in the order of their indices.
 */
import { Effect, type FileSystem, Stream } from "effect"
import { isLeft } from "fp-ts/lib/Either.js"
import { ConfigError } from "../errors.ts"
import { type Asked, parsePrompts } from "../data/parsePrompts.ts"
import { readBytes } from "../data/readDataset.ts"
import { fieldsOf } from "./questions.ts"
import { readTemplate } from "./readTemplate.ts"
import { type Sample, Sampler, type SamplerError, type SamplingSettings } from "./Sampler.ts"
import { promptOf } from "./templates.ts"

/** What a user asks for. */
export interface SampleRequest {
  readonly prompts: ReadonlyArray<string>
  readonly file: string | undefined
  readonly fields: string
  readonly template: string
  readonly n: number
  readonly settings: SamplingSettings
}

/** See the module header. Prompts of the command line are named by their numbers, and come before those of the file. */
export const drawSamples = (
  request: SampleRequest,
): Stream.Stream<Sample, ConfigError | SamplerError, Sampler | FileSystem.FileSystem> =>
  Stream.unwrap(
    Effect.gen(function* () {
      const sampler = yield* Sampler
      const template = yield* readTemplate(request.template)
      const asked = [
        ...request.prompts.map((problem, i): Asked => ({ id: String(i + 1), problem })),
        ...(request.file === undefined ? [] : yield* readPrompts(request.file, request.fields)),
      ]
      if (asked.length === 0)
        return yield* new ConfigError({
          path: "--prompt",
          field: "",
          problem: "there is nothing to ask",
          remedy: "Give a prompt, with --prompt, or a file of them, with --prompts.",
        })
      const indices = Array.from({ length: request.n }, (_, i) => i)
      return Stream.fromIterable(asked).pipe(
        Stream.mapEffect(
          ({ id, problem }) =>
            sampler
              .sample(promptOf(template, id, problem), indices, request.settings)
              .pipe(Stream.runCollect),
          { concurrency: sampler.concurrency },
        ),
        Stream.flatMap((samples) =>
          Stream.fromIterable([...samples].toSorted((a, b) => a.sample - b.sample)),
        ),
      )
    }),
  )

const readPrompts = Effect.fn("readPrompts")(function* (path: string, fields: string) {
  const parsed = parsePrompts(new TextDecoder().decode(yield* readBytes(path)), yield* fieldsOf(fields))
  if (isLeft(parsed)) {
    const { place, problem, remedy } = parsed.left
    return yield* new ConfigError({ path, field: place, problem, remedy })
  }
  return parsed.right
})
