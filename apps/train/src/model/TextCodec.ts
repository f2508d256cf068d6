/**
 * Text to token ids and back, by a real `tokenizer.json`.
 *
 * Law: `decode(encode(text)) = text` for texts of the tokenizer's vocabulary; a text that it cannot represent is an
 * error, not a silently shortened prompt.
 */
import { Tokenizer } from "@huggingface/tokenizers"
import * as E from "fp-ts/lib/Either.js"

/** See the module header. */
export interface TextCodec {
  readonly padId: number
  readonly eosId: number
  readonly vocabularySize: number
  readonly encode: (text: string) => E.Either<UnencodableText, ReadonlyArray<number>>
  /** The text of ids, special tokens left out. */
  readonly decode: (ids: ReadonlyArray<number>) => string
}

/** A text with a character that the vocabulary lacks. */
export interface UnencodableText {
  readonly _tag: "UnencodableText"
  readonly text: string
}

/** What is missing in the tokenizer's files. */
export interface InvalidTokenizer {
  readonly _tag: "InvalidTokenizer"
  readonly problem: string
}

/** The codec of the parsed contents of `tokenizer.json` and `tokenizer_config.json`. */
export const textCodec = (
  tokenizerJson: object,
  tokenizerConfig: Readonly<Record<string, unknown>>,
): E.Either<InvalidTokenizer, TextCodec> => {
  const made = E.tryCatch(
    () => new Tokenizer(tokenizerJson, { ...tokenizerConfig }),
    (cause): InvalidTokenizer => ({ _tag: "InvalidTokenizer", problem: String(cause) }),
  )
  if (E.isLeft(made)) return made
  const tokenizer = made.right
  const idOf = (field: "pad_token" | "eos_token"): number | undefined => {
    const content = tokenizerConfig[field]
    return typeof content === "string" ? tokenizer.token_to_id(content) : undefined
  }
  const padId = idOf("pad_token")
  const eosId = idOf("eos_token")
  if (padId === undefined || eosId === undefined)
    return E.left({
      _tag: "InvalidTokenizer",
      problem: "pad_token and eos_token must name tokens of the vocabulary",
    })
  // The library's decode throws on an empty list.
  const decode = (ids: ReadonlyArray<number>): string =>
    ids.length === 0 ? "" : tokenizer.decode([...ids], { skip_special_tokens: true })
  return E.right({
    padId,
    eosId,
    vocabularySize: tokenizer.get_vocab().size,
    decode,
    encode: (text) => {
      const { ids } = tokenizer.encode(text, { add_special_tokens: false })
      return decode(ids) === text ? E.right(ids) : E.left({ _tag: "UnencodableText", text })
    },
  })
}
