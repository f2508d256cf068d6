/**
 * The tokens that end a response.
 *
 *     generation_config.json's eos_token_id, or else config.json's: a number or a list;  and the tokenizer's eos_token
 *
 * The first two are one setting for transformers, and the first is the newer: a chat model ends its turn with <|im_end|> and its
 * text with <|endoftext|>, and lists both there. The tokenizer's is added, since the two sources sometimes disagree, and a model
 * that runs on behind its own end says nothing that anybody wants.
 */
import { Effect, Path, Schema } from "effect"
import { CheckpointError } from "../../errors.ts"
import type { ModelDescription } from "../../model/Checkpoint.ts"

const Ids = Schema.NullOr(Schema.Union([Schema.Int, Schema.Array(Schema.Int)]))

/** See the module header; distinct, possibly none. `eosId` is the tokenizer's, where there is one. */
export const endTokens = Effect.fn("endTokens")(function* (
  folder: string,
  { generationConfig, rawConfig }: Pick<ModelDescription, "generationConfig" | "rawConfig">,
  eosId: number | undefined,
) {
  const path = yield* Path.Path
  const listed = (file: string, content: Readonly<Record<string, unknown>> | undefined) =>
    Schema.decodeUnknownEffect(Ids)(content?.["eos_token_id"] ?? null).pipe(
      Effect.mapError(
        ({ message }) =>
          new CheckpointError({
            path: path.join(folder, file),
            field: "eos_token_id",
            problem: message,
            remedy: "Copy the file again from its source.",
          }),
      ),
      Effect.map((ids) => (ids === null ? undefined : [ids].flat())),
    )
  const named =
    (yield* listed("generation_config.json", generationConfig)) ??
    (yield* listed("config.json", rawConfig)) ??
    []
  return [...new Set(eosId === undefined ? named : [eosId, ...named])]
})
