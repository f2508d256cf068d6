/**
 * A checkpoint on this machine as a `Sampler`: worker threads, one engine each.
 *
 *     u_t uniform from the stream that (seed, problem, sample) names
 *
 * A response depends on its own stream, the prompt and the model alone: not on the number of workers, nor on what else is asked
 * for (up to the rounding of differently shaped products).
 */
import { Effect, FileSystem, Layer, Path, Queue, Stream } from "effect"
import { isLeft } from "fp-ts/lib/Either.js"
import type { CheckpointError } from "../../errors.ts"
import { type Checkpoint, checkpointCodec, readCheckpoint } from "../../model/Checkpoint.ts"
import { type Qwen2Config, headSize } from "../../model/Qwen2Config.ts"
import { sequencesAtOnce } from "../../evaluation/countCorrect.ts"
import { Workers } from "../../workers/Workers.ts"
import { type Prompt, type Sample, Sampler, SamplerError } from "../Sampler.ts"
import { endTokens } from "./endTokens.ts"
import { promptTokens } from "./promptTokens.ts"
import type { RespondRequest } from "./respond.ts"

/** The sampler of a checkpoint folder. */
export const localSampler = (
  folder: string,
  name: string,
): Layer.Layer<Sampler, CheckpointError, Workers | FileSystem.FileSystem | Path.Path> =>
  Layer.effect(
    Sampler,
    Effect.gen(function* () {
      const workers = yield* Workers
      const read = yield* readCheckpoint(folder)
      const codec = yield* checkpointCodec(read, folder)
      const endIds = yield* endTokens(folder, codec.eosId)
      const encode = promptTokens(read.tokenizerJson, read.tokenizerConfig)
      const checkpoint = inSharedMemory(read)
      // Numbered, since a folder's content may change while the program runs.
      const key = `${models++} ${folder}`
      const room = read.config.max_position_embeddings

      const ask = (request: RespondRequest): Stream.Stream<Sample, SamplerError> =>
        Stream.callback<Sample, SamplerError>(
          (queue) =>
            workers
              .run({ _tag: "Respond", request }, (progress) => {
                if (progress._tag === "Responded") Queue.offerUnsafe(queue, progress.sample)
              })
              .pipe(
                Effect.mapError(({ problem }) => brokenWorker(folder, problem)),
                Effect.andThen(Queue.end(queue)),
                Effect.catch((error) => Queue.fail(queue, error)),
              ),
          { bufferSize: request.indices.length },
        )

      return {
        name,
        concurrency: workers.size,
        sample: (prompt, indices, settings) => {
          const ids = encode(prompt)
          if (isLeft(ids)) return Stream.fail(unencodable(folder, prompt, ids.left.text))
          const left = room - ids.right.length
          if (ids.right.length < 2 || left < 1)
            return Stream.fail(unfitting(folder, prompt, ids.right.length, room))
          const maxTokens = Math.min(settings.maxTokens, left)
          const size = portionSize(read.config, ids.right.length + maxTokens)
          const portions = Array.from({ length: Math.ceil(indices.length / size) }, (_, i) =>
            indices.slice(i * size, (i + 1) * size),
          )
          return Stream.fromIterable(portions).pipe(
            Stream.flatMap(
              (portion) =>
                ask({
                  key,
                  checkpoint,
                  endIds,
                  prompt: ids.right,
                  problem: prompt.problem,
                  indices: portion,
                  settings: { ...settings, maxTokens },
                }),
              { concurrency: workers.size },
            ),
          )
        },
      }
    }),
  )

let models = 0

// sizes

/** Memory for the keys and values of one worker's samples. Ours: a wasm engine can address 4 GiB in all. */
const cacheBytes = 512 * 1024 * 1024

/** How many samples of one prompt a worker draws side by side. */
const portionSize = (config: Qwen2Config, tokens: number): number => {
  const bytesPerToken = 2 * 4 * config.num_hidden_layers * config.num_key_value_heads * headSize(config)
  return Math.max(1, Math.min(sequencesAtOnce, Math.floor(cacheBytes / (bytesPerToken * tokens))))
}

/** The same parameters in memory that threads share, so that a job carries no copy of them. */
const inSharedMemory = (checkpoint: Checkpoint): Checkpoint => ({
  ...checkpoint,
  parameters: new Map(
    [...checkpoint.parameters].map(([name, { shape, values }]) => {
      const shared = new Float32Array(new SharedArrayBuffer(4 * values.length))
      shared.set(values)
      return [name, { shape, values: shared }]
    }),
  ),
})

// errors

const unencodable = (folder: string, { problem }: Prompt, text: string): SamplerError =>
  new SamplerError({
    path: folder,
    field: `problem ${problem}`,
    problem: `its tokenizer cannot write ${JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)}`,
    remedy: "Ask a model with a larger vocabulary, or use another --template.",
  })

const unfitting = (folder: string, { problem }: Prompt, tokens: number, room: number): SamplerError =>
  new SamplerError({
    path: folder,
    field: `problem ${problem}`,
    problem: `its prompt has ${tokens} tokens: at least 2, and fewer than the model's ${room}, can be answered`,
    remedy: "Leave the problem out, or use another --template.",
  })

const brokenWorker = (folder: string, problem: string): SamplerError =>
  new SamplerError({
    path: folder,
    field: "",
    problem: `a worker thread failed: ${problem.split("\n")[0] ?? ""}`,
    remedy: "If memory ran out, ask for fewer --max-tokens or --workers; otherwise please report it.",
  })
