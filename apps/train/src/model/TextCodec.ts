/**
 * Text to token ids and back, by a real `tokenizer.json`: the encodings, and the two tokens that every batch needs.
 *
 * Laws: `NFC(decode(encode(text))) = NFC(text)` for texts of the tokenizer's vocabulary; a text that it cannot represent is an
 * error, not a silently shortened prompt; **no text encodes to a control token** (see `tokenizer/Encodings.ts`).
 */
import * as E from "fp-ts/lib/Either.js"
import {
  type Encodings,
  type InvalidTokenizer,
  type UnencodableText,
  encodings,
} from "./tokenizer/Encodings.ts"

export type { InvalidTokenizer, UnencodableText }

/** See the module header. */
export interface TextCodec extends Encodings {
  readonly padId: number
  readonly eosId: number
  readonly vocabularySize: number
  /** The ids of a text from outside: the names of control tokens in it are spelt out. */
  readonly encode: (text: string) => E.Either<UnencodableText, ReadonlyArray<number>>
}

/**
 * The codec of the parsed contents of `tokenizer.json` and `tokenizer_config.json`. A tokenizer without a padding token pads with
 * its end token: padding is masked, so any token serves.
 */
export const textCodec = (
  tokenizerJson: object,
  tokenizerConfig: Readonly<Record<string, unknown>>,
): E.Either<InvalidTokenizer, TextCodec> =>
  E.chain((own: Encodings): E.Either<InvalidTokenizer, TextCodec> => {
    const eos = tokenName(tokenizerConfig["eos_token"])
    const pad = tokenName(tokenizerConfig["pad_token"]) ?? eos
    const [eosId, padId] = [eos, pad].map((name) => (name === undefined ? undefined : own.idOf(name)))
    return padId === undefined || eosId === undefined
      ? E.left({
          _tag: "InvalidTokenizer",
          problem: "eos_token must name a token of the vocabulary, and pad_token too where it is given",
        })
      : E.right({ ...own, padId, eosId, vocabularySize: own.size, encode: own.ordinary })
  })(encodings(tokenizerJson, tokenizerConfig))

/** `tokenizer_config.json` names a token by its content, or by a record of it. */
export const tokenName = (value: unknown): string | undefined => {
  const content =
    typeof value === "object" && value !== null ? (value as { readonly content?: unknown }).content : value
  return typeof content === "string" ? content : undefined
}
