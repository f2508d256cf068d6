/**
 * The form that `--template` names: the model's own chat template, a built-in template, or a file.
 */
import { Effect } from "effect"
import { ConfigError } from "../errors.ts"
import { readBytes } from "../data/readDataset.ts"
import { type PromptForm, chat } from "./PromptForm.ts"
import { hole, templateOf, templates } from "./templates.ts"

/** The names of forms that are not files. */
export const formNames: ReadonlyArray<string> = [chat, ...templates.map(({ name }) => name)]

/** See the module header. */
export const readForm = Effect.fn("readForm")(function* (name: string) {
  if (name === chat) return { _tag: "Chat" } satisfies PromptForm
  const builtIn = templates.find((template) => template.name === name)
  if (builtIn !== undefined) return { _tag: "Template", template: builtIn } satisfies PromptForm
  const text = new TextDecoder().decode(
    yield* readBytes(name).pipe(
      Effect.mapError(
        ({ problem }) =>
          new ConfigError({
            path: `--template ${name}`,
            field: "",
            problem: `is none of ${formNames.join(", ")}, and as a file it ${problem}`,
            remedy: `Name one of them, or a text file with ${hole} in it.`,
          }),
      ),
    ),
  )
  const template = templateOf(name, text)
  if (template === undefined)
    return yield* new ConfigError({
      path: name,
      field: "",
      problem: `has no ${hole}, where the problem would go`,
      remedy: `Write ${hole} into it.`,
    })
  return { _tag: "Template", template } satisfies PromptForm
})

/** A server renders messages, and messages alone, by the model's own chat template. */
export const checkServable = (
  form: PromptForm,
  api: "chat" | "completions",
): Effect.Effect<void, ConfigError> =>
  form._tag === "Chat" && api === "completions"
    ? Effect.fail(
        new ConfigError({
          path: `--template ${chat}`,
          field: "",
          problem: "the server has the model's chat template, and does not apply it to completions",
          remedy: "Use --api chat, or another --template.",
        }),
      )
    : Effect.void
