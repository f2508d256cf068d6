/**
 * The tokens of a prompt, in which only the template can write control tokens.
 *
 * A problem is text from a file, and may hold "<|im_end|>" as any text may. So the prompt's text is cut at the control
 * tokens that stand *outside* the problem; what lies between is encoded by the same tokenizer without its special tokens, so
 * that a control token's name within it is spelt out in ordinary ones.
 *
 * Laws (tested)
 * 1. Without a control token's name in the problem, the tokens are those of the whole text.
 * 2. The number of control tokens does not depend on the problem.
 */
import { Tokenizer } from "@huggingface/tokenizers"
import * as E from "fp-ts/lib/Either.js"
import type { Prompt } from "../Sampler.ts"

/** The prompt has a character that the vocabulary lacks; `text` is the part of the prompt that has it. */
export interface UnencodablePrompt {
  readonly _tag: "UnencodablePrompt"
  readonly text: string
}

/** What is encoded of a prompt. */
export type PromptText = Pick<Prompt, "text" | "problemAt">

/** Encodes prompts for the tokenizer of the parsed `tokenizer.json` and `tokenizer_config.json`, which main has checked. */
export const promptTokens = (
  tokenizerJson: object,
  tokenizerConfig: Readonly<Record<string, unknown>>,
): ((prompt: PromptText) => E.Either<UnencodablePrompt, ReadonlyArray<number>>) => {
  const specials = specialTokens(tokenizerJson)
  const ordinary = new Tokenizer(withoutSpecials(tokenizerJson), { ...tokenizerConfig })
  const encode = (text: string): E.Either<UnencodablePrompt, ReadonlyArray<number>> => {
    if (text === "") return E.right([])
    const { ids } = ordinary.encode(text, { add_special_tokens: false })
    const back = ids.length === 0 ? "" : ordinary.decode(ids, { clean_up_tokenization_spaces: false })
    // Tokenizers may normalise; what they may not do is lose something.
    return back.normalize("NFC") === text.normalize("NFC")
      ? E.right(ids)
      : E.left({ _tag: "UnencodablePrompt", text })
  }
  return (prompt) =>
    E.map((parts: ReadonlyArray<ReadonlyArray<number>>) => parts.flat())(
      E.traverseArray((part: Part) => (part._tag === "Control" ? E.right([part.id]) : encode(part.text)))(
        partsOf(prompt, specials),
      ),
    )
}

// numerics

interface Special {
  readonly id: number
  readonly content: string
}

type Part =
  { readonly _tag: "Control"; readonly id: number } | { readonly _tag: "Ordinary"; readonly text: string }

/** The prompt's text, cut at the control tokens of the template; of those that begin at one place, the longest. */
const partsOf = (
  { text, problemAt = [{ start: 0, end: text.length }] }: PromptText,
  specials: ReadonlyArray<Special>,
): ReadonlyArray<Part> => {
  const parts: Array<Part> = []
  let from = 0
  for (let at = 0; at < text.length;) {
    const inside = problemAt.find(({ start, end }) => at >= start && at < end)
    const control = specials.find(({ content }) => inside === undefined && text.startsWith(content, at))
    if (control === undefined) {
      at = inside?.end ?? at + 1
      continue
    }
    parts.push({ _tag: "Ordinary", text: text.slice(from, at) }, { _tag: "Control", id: control.id })
    at += control.content.length
    from = at
  }
  return [...parts, { _tag: "Ordinary", text: text.slice(from) }]
}

const addedTokens = (tokenizerJson: object): ReadonlyArray<Record<string, unknown>> => {
  const { added_tokens } = tokenizerJson as { readonly added_tokens?: unknown }
  return Array.isArray(added_tokens) ? (added_tokens as ReadonlyArray<Record<string, unknown>>) : []
}

const specialTokens = (tokenizerJson: object): ReadonlyArray<Special> =>
  addedTokens(tokenizerJson)
    .flatMap(({ id, content, special }) =>
      special === true && typeof id === "number" && typeof content === "string" && content !== ""
        ? [{ id, content }]
        : [],
    )
    .toSorted((a, b) => b.content.length - a.content.length)

const withoutSpecials = (tokenizerJson: object): object => ({
  ...tokenizerJson,
  added_tokens: addedTokens(tokenizerJson).filter(({ special }) => special !== true),
})
