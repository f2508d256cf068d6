/**
 * What an evaluation records of the form of its prompts: all that its samples depend on.
 */
import { Effect } from "effect"
import { isLeft } from "fp-ts/lib/Either.js"
import { ConfigError } from "../errors.ts"
import { readTokenizer } from "../model/tokenizer/readTokenizer.ts"
import type { Evaluation } from "./EvaluationRecord.ts"
import type { ModelRequest } from "./models.ts"
import { type PromptForm, chat, formName } from "./PromptForm.ts"
import { checkServable } from "./readForm.ts"
import { endsOf } from "./templates.ts"

/** See the module header. A form that the model cannot be asked in is refused, before anything is asked. */
export const templateRecord = Effect.fn("templateRecord")(function* (model: ModelRequest, form: PromptForm) {
  const name = formName(form)
  if (model._tag === "Endpoint") yield* checkServable(form, model.settings.api)
  if (form._tag === "Template") {
    // Who renders messages ends them too.
    const ends = model._tag === "Endpoint" && model.settings.api === "chat" ? [] : endsOf(form.template)
    const { text } = form.template
    return { name, text, ...(ends.length === 0 ? {} : { ends }) } satisfies Evaluation["template"]
  }
  if (model._tag === "Endpoint") return { name, text: "" } satisfies Evaluation["template"]
  const { template } = yield* readTokenizer(model.folder)
  if (isLeft(template))
    return yield* new ConfigError({
      path: `--template ${chat}`,
      field: "",
      problem: `cannot be used with ${model.folder}: ${template.left.problem}`,
      remedy: "Copy chat_template.jinja into the folder, or use another --template.",
    })
  return { name, text: template.right.source } satisfies Evaluation["template"]
})
