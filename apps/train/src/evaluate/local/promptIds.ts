/**
 * The tokens of a prompt, for a model on this machine: of its text, or of its messages by the model's own chat template.
 *
 * Law (tested)  The control tokens of a prompt are the form's, whatever the problem says.
 */
import * as E from "fp-ts/lib/Either.js"
import { literalChat } from "../../model/tokenizer/ChatTemplate.ts"
import type { FolderTokenizer } from "../../model/tokenizer/readTokenizer.ts"
import { showUnwritable } from "../../tokenize/tokenizeRow.ts"
import { type PromptForm, promptIn } from "../PromptForm.ts"
import type { Prompt } from "../Sampler.ts"
import { promptTokens } from "./promptTokens.ts"

/** The tokens, or why there are none. */
export const idsOf = (
  { encodings, template }: FolderTokenizer,
  prompt: Prompt,
): E.Either<string, ReadonlyArray<number>> => {
  if (prompt.form?._tag !== "Chat") return E.mapLeft(showUnwritable)(promptTokens(encodings, prompt))
  if (E.isLeft(template)) return E.left(template.left.problem)
  // Plain records: Jinja reads them as it reads JSON.
  const messages = prompt.messages.map(({ role, content }) => ({ role, content }))
  return E.mapLeft(showUnwritable)(
    literalChat(encodings, template.right, { messages, generationPrompt: true }),
  )
}

/** The tokens of a problem in a form. */
export const promptIds =
  (tokenizer: FolderTokenizer, form: PromptForm) =>
  (id: string, problem: string): E.Either<string, ReadonlyArray<number>> =>
    idsOf(tokenizer, promptIn(form, id, problem))
