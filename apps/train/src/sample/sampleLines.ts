/**
 * `rapo sample` as a function: prompts in, responses out, prompt by prompt, in the order of their indices.
 */
import { Effect, type FileSystem, type Path, Stream } from "effect"
import { isLeft } from "fp-ts/lib/Either.js"
import { parsePrompts } from "../data/parsePrompts.ts"
import { readBytes } from "../data/readDataset.ts"
import type { EndpointSettings } from "../endpoint/Settings.ts"
import { type CheckpointError, ConfigError, type EngineError } from "../errors.ts"
import { openModel } from "../evaluate/local/LocalModel.ts"
import type { ModelRequest } from "../evaluate/models.ts"
import { fieldsOf } from "../evaluate/questions.ts"
import { checkServable, readForm } from "../evaluate/readForm.ts"
import { type Sample, Sampler, type SamplerError, type SamplingSettings } from "../evaluate/Sampler.ts"
import * as Faults from "../jsonl/Faults.ts"
import { type Line, allLines, nameOf } from "../jsonl/lines.ts"
import { isClosed, write } from "../verifyPairs/write.ts"
import { type Computing, Workers } from "../workers/Workers.ts"
import { inOrder } from "./inOrder.ts"
import { type Asked, type Reader, asIds, asPrompt, sampleRow } from "./sampleRow.ts"

// model

/** What a user asks for. */
export interface SampleRequest {
  readonly model: ModelRequest
  /** Problems of the command line, named by their numbers. */
  readonly prompts: ReadonlyArray<string>
  /** A file of problems. */
  readonly file: string | undefined
  readonly fields: string
  readonly template: string
  /** A file of rows, or - for the standard input. */
  readonly input: string | undefined
  readonly n: number
  readonly settings: SamplingSettings
  readonly computing: Computing
  /** Most responses under way on a worker. */
  readonly places: number | undefined
  readonly ignoreEnd: boolean
  /** Whether the index, the finish and the prompt's length are printed too. */
  readonly details: boolean
}

/** A finished response; a server tells no ids. */
type Result = Pick<Sample, "text" | "finish" | "promptTokens"> & {
  readonly ids?: ReadonlyArray<number>
  readonly logprobs?: ReadonlyArray<number>
  readonly logprob?: number | undefined
}

type Failure = ConfigError | CheckpointError | EngineError | SamplerError

/** Answers of every prompt, each as it is finished; `prompt` and `sample` say which. */
type Answer<A> = (
  asked: ReadonlyArray<Asked<A>>,
) => Stream.Stream<{ readonly prompt: number; readonly sample: number; readonly value: Result }, Failure>

/** See the module header. Fails at the end if a line was broken. */
export const sampleLines = (
  request: SampleRequest,
): Effect.Effect<void, Failure, FileSystem.FileSystem | Path.Path> =>
  request.model._tag === "Checkpoint"
    ? fromCheckpoint(request, request.model.folder, request.model.adapter)
    : fromServer(request, request.model.settings)

// who answers

const fromCheckpoint = (request: SampleRequest, folder: string, adapter: string | undefined) =>
  Effect.gen(function* () {
    const model = yield* openModel(folder, adapter)
    const form = yield* readForm(request.template)
    yield* answered(request, asIds(model, form), (asked) =>
      model
        .draw(
          asked.map(({ id, prompt }, place) => ({
            place,
            problem: String(id),
            seed: request.settings.seed,
            prompt: prompt.ids,
            indices: indicesOf(request),
            endIds: request.ignoreEnd ? [] : model.endIds(prompt.form),
            maxTokens: request.settings.maxTokens,
          })),
          request.settings,
          request.places,
        )
        .pipe(
          Stream.map(({ place, sample, ids, logProbs, text, finish }) => ({
            prompt: place,
            sample,
            value: {
              ids,
              text,
              logprobs: logProbs,
              finish,
              promptTokens: asked[place]?.prompt.ids.length,
            },
          })),
        ),
    )
  }).pipe(Effect.provide(Workers.on(request.computing)))

const fromServer = (request: SampleRequest, settings: EndpointSettings) =>
  Effect.gen(function* () {
    const { layer } = yield* Effect.promise(() => import("../endpoint/Endpoint.ts"))
    const form = yield* readForm(request.template)
    yield* checkServable(form, settings.api)
    yield* Effect.gen(function* () {
      const sampler = yield* Sampler
      yield* answered(request, asPrompt(form, settings.api), (asked) =>
        sampler
          .sample(
            asked.map(({ prompt }) => ({
              prompt,
              seed: request.settings.seed,
              indices: indicesOf(request),
            })),
            request.settings,
          )
          .pipe(
            Stream.map(({ ask, sample, text, finish, promptTokens, logProb }) => ({
              prompt: ask,
              sample,
              value: { text, finish, promptTokens, logprob: logProb },
            })),
          ),
      )
    }).pipe(Effect.provide(layer(settings)))
  })

const indicesOf = ({ n }: SampleRequest): ReadonlyArray<number> => Array.from({ length: n }, (_, i) => i)

// what is asked and printed

const answered = Effect.fnUntraced(function* <A>(request: SampleRequest, read: Reader<A>, answer: Answer<A>) {
  const path = request.input === undefined ? "--prompt" : nameOf(request.input)
  const faults = Faults.make(path)
  const rowOfLine = sampleRow(read)
  const asked: Array<Asked<A>> = []
  for (const { number, text } of yield* problemLines(request)) {
    const row = rowOfLine(text, number)
    if (isLeft(row))
      return yield* new ConfigError({
        path: request.file ?? "--prompt",
        field: `problem ${number}`,
        problem: row.left,
        remedy: "Leave it out, ask a model with a larger vocabulary, or use another --template.",
      })
    asked.push(row.right)
  }
  const lines = request.input === undefined ? [] : yield* allLines(request.input)
  for (const { number, text } of lines) {
    const row = rowOfLine(text, number)
    if (isLeft(row)) yield* faults.tell(number, row.left)
    else asked.push(row.right)
  }
  if (asked.length === 0 && lines.length === 0 && request.input === undefined)
    return yield* new ConfigError({
      path: "--prompt",
      field: "",
      problem: "there is nothing to ask",
      remedy: "Give a prompt, with --prompt, or a file of them, with --input or --prompts.",
    })
  const ready = inOrder<Result>(request.n)
  if (asked.length > 0)
    yield* answer(asked).pipe(
      Stream.takeWhile(() => !isClosed(process.stdout)),
      Stream.runForEach((arrived) =>
        write(
          process.stdout,
          ready(arrived)
            .map(({ prompt, sample, value }) => printed(asked[prompt]?.id, sample, value, request.details))
            .join(""),
        ),
      ),
    )
  yield* faults.settle(
    'A line is {"id": …, "prompt": "…"}, or with "ids", "messages" or "problem" in its place. All other lines have their responses.',
  )
})

const printed = (
  id: string | number | undefined,
  sample: number,
  { ids, text, logprobs, logprob, finish, promptTokens }: Result,
  details: boolean,
): string =>
  `${JSON.stringify({ id, ids, text, logprobs, ...(details ? { sample, finish, promptTokens, logprob } : {}) })}\n`

/** The problems of the command line, and of the file of problems, as rows. */
const problemLines = Effect.fnUntraced(function* ({ prompts, file, fields }: SampleRequest) {
  const own = prompts.map((problem, i) => ({ id: String(i + 1), problem }))
  if (file === undefined) return own.map(asLine)
  const parsed = parsePrompts(new TextDecoder().decode(yield* readBytes(file)), yield* fieldsOf(fields))
  if (isLeft(parsed)) {
    const { place, problem, remedy } = parsed.left
    return yield* new ConfigError({ path: file, field: place, problem, remedy })
  }
  return [...own, ...parsed.right].map(asLine)
})

const asLine = (row: object, index: number): Line => ({ number: index + 1, text: JSON.stringify(row) })
