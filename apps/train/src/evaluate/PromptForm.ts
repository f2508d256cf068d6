/**
 * The form in which a problem is put to a model: a template, or the model's own chat template.
 *
 *     Template   the problem within a fixed text
 *     Chat       the problem as a user's message with a request for a \boxed{} answer, rendered by the model's chat template
 *
 * In both, only the form writes control tokens: on this machine the problem's words stay words (`local/promptIds.ts`).
 */
import type { Prompt } from "./Sampler.ts"
import { type Template, boxedRequest, promptOf } from "./templates.ts"

// model

/** See the module header. */
export type PromptForm =
  { readonly _tag: "Template"; readonly template: Template } | { readonly _tag: "Chat" }

/** The name that asks for the model's own chat template. */
export const chat = "chat"

// combinators

/** A problem in a form. In the chat form there is no text: whoever has the chat template renders the messages. */
export const promptIn = (form: PromptForm, id: string, problem: string): Prompt =>
  form._tag === "Template"
    ? { ...promptOf(form.template, id, problem), form }
    : { problem: id, text: "", messages: [{ role: "user", content: boxedRequest(problem) }], form }

// destructors

/** As the settings of a run show it. */
export const formName = (form: PromptForm): string => (form._tag === "Template" ? form.template.name : chat)
