/**
 * The tokens that end a response: the tokenizer's, and those of `generation_config.json`, where Hugging Face lists more
 * (a chat model ends its turn with <|im_end|> and its text with <|endoftext|>).
 */
import { Effect, FileSystem, Path, Schema } from "effect"
import { CheckpointError } from "../../errors.ts"

const Generation = Schema.Struct({
  eos_token_id: Schema.optional(Schema.NullOr(Schema.Union([Schema.Int, Schema.Array(Schema.Int)]))),
})

/** See the module header. The file may be missing. */
export const endTokens = Effect.fn("endTokens")(function* (folder: string, eosId: number) {
  const fs = yield* FileSystem.FileSystem
  const file = (yield* Path.Path).join(folder, "generation_config.json")
  const text = yield* fs.readFileString(file).pipe(Effect.orElseSucceed(() => "{}"))
  const { eos_token_id } = yield* Schema.decodeEffect(Schema.fromJsonString(Generation))(text).pipe(
    Effect.mapError(
      ({ message }) =>
        new CheckpointError({
          path: file,
          field: "eos_token_id",
          problem: message,
          remedy: "Copy the file again from its source.",
        }),
    ),
  )
  const listed = eos_token_id === undefined || eos_token_id === null ? [] : [eos_token_id].flat()
  return [...new Set([eosId, ...listed])]
})
