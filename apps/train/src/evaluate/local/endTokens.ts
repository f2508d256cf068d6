/**
 * The tokens that end a response: for `rapo eval`, `sample` and `train` alike.
 *
 *     generation_config.json's eos_token_id, or else config.json's: a number or a list;  the tokenizer's eos_token;
 *     and of the form in which the problem is put, the tokens that end a turn
 *
 * The first two are one setting for transformers, and the first is the newer: a chat model ends its turn with <|im_end|> and its
 * text with <|endoftext|>, and lists both there. The tokenizer's is added, since the two sources sometimes disagree, and a model
 * that runs on behind its own end says nothing that anybody wants. A base model's files name the end of a text only: asked in a
 * form with turns, it ends where the turn does.
 */
import { Effect, Path, Schema } from "effect"
import { CheckpointError } from "../../errors.ts"
import type { ModelDescription } from "../../model/Checkpoint.ts"
import type { FolderTokenizer } from "../../model/tokenizer/readTokenizer.ts"
import type { PromptForm } from "../PromptForm.ts"
import { endsOf } from "../templates.ts"
import { turnEnd } from "./turnEnd.ts"

const Ids = Schema.NullOr(Schema.Union([Schema.Int, Schema.Array(Schema.Int)]))

/** The end tokens of a form; of none, those of the model's files. Distinct, possibly none. */
export type EndTokens = (form: PromptForm | undefined) => ReadonlyArray<number>

/** See the module header. Fails where a file says something that is no id. */
export const endTokens = Effect.fn("endTokens")(function* (
  folder: string,
  { generationConfig, rawConfig }: Pick<ModelDescription, "generationConfig" | "rawConfig">,
  tokenizer: FolderTokenizer | undefined,
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
  const ends: EndTokens = (form) => [
    ...new Set([...present(tokenizer?.eosId), ...named, ...turnEnds(tokenizer, form)]),
  ]
  return ends
})

// numerics

const turnEnds = (
  tokenizer: FolderTokenizer | undefined,
  form: PromptForm | undefined,
): ReadonlyArray<number> => {
  if (tokenizer === undefined || form === undefined) return []
  return form._tag === "Chat"
    ? present(turnEnd(tokenizer))
    : endsOf(form.template).flatMap((name) => present(tokenizer.encodings.idOf(name)))
}

const present = (id: number | undefined): ReadonlyArray<number> => (id === undefined ? [] : [id])
