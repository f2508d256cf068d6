/**
 * A checkpoint on this machine as a `Sampler`: text in, text out, by the model's own tokenizer.
 */
import { Effect, type FileSystem, Layer, type Path, Stream } from "effect"
import { isLeft } from "fp-ts/lib/Either.js"
import { CheckpointError } from "../../errors.ts"
import { Workers } from "../../workers/Workers.ts"
import { type Prompt, Sampler, SamplerError } from "../Sampler.ts"
import { openModel } from "./LocalModel.ts"
import { promptTokens } from "./promptTokens.ts"

/** The sampler of a checkpoint folder, which must have a tokenizer, and of an adapter's beside it. */
export const localSampler = (
  folder: string,
  name: string,
  adapter?: string,
): Layer.Layer<Sampler, CheckpointError, Workers | FileSystem.FileSystem | Path.Path> =>
  Layer.effect(
    Sampler,
    Effect.gen(function* () {
      const { size } = yield* Workers
      const model = yield* openModel(folder, adapter)
      const { tokenizer } = model
      if (tokenizer === undefined) return yield* withoutTokenizer(folder)
      return {
        name,
        concurrency: size,
        sample: (prompt, indices, settings) => {
          const ids = promptTokens(tokenizer.encodings, prompt)
          if (isLeft(ids)) return Stream.fail(unencodable(folder, prompt, ids.left.text))
          const ask = {
            place: 0,
            problem: prompt.problem,
            prompt: ids.right,
            indices,
            maxTokens: settings.maxTokens,
          }
          return model.draw([ask], settings).pipe(
            Stream.map(({ problem, sample, text, finish, ids: { length }, logProbs }) => ({
              problem,
              sample,
              text,
              finish,
              promptTokens: ids.right.length,
              tokens: length,
              logProb: logProbs.reduce((sum, each) => sum + each, 0),
            })),
          )
        },
      }
    }),
  )

// errors

/** A model without a tokenizer, asked with text. */
export const withoutTokenizer = (folder: string): CheckpointError =>
  new CheckpointError({
    path: folder,
    field: "tokenizer.json",
    problem: "cannot be read (there is no such path)",
    remedy:
      "Copy the tokenizer's files into the folder, or give token ids, with `rapo sample --input` or `rapo score`.",
  })

/** A prompt that the tokenizer cannot write. */
const unencodable = (folder: string, { problem }: Prompt, text: string): SamplerError =>
  new SamplerError({
    path: folder,
    field: `problem ${problem}`,
    problem: `its tokenizer cannot write ${JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)}`,
    remedy: "Ask a model with a larger vocabulary, or use another --template.",
  })
