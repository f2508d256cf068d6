/**
 * The tokens of a prompt, in which only the template can write control tokens.
 *
 * A problem is text from a file, and may hold "<|im_end|>" as any text may: where it stands, control tokens' names are spelt out
 * in ordinary tokens, also a name that the template's text and the problem's would make together.
 *
 * Laws (tested)
 * 1. Without a control token's name in the problem, the tokens are those of the whole text.
 * 2. The number of control tokens does not depend on the problem.
 */
import type * as E from "fp-ts/lib/Either.js"
import type { Encodings, UnencodableText } from "../../model/tokenizer/Encodings.ts"
import type { Prompt } from "../Sampler.ts"

/** What is encoded of a prompt. */
export type PromptText = Pick<Prompt, "text" | "problemAt">

/** The tokens of a prompt; where nobody says which part is the problem, all of it is. */
export const promptTokens = (
  { marked }: Pick<Encodings, "marked">,
  { text, problemAt = [{ start: 0, end: text.length }] }: PromptText,
): E.Either<UnencodableText, ReadonlyArray<number>> => marked(text, problemAt)
