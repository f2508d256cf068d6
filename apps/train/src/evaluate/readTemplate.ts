/**
 * The template that `--template` names: a built-in one, or a file.
 */
import { Effect } from "effect"
import { ConfigError } from "../errors.ts"
import { readBytes } from "../data/readDataset.ts"
import { type Template, hole, templateOf, templates } from "./templates.ts"

/** See the module header. */
export const readTemplate = Effect.fn("readTemplate")(function* (name: string) {
  const builtIn = templates.find((template) => template.name === name)
  if (builtIn !== undefined) return builtIn
  const text = new TextDecoder().decode(
    yield* readBytes(name).pipe(
      Effect.mapError(
        ({ problem }) =>
          new ConfigError({
            path: `--template ${name}`,
            field: "",
            problem: `is none of ${templates.map((template) => template.name).join(", ")}, and as a file it ${problem}`,
            remedy: "Name a built-in template, or a text file with {problem} in it.",
          }),
      ),
    ),
  )
  const template: Template | undefined = templateOf(name, text)
  return (
    template ??
    (yield* new ConfigError({
      path: name,
      field: "",
      problem: `has no ${hole}, where the problem would go`,
      remedy: `Write ${hole} into it.`,
    }))
  )
})
