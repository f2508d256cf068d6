/**
 * The form in which a problem is put to a model of this machine: a template, or the model's own chat template.
 *
 *     Template   the problem within a fixed text
 *     Chat       the problem as a user's message with a request for a \boxed{} answer, rendered by the tokenizer's chat template
 *
 * In both, only the form writes control tokens: the problem's words stay words.
 */
import * as E from "fp-ts/lib/Either.js"
import { literalChat } from "../../model/tokenizer/ChatTemplate.ts"
import type { FolderTokenizer } from "../../model/tokenizer/readTokenizer.ts"
import { type Template, boxedRequest, promptOf } from "../templates.ts"
import { promptTokens } from "./promptTokens.ts"

// model

/** See the module header. */
export type PromptForm =
  { readonly _tag: "Template"; readonly template: Template } | { readonly _tag: "Chat" }

/** The name that asks for the model's own chat template. */
export const chat = "chat"

// combinators

/** The tokens of a problem in a form, or why there are none. */
export const promptIds =
  ({ encodings, template }: FolderTokenizer, form: PromptForm) =>
  (id: string, problem: string): E.Either<string, ReadonlyArray<number>> => {
    if (form._tag === "Template")
      return E.mapLeft(cannotWrite)(promptTokens(encodings, promptOf(form.template, id, problem)))
    if (E.isLeft(template)) return E.left(template.left.problem)
    const messages = [{ role: "user", content: boxedRequest(problem) }]
    return E.mapLeft((error: UnchattablePrompt) =>
      error._tag === "UnencodableText" ? cannotWrite(error) : error.problem,
    )(literalChat(encodings, template.right, { messages, generationPrompt: true }))
  }

/** The control tokens with which the form's turns end, besides those that the model's files name. */
export const formEnds = (form: PromptForm): ReadonlyArray<string> =>
  form._tag === "Template" ? (form.template.ends ?? []) : []

/** As the settings of a run show it. */
export const formName = (form: PromptForm): string => (form._tag === "Template" ? form.template.name : chat)

type UnchattablePrompt =
  ReturnType<typeof literalChat> extends E.Either<infer L, ReadonlyArray<number>> ? L : never

const cannotWrite = ({ text }: { readonly text: string }): string =>
  `the tokenizer cannot write ${JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)}`
