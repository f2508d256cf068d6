/**
 * A checkpoint on this machine, opened: its tokenizer, if it has one, and worker threads that continue token ids.
 *
 * A response depends on the seed, the id of its problem, its index, the prompt and the model alone: not on the number of workers,
 * nor on the order or the number of responses under way (up to the rounding of differently shaped products).
 */
import { Effect, Path, Queue, Stream } from "effect"
import * as E from "fp-ts/lib/Either.js"
import { sequencesAtOnce } from "../../evaluation/countCorrect.ts"
import { CheckpointError } from "../../errors.ts"
import { inSharedMemory } from "../../model/checkpoint/read.ts"
import { readAdapted } from "../../model/lora/files.ts"
import { type Qwen2Config, headSize } from "../../model/Qwen2Config.ts"
import { type FolderTokenizer, folderTokenizer } from "../../model/tokenizer/readTokenizer.ts"
import { Workers } from "../../workers/Workers.ts"
import { SamplerError, type SamplingSettings } from "../Sampler.ts"
import { endTokens } from "./endTokens.ts"
import { type ModelCopy, tokenizerBytes } from "./modelAtHand.ts"
import type { Ask, Drawn } from "./respond.ts"
import { before } from "./stopping.ts"

// model

/** A finished sample: its tokens, and its text up to a stop string; without a tokenizer the text is empty. */
export interface Response extends Drawn {
  readonly text: string
}

/** How many samples are under way at once. */
export interface DrawOptions {
  /** Ends that the model's files name are passed over. */
  readonly ignoreEnd?: boolean
  /** Most samples under way on one worker; missing, as many as memory allows. */
  readonly places?: number | undefined
}

/** See the module header. */
export interface LocalModel {
  readonly folder: string
  readonly config: Qwen2Config
  /** Undefined when the folder has no `tokenizer.json`. */
  readonly tokenizer: FolderTokenizer | undefined
  /** For jobs of other kinds. It carries no tokenizer. */
  readonly copy: ModelCopy
  /** Samples of every ask, each as it is finished; `maxTokens` of an ask is cut to the model's room. */
  readonly draw: (
    asks: ReadonlyArray<Ask>,
    settings: SamplingSettings,
    options?: DrawOptions,
  ) => Stream.Stream<Response, SamplerError>
}

// constructors

/** Opens a checkpoint folder, with the adapter of another if one is named. */
export const openModel = Effect.fn("openModel")(function* (folder: string, adapter?: string) {
  const workers = yield* Workers
  const path = yield* Path.Path
  const read = yield* readAdapted(folder, adapter)
  const made = read.tokenizerJson === undefined ? undefined : folderTokenizer(read)
  if (made !== undefined && E.isLeft(made))
    return yield* new CheckpointError({
      path: path.join(folder, "tokenizer.json"),
      field: "",
      problem: made.left,
      remedy: "tokenizer.json and tokenizer_config.json must come from the same model.",
    })
  const tokenizer = made?.right
  const endIds = yield* endTokens(folder, read, tokenizer?.eosId)
  const { config } = read
  const copy: ModelCopy = {
    // Numbered, since a folder's content may change while the program runs.
    key: `${models++} ${folder}`,
    config,
    parameters: inSharedMemory(read.parameters),
    tokenizer: undefined,
  }
  const bytes =
    read.tokenizerJson === undefined
      ? undefined
      : tokenizerBytes(read.tokenizerJson, read.tokenizerConfig ?? {})
  // A key of its own, since what is held under the first has no tokenizer.
  const reading: ModelCopy = { ...copy, key: `${copy.key} with its tokenizer`, tokenizer: bytes }

  const textOf = (ids: ReadonlyArray<number>, stop: ReadonlyArray<string>): string => {
    const text = tokenizer?.encodings.decode(ids) ?? ""
    return before(text, stop) ?? text
  }

  const draw: LocalModel["draw"] = (asks, settings, { ignoreEnd = false, places } = {}) => {
    const room = config.max_position_embeddings
    const fitting = asks.map((ask) => ({
      ...ask,
      maxTokens: Math.min(ask.maxTokens, room - ask.prompt.length),
    }))
    const unfit = fitting.find(({ prompt, maxTokens }) => prompt.length < 1 || maxTokens < 1)
    if (unfit !== undefined) return Stream.fail(unfitting(folder, unfit, room))
    const longest = Math.max(0, ...fitting.map(({ prompt, maxTokens }) => prompt.length + maxTokens))
    const atOnce = Math.min(places ?? sequencesAtOnce, placesInMemory(config, longest))
    return Stream.fromIterable(shares(fitting, atOnce, workers.size)).pipe(
      Stream.flatMap(
        (share) =>
          Stream.callback<Response, SamplerError>(
            (queue) =>
              workers
                .run(
                  {
                    _tag: "Respond",
                    request: {
                      model: settings.stop.length > 0 ? reading : copy,
                      endIds: ignoreEnd ? [] : endIds,
                      asks: share,
                      settings,
                      places: atOnce,
                    },
                  },
                  (progress) => {
                    if (progress._tag !== "Responded") return
                    const { drawn } = progress
                    Queue.offerUnsafe(queue, { ...drawn, text: textOf(drawn.ids, settings.stop) })
                  },
                )
                .pipe(
                  Effect.mapError(({ problem }) => brokenWorker(folder, problem)),
                  Effect.andThen(Queue.end(queue)),
                  Effect.catch((error) => Queue.fail(queue, error)),
                ),
            { bufferSize: share.reduce((sum, { indices }) => sum + indices.length, 1) },
          ),
        { concurrency: workers.size },
      ),
    )
  }
  return { folder, config, tokenizer, copy, draw } satisfies LocalModel
})

let models = 0

// sizes

/** Memory for the keys and values of one worker's samples. Ours: a wasm engine can address 4 GiB in all. */
const cacheBytes = 512 * 1024 * 1024

const placesInMemory = (config: Qwen2Config, tokens: number): number => {
  const bytesPerToken = 2 * 4 * config.num_hidden_layers * config.num_key_value_heads * headSize(config)
  return Math.max(1, Math.floor(cacheBytes / (bytesPerToken * tokens)))
}

/** How often a worker's places are filled by one request. Ours: the last ones of a request leave places empty. */
const fillings = 8

/** The asks cut into requests: an even share for each worker, but no more samples than so many fillings. */
const shares = (
  asks: ReadonlyArray<Ask>,
  places: number,
  workers: number,
): ReadonlyArray<ReadonlyArray<Ask>> => {
  const all = asks.reduce((sum, { indices }) => sum + indices.length, 0)
  const most = Math.max(1, Math.min(places * fillings, Math.ceil(all / workers)))
  const done: Array<Array<Ask>> = []
  let room = 0
  for (const ask of asks)
    for (let from = 0; from < ask.indices.length;) {
      if (room === 0) {
        done.push([])
        room = most
      }
      const indices = ask.indices.slice(from, from + room)
      done.at(-1)?.push({ ...ask, indices })
      from += indices.length
      room -= indices.length
    }
  return done
}

// errors

const unfitting = (folder: string, { problem, prompt }: Ask, room: number): SamplerError =>
  new SamplerError({
    path: folder,
    field: `problem ${problem}`,
    problem: `its prompt has ${prompt.length} tokens: at least 1, and fewer than the model's ${room}, can be answered`,
    remedy: "Leave the problem out, or use another --template.",
  })

const brokenWorker = (folder: string, problem: string): SamplerError =>
  new SamplerError({
    path: folder,
    field: "",
    problem: `a worker thread failed: ${problem.split("\n")[0] ?? ""}`,
    remedy: "If memory ran out, ask for fewer --max-tokens or --workers; otherwise please report it.",
  })
