/**
 * A checkpoint on this machine as a `Sampler`: text in, text out, by the model's own tokenizer.
 */
import { Effect, type FileSystem, Layer, type Path, Stream } from "effect"
import { isLeft } from "fp-ts/lib/Either.js"
import { CheckpointError } from "../../errors.ts"
import { Workers } from "../../workers/Workers.ts"
import { type Prompt, Sampler, SamplerError } from "../Sampler.ts"
import { openModel } from "./LocalModel.ts"
import { idsOf } from "./promptIds.ts"
import type { Ask as LocalAsk } from "./respond.ts"

/** The sampler of a checkpoint folder, which must have a tokenizer, and of an adapter's beside it. */
export const localSampler = (
  folder: string,
  name: string,
  adapter?: string,
): Layer.Layer<Sampler, CheckpointError, Workers | FileSystem.FileSystem | Path.Path> =>
  Layer.effect(
    Sampler,
    Effect.gen(function* () {
      const model = yield* openModel(folder, adapter)
      const { tokenizer } = model
      if (tokenizer === undefined) return yield* withoutTokenizer(folder)
      return {
        name,
        sample: (asks, settings) => {
          const asked: Array<LocalAsk> = []
          for (const [place, { prompt, seed, indices }] of asks.entries()) {
            const ids = idsOf(tokenizer, prompt)
            if (isLeft(ids)) return Stream.fail(unwritable(folder, prompt, ids.left))
            asked.push({
              place,
              problem: prompt.problem,
              seed,
              prompt: ids.right,
              indices,
              endIds: model.endIds(prompt.form),
              maxTokens: settings.maxTokens,
            })
          }
          return model.draw(asked, settings).pipe(
            Stream.map(({ place, problem, sample, text, finish, ids: { length }, logProbs }) => ({
              ask: place,
              problem,
              sample,
              text,
              finish,
              promptTokens: asked[place]?.prompt.length,
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

/** A prompt that has no tokens. */
const unwritable = (folder: string, { problem }: Prompt, why: string): SamplerError =>
  new SamplerError({
    path: folder,
    field: `problem ${problem}`,
    problem: why,
    remedy: "Ask a model with another tokenizer, or use another --template.",
  })
