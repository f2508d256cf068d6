/**
 * Control tokens: what a tokenizer adds to the vocabulary of its texts, such as <|im_start|>; and where a text names them.
 *
 * A token is a control token when `tokenizer.json` adds it *and* either marks it special or has no such entry in the model's own
 * vocabulary. (Qwen2.5 adds 22, of which <tool_call> and six more are not marked special. The multi-character symbols of this
 * project's own tokenizers are added too, but they are ordinary entries of their vocabularies.)
 *
 * Which names in a text *are* control tokens is the caller's to say: those of a template are, those that a problem contains never
 * (`protectedAt`), also when a problem's beginning or end would complete one that the template began.
 */

// model

/** An added token. */
export interface ControlToken {
  readonly id: number
  readonly content: string
  /** Whether readers leave it out of a text. */
  readonly isSpecial: boolean
}

/** `text.slice(start, end)`. */
export interface Place {
  readonly start: number
  readonly end: number
}

/** A piece of a text. */
export type Part =
  { readonly _tag: "Control"; readonly id: number } | { readonly _tag: "Ordinary"; readonly text: string }

// constructors

/** The control tokens of a parsed `tokenizer.json`, longest names first. */
export const controlTokens = (tokenizerJson: object): ReadonlyArray<ControlToken> => {
  const isControl = controlOf(tokenizerJson)
  return addedTokens(tokenizerJson)
    .flatMap((added) =>
      isControl(added) && typeof added["id"] === "number"
        ? [{ id: added["id"], content: String(added["content"]), isSpecial: added["special"] === true }]
        : [],
    )
    .toSorted((a, b) => b.content.length - a.content.length)
}

/** The same tokenizer without its control tokens: to it, their names are text. */
export const withoutControls = (tokenizerJson: object): object => {
  const isControl = controlOf(tokenizerJson)
  return {
    ...tokenizerJson,
    added_tokens: addedTokens(tokenizerJson).filter((added) => !isControl(added)),
  }
}

// combinators

/**
 * A text, cut at the control tokens that it names outside the protected places; of those that begin at one place, the longest.
 * Ordinary parts may be empty.
 *
 * ```ts
 * cut("a<|im_end|>b", [{ id: 7, content: "<|im_end|>", isSpecial: true }])
 * // => [{ _tag: "Ordinary", text: "a" }, { _tag: "Control", id: 7 }, { _tag: "Ordinary", text: "b" }]
 * ```
 */
export const cut = (
  text: string,
  controls: ReadonlyArray<ControlToken>,
  protectedAt: ReadonlyArray<Place> = [],
): ReadonlyArray<Part> => {
  const parts: Array<Part> = []
  const places = protectedAt.filter(({ start, end }) => end > start)
  const firsts = new Set(controls.map(({ content }) => content[0]))
  const isFree = (from: number, to: number): boolean =>
    places.every(({ start, end }) => to <= start || from >= end)
  let from = 0
  for (let at = 0; at < text.length;) {
    const control = firsts.has(text[at])
      ? controls.find(({ content }) => text.startsWith(content, at) && isFree(at, at + content.length))
      : undefined
    if (control === undefined) {
      at++
      continue
    }
    parts.push({ _tag: "Ordinary", text: text.slice(from, at) }, { _tag: "Control", id: control.id })
    at += control.content.length
    from = at
  }
  return [...parts, { _tag: "Ordinary", text: text.slice(from) }]
}

// numerics

type Added = Readonly<Record<string, unknown>>

const addedTokens = (tokenizerJson: object): ReadonlyArray<Added> => {
  const { added_tokens } = tokenizerJson as { readonly added_tokens?: unknown }
  return Array.isArray(added_tokens) ? (added_tokens as ReadonlyArray<Added>) : []
}

const controlOf = (tokenizerJson: object): ((added: Added) => boolean) => {
  const isInVocabulary = vocabularyTest(tokenizerJson)
  return ({ content, special }) =>
    typeof content === "string" && content !== "" && (special === true || !isInVocabulary(content))
}

/** `model.vocab` is a record of ids (BPE), or a list of pairs of a text and its score (Unigram). */
const vocabularyTest = (tokenizerJson: object): ((content: string) => boolean) => {
  const { model } = tokenizerJson as { readonly model?: { readonly vocab?: unknown } }
  const vocabulary = model?.vocab
  if (Array.isArray(vocabulary)) {
    const texts = new Set(vocabulary.map((entry: unknown) => (Array.isArray(entry) ? String(entry[0]) : "")))
    return (content) => texts.has(content)
  }
  const record: object = typeof vocabulary === "object" && vocabulary !== null ? vocabulary : {}
  return (content) => Object.hasOwn(record, content)
}
