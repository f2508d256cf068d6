/**
 * A tokenizer's ways of writing a text as ids, which differ in one thing: who may write control tokens.
 *
 * | function    | control tokens in the text                                     | for                                   |
 * |-------------|----------------------------------------------------------------|---------------------------------------|
 * | `ordinary`  | none: their names are spelt out in ordinary tokens              | a problem, a response: text from a file |
 * | `marked`    | all but those that touch the protected places                   | a template with a problem in it       |
 * | `reference` | all, wherever they stand, as `transformers` encodes             | text that is a prompt as it stands    |
 *
 * Laws (tests)
 * 1. `ordinary` yields no control token, for every text: ids of control tokens are refused even if the vocabulary could make one.
 * 2. Where a text names no control token, all three are equal.
 * 3. `NFC(read(reference(text))) = NFC(text)`: Qwen's tokenizer normalises, and loses nothing. A text with something that the vocabulary
 *    cannot write, or with half a surrogate pair, which is no text, is an error, not a silently different prompt.
 *
 * The library's tokenizer is made once, without the control tokens, and they are cut out before it: their flags `lstrip`,
 * `rstrip` and `single_word` are not honoured (no Qwen tokenizer sets them).
 */
import { Tokenizer } from "@huggingface/tokenizers"
import * as E from "fp-ts/lib/Either.js"
import { type ControlToken, type Place, controlTokens, cut, withoutControls } from "./ControlTokens.ts"

// model

/** See the module header. */
export interface Encodings {
  readonly ordinary: (text: string) => E.Either<UnencodableText, ReadonlyArray<number>>
  readonly marked: (
    text: string,
    protectedAt: ReadonlyArray<Place>,
  ) => E.Either<UnencodableText, ReadonlyArray<number>>
  readonly reference: (text: string) => E.Either<UnencodableText, ReadonlyArray<number>>
  /** The text of ids, special tokens left out; bytes that are no UTF-8, such as a character's first half, become U+FFFD. */
  readonly decode: (ids: ReadonlyArray<number>) => string
  /** The same with special tokens written out. */
  readonly read: (ids: ReadonlyArray<number>) => string
  readonly controls: ReadonlyArray<ControlToken>
  /** The id of a token's name, control token or not. */
  readonly idOf: (name: string) => number | undefined
  /** How many ids have a token. A model's vocabulary may be larger: Qwen2.5 pads its matrices to 151,936. */
  readonly size: number
}

/** A text with a character that the vocabulary lacks; `text` is the part that has it. */
export interface UnencodableText {
  readonly _tag: "UnencodableText"
  readonly text: string
}

/** What is wrong with the tokenizer's files. */
export interface InvalidTokenizer {
  readonly _tag: "InvalidTokenizer"
  readonly problem: string
}

// constructors

/** The encodings of the parsed contents of `tokenizer.json` and `tokenizer_config.json`. */
export const encodings = (
  tokenizerJson: object,
  tokenizerConfig: Readonly<Record<string, unknown>>,
): E.Either<InvalidTokenizer, Encodings> =>
  E.tryCatch(
    () => make(tokenizerJson, tokenizerConfig),
    (cause): InvalidTokenizer => ({ _tag: "InvalidTokenizer", problem: String(cause) }),
  )

const make = (tokenizerJson: object, tokenizerConfig: Readonly<Record<string, unknown>>): Encodings => {
  const controls = controlTokens(tokenizerJson)
  const plain = new Tokenizer(withoutControls(tokenizerJson), { ...tokenizerConfig })
  const byId = new Map(controls.map((control) => [control.id, control]))

  // The library's decode throws on an empty list, and passes over ids without a token.
  const spell = (ids: ReadonlyArray<number>): string =>
    ids.length === 0
      ? ""
      : plain.decode([...ids], { skip_special_tokens: false, clean_up_tokenization_spaces: false })

  const ordinary = (text: string): E.Either<UnencodableText, ReadonlyArray<number>> => {
    if (text === "") return E.right([])
    const { ids } = plain.encode(text, { add_special_tokens: false })
    const isWhole = spell(ids).normalize("NFC") === text.normalize("NFC")
    return isWhole && !(ids as ReadonlyArray<number>).some((id) => byId.has(id))
      ? E.right(ids)
      : E.left({ _tag: "UnencodableText", text })
  }

  const marked: Encodings["marked"] = (text, protectedAt) => {
    const ids: Array<number> = []
    for (const part of cut(text, controls, protectedAt)) {
      const own = part._tag === "Control" ? E.right([part.id]) : ordinary(part.text)
      if (E.isLeft(own)) return own
      for (const id of own.right) ids.push(id)
    }
    return E.right(ids)
  }

  return {
    ordinary,
    marked,
    reference: (text) => marked(text, []),
    // Special tokens go first, as in transformers, so that bytes on both sides of one may still make a character.
    decode: (ids) =>
      writtenOut(
        ids.filter((id) => byId.get(id)?.isSpecial !== true),
        byId,
        spell,
      ),
    read: (ids) => writtenOut(ids, byId, spell),
    controls,
    idOf: (name) => controls.find(({ content }) => content === name)?.id ?? plain.token_to_id(name),
    size: new Set([...plain.get_vocab().values(), ...byId.keys()]).size,
  }
}

// numerics

/** The text of ids: control tokens by their names, what stands between them by `spell`. */
const writtenOut = (
  ids: ReadonlyArray<number>,
  controls: ReadonlyMap<number, ControlToken>,
  spell: (ids: ReadonlyArray<number>) => string,
): string => {
  const texts: Array<string> = []
  let from = 0
  ids.forEach((id, at) => {
    const control = controls.get(id)
    if (control === undefined) return
    texts.push(spell(ids.slice(from, at)), control.content)
    from = at + 1
  })
  return [...texts, spell(ids.slice(from))].join("")
}
