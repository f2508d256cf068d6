/**
 * A language model as a folder in Hugging Face's layout, which Python's `transformers` loads as it is.
 *
 *     config.json   tokenizer.json   tokenizer_config.json   generation_config.json
 *     model.safetensors   or   model.safetensors.index.json and the files that it names
 *
 * Reading (`checkpoint/read.ts`) checks that the architecture is one that is computed here, that every parameter is there
 * with its shape and that none is left over, before anything is computed. Writing (`checkpoint/write.ts`) goes to temporary
 * names first, so that no file is ever half written.
 */
import { Effect } from "effect"
import * as Either from "fp-ts/lib/Either.js"
import { CheckpointError } from "../errors.ts"
import type { ModelDescription } from "./checkpoint/ModelFolder.ts"
import type { HostTensor } from "./Safetensors.ts"
import { type InvalidTokenizer, type TextCodec, textCodec } from "./TextCodec.ts"

export type { ModelDescription } from "./checkpoint/ModelFolder.ts"
export { describeModel, loadToDevice, onDevice, readCheckpoint } from "./checkpoint/read.ts"
export { type WritableModel, type WriteOptions, writeCheckpoint } from "./checkpoint/write.ts"

// model

/** Parameters outside any device, by Hugging Face's names, in this project's memory layout. */
export type HostParameters = ReadonlyMap<string, HostTensor>

/** A model that has been read, or is to be written. */
export interface Checkpoint extends ModelDescription {
  readonly parameters: HostParameters
}

/** Where parameters are: on this host, or in a checkpoint's folder, from which each user reads them for itself. */
export type ParametersSource =
  | { readonly _tag: "InMemory"; readonly parameters: HostParameters }
  | { readonly _tag: "Folder"; readonly folder: string }

// destructors

/** The tokenizer of a model, which a folder need not have: without it there are token ids only. */
export const tokenizerOf = ({
  tokenizerJson,
  tokenizerConfig,
}: ModelDescription): Either.Either<InvalidTokenizer, TextCodec> => {
  const missing =
    tokenizerJson === undefined
      ? "tokenizer.json"
      : tokenizerConfig === undefined
        ? "tokenizer_config.json"
        : undefined
  return tokenizerJson === undefined || tokenizerConfig === undefined
    ? Either.left({ _tag: "InvalidTokenizer", problem: `the folder has no ${missing}` })
    : textCodec(tokenizerJson, tokenizerConfig)
}

/** The tokenizer of a checkpoint, where text is asked for. `folder` is for the error message. */
export const checkpointCodec = (
  checkpoint: ModelDescription,
  folder: string,
): Effect.Effect<TextCodec, CheckpointError> => {
  const codec = tokenizerOf(checkpoint)
  return Either.isRight(codec)
    ? Effect.succeed(codec.right)
    : Effect.fail(
        new CheckpointError({
          path: folder,
          field: "tokenizer",
          problem: codec.left.problem,
          remedy: "tokenizer.json and tokenizer_config.json must come from the same model.",
        }),
      )
}
