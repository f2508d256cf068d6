/**
 * A checkpoint on this machine, opened: its tokenizer, if it has one, and worker threads that continue token ids.
 *
 * A response depends on the seed, the id of its problem, its index, the prompt and the model alone: not on the number of workers,
 * nor on the order or the number of responses under way (up to the rounding of differently shaped products).
 */
import { Effect, Path, Queue, Stream } from "effect"
import * as E from "fp-ts/lib/Either.js"
import { sequencesAtOnce } from "../../evaluation/countCorrect.ts"
import { CheckpointError, type WorkerError } from "../../errors.ts"
import { describeModel } from "../../model/Checkpoint.ts"
import { inSharedMemory } from "../../model/checkpoint/read.ts"
import { readAdapter } from "../../model/lora/files.ts"
import type { Qwen2Config } from "../../model/Qwen2Config.ts"
import { type FolderTokenizer, folderTokenizer } from "../../model/tokenizer/readTokenizer.ts"
import { largestBlock, widestFront } from "../../rollout/frontWidth.ts"
import { placesInMemory } from "../../rollout/places.ts"
import { Workers } from "../../workers/Workers.ts"
import { SamplerError, type SamplingSettings } from "../Sampler.ts"
import { type EndTokens, endTokens } from "./endTokens.ts"
import { type ModelCopy, tokenizerBytes } from "./modelAtHand.ts"
import type { Ask, Drawn } from "./respond.ts"
import { before } from "./stopping.ts"

// model

/** A finished sample: its tokens, and its text up to a stop string; without a tokenizer the text is empty. */
export interface Response extends Drawn {
  readonly text: string
}

/** See the module header. */
export interface LocalModel {
  readonly folder: string
  readonly config: Qwen2Config
  /** Undefined when the folder has no `tokenizer.json`. */
  readonly tokenizer: FolderTokenizer | undefined
  /** For jobs of other kinds. It carries no tokenizer. */
  readonly copy: ModelCopy
  /** The tokens that end a response to a prompt of a form. */
  readonly endIds: EndTokens
  /**
   * Samples of every ask, each as it is finished; `maxTokens` of an ask is cut to the model's room. A stop string that is a control
   * token's name is that token. `places`: most samples under way on one worker; missing, as many as memory allows.
   */
  readonly draw: (
    asks: ReadonlyArray<Ask>,
    settings: Omit<SamplingSettings, "maxTokens" | "seed">,
    places?: number,
  ) => Stream.Stream<Response, SamplerError>
}

// constructors

/** Opens a checkpoint folder, with the adapter of another if one is named. */
export const openModel = Effect.fn("openModel")(function* (folder: string, adapter?: string) {
  const workers = yield* Workers
  const path = yield* Path.Path
  const read = yield* describeModel(folder)
  const made = read.tokenizerJson === undefined ? undefined : folderTokenizer(read)
  if (made !== undefined && E.isLeft(made))
    return yield* new CheckpointError({
      path: path.join(folder, "tokenizer.json"),
      field: "",
      problem: made.left,
      remedy: "tokenizer.json and tokenizer_config.json must come from the same model.",
    })
  const tokenizer = made?.right
  const endIds = yield* endTokens(folder, read, tokenizer)
  const { config } = read
  // Numbered, since a folder's content may change while the program runs.
  const key = `${models++} ${folder}`
  const copy: ModelCopy = {
    key,
    config,
    parts: [
      // Each worker reads the folder for itself: no second copy of a large model is held on the host.
      { key, source: { _tag: "Folder", folder } },
      ...(adapter === undefined
        ? []
        : [
            {
              key: `${key} ${adapter}`,
              source: {
                _tag: "InMemory",
                parameters: inSharedMemory(yield* readAdapter(adapter, config)),
              } as const,
            },
          ]),
    ],
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

  /** Their text is left out of a response's, so that they would never be found there. */
  const namedIn = (stop: ReadonlyArray<string>): ReadonlyArray<number> =>
    tokenizer?.encodings.controls.flatMap(({ content, id }) => (stop.includes(content) ? [id] : [])) ?? []

  const draw: LocalModel["draw"] = (asks, settings, places) => {
    const room = config.max_position_embeddings
    const named = namedIn(settings.stop)
    const fitting = asks.map((ask) => ({
      ...ask,
      endIds: [...ask.endIds, ...named],
      maxTokens: Math.min(ask.maxTokens, room - ask.prompt.length),
    }))
    const unfit = fitting.find(({ prompt, maxTokens }) => prompt.length < 1 || maxTokens < 1)
    if (unfit !== undefined) return Stream.fail(unfitting(folder, unfit, room))
    const longest = Math.max(0, ...fitting.map(({ prompt, maxTokens }) => prompt.length + maxTokens))
    const atOnce = Math.min(
      places ?? sequencesAtOnce,
      placesInMemory(config, widestFront(longest, largestBlock)),
    )
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
                  Effect.mapError((error) => brokenWorker(folder, error)),
                  Effect.andThen(Queue.end(queue)),
                  Effect.catch((error) => Queue.fail(queue, error)),
                ),
            { bufferSize: share.reduce((sum, { indices }) => sum + indices.length, 1) },
          ),
        { concurrency: workers.size },
      ),
    )
  }
  return { folder, config, tokenizer, copy, endIds, draw } satisfies LocalModel
})

let models = 0

// sizes

/**
 * How often a worker's places are filled by one request. Ours: the last ones of a request leave places empty, and with more requests
 * than workers the last one of a worker that is ahead is shorter.
 */
const fillings = 32

/** The asks cut into requests: even shares, as many for each worker, of no more samples than so many fillings. */
const shares = (
  asks: ReadonlyArray<Ask>,
  places: number,
  workers: number,
): ReadonlyArray<ReadonlyArray<Ask>> => {
  const all = asks.reduce((sum, { indices }) => sum + indices.length, 0)
  const rounds = Math.max(1, Math.ceil(all / (workers * places * fillings)))
  const most = Math.max(1, Math.ceil(all / (workers * rounds)))
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

const brokenWorker = (folder: string, { problem, refusal }: WorkerError): SamplerError =>
  new SamplerError(
    refusal ?? {
      path: folder,
      field: "",
      problem: `a worker thread failed: ${problem.split("\n")[0] ?? ""}`,
      remedy: "If memory ran out, ask for fewer --max-tokens or --workers; otherwise please report it.",
    },
  )
