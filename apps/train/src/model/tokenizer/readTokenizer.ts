/**
 * The tokenizer of a folder: `tokenizer.json`, `tokenizer_config.json`, and the chat template, which stands in a file of its own
 * (`chat_template.jinja`, as transformers writes it since version 4.51) or in `tokenizer_config.json`; the file counts if there
 * are both. A model need not be there, nor `tokenizer_config.json`.
 */
import { Effect, Path } from "effect"
import * as E from "fp-ts/lib/Either.js"
import { CheckpointError } from "../../errors.ts"
import { type ModelDescription, ifThere, readJson, readText } from "../checkpoint/ModelFolder.ts"
import { tokenName } from "../TextCodec.ts"
import { type ChatTemplate, type UnrenderableChat, chatTemplate } from "./ChatTemplate.ts"
import { type Encodings, encodings } from "./Encodings.ts"

// model

/** What a folder's tokenizer can do. */
export interface FolderTokenizer {
  readonly encodings: Encodings
  /** Why there is no template, where there is none. */
  readonly template: E.Either<UnrenderableChat, ChatTemplate>
  /** The id of the token that ends a text, where the folder names one. */
  readonly eosId: number | undefined
}

/** The parsed files. */
export type TokenizerFiles = Pick<ModelDescription, "tokenizerJson" | "tokenizerConfig" | "chatTemplate">

// constructors

/** The tokenizer of a folder, which must have one. */
export const readTokenizer = Effect.fn("readTokenizer")(function* (folder: string) {
  const path = yield* Path.Path
  const files: TokenizerFiles = {
    tokenizerJson: yield* ifThere(readJson(folder, "tokenizer.json")),
    tokenizerConfig: yield* ifThere(readJson(folder, "tokenizer_config.json")),
    chatTemplate: yield* ifThere(readText(folder, "chat_template.jinja")),
  }
  const made = folderTokenizer(files)
  return E.isRight(made)
    ? made.right
    : yield* new CheckpointError({
        path: path.join(folder, "tokenizer.json"),
        field: "",
        problem: made.left,
        remedy: "Name a folder with a tokenizer's files, such as a checkpoint's from the Hub.",
      })
})

/** The tokenizer of parsed files, or what is wrong with `tokenizer.json`. */
export const folderTokenizer = ({
  tokenizerJson,
  tokenizerConfig = {},
  chatTemplate: file,
}: TokenizerFiles): E.Either<string, FolderTokenizer> => {
  if (tokenizerJson === undefined) return E.left("cannot be read (there is no such path)")
  const own = encodings(tokenizerJson, tokenizerConfig)
  if (E.isLeft(own)) return E.left(`is not a tokenizer that can be read: ${own.left.problem}`)
  const eos = tokenName(tokenizerConfig["eos_token"])
  return E.right({
    encodings: own.right,
    template: templateOf(file ?? tokenizerConfig["chat_template"], tokenizerConfig),
    eosId: eos === undefined ? undefined : own.right.idOf(eos),
  })
}

// numerics

/** A text, or a list of named ones, of which "default" counts. */
const templateOf = (
  given: unknown,
  config: Readonly<Record<string, unknown>>,
): E.Either<UnrenderableChat, ChatTemplate> => {
  const chosen: unknown = Array.isArray(given)
    ? given.find((each: unknown) => isRecord(each) && each["name"] === "default")
    : given
  const source = isRecord(chosen) ? chosen["template"] : chosen
  if (typeof source !== "string")
    return E.left({ _tag: "UnrenderableChat", problem: "the tokenizer has no chat template" })
  const specials = ["bos_token", "eos_token", "pad_token", "unk_token", "sep_token"].flatMap((name) => {
    const token = tokenName(config[name])
    return token === undefined ? [] : [[name, token] as const]
  })
  return chatTemplate(source, Object.fromEntries(specials))
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)
