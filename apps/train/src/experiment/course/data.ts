/**
 * The course of an experiment whose problems stand in files.
 *
 *     files → questions → pools, what is judged apart from what is trained on → prompts that the model has room for
 */
import { Seed } from "@rapo/distributions"
import { Effect, Path } from "effect"
import { isLeft } from "fp-ts/lib/Either.js"
import { Progress } from "../../cli/Progress.ts"
import type { DataExperiment } from "../../config/DataExperiment.ts"
import { type DataSplits, splitQuestions } from "../../data/splitQuestions.ts"
import { ConfigError } from "../../errors.ts"
import { readTemplate } from "../../evaluate/readTemplate.ts"
import { type Template, templates } from "../../evaluate/templates.ts"
import type { Splits } from "../../tasks/Problems.ts"
import { type Base, givenBase } from "../base.ts"
import type { TestSet } from "../outcome.ts"
import type { Course } from "./Course.ts"
import { fitting } from "./fitting.ts"
import { readSets } from "./readSets.ts"

/** Reads the files; which of their prompts fit, the base's tokenizer and context decide. */
export const dataProspect = Effect.fn("dataProspect")(function* (
  experiment: DataExperiment,
  file: string,
  seed: Seed.Seed,
) {
  const template = yield* templateOf(experiment, file)
  const sets = yield* readSets(experiment, file)
  const split = splitQuestions(sets, seed)
  if (isLeft(split))
    return yield* new ConfigError({
      path: file,
      field: "data.validation",
      problem: `holds out ${split.left.heldOut} of ${split.left.problems} problems: none is left to train on`,
      remedy: "Lower it, or name more files in data.train.",
    })
  yield* sayOverlap(split.right)
  return {
    obtainBase: () => givenBase(experiment.base.checkpoint, file),
    courseWith: (base: Base) => courseWith(experiment, file, template, split.right.splits, base),
  }
})

const courseWith = Effect.fnUntraced(function* (
  experiment: DataExperiment,
  file: string,
  template: Template,
  all: Splits,
  base: Base,
) {
  const splits = yield* fitting(experiment, file, template, all, base)
  const { training, prompt, data } = experiment
  if (training.prompts_per_step > splits.train.length)
    return yield* new ConfigError({
      path: file,
      field: "training.prompts_per_step",
      problem: `is ${training.prompts_per_step}, but there are ${splits.train.length} training problems`,
      remedy: "Lower it, or name more files in data.train.",
    })
  return {
    assignment: { _tag: "Mathematics", template, maxResponseTokens: prompt.max_response_tokens },
    splits,
    sets: data.test.map(({ name }): TestSet => ({
      set: name,
      title: name,
      description: `Problems of ${name}, none of which is trained on.`,
      problems: splits.test.filter(({ level }) => level === name),
    })),
    hardDescription: `Problems of ${data.hard.join(" and ")}`,
    settings: [
      ["task", "mathematics, judged by the last \\boxed{} of a response"],
      ["training problems", `${splits.train.length} of ${data.train.join(" + ")}`],
      [
        "validation problems",
        typeof data.validation === "number"
          ? `${splits.validation.length} held out of the training problems`
          : `${splits.validation.length} of ${data.validation.join(" + ")}`,
      ],
      [
        "prompts",
        `template ${template.name}, at most ${prompt.max_prompt_tokens} tokens, answered by at most ${prompt.max_response_tokens}`,
      ],
    ],
  } satisfies Course
})

/** A built-in template, or a file beside the experiment. */
const templateOf = Effect.fnUntraced(function* ({ prompt }: DataExperiment, file: string) {
  const path = yield* Path.Path
  const isBuiltIn = templates.some(({ name }) => name === prompt.template)
  return yield* readTemplate(isBuiltIn ? prompt.template : path.resolve(path.dirname(file), prompt.template))
})

const sayOverlap = Effect.fnUntraced(function* ({ overlapping: { train, validation } }: DataSplits) {
  const progress = yield* Progress
  if (train > 0)
    yield* progress.say(
      `training: ${train} problems left out, which validation or a test set has, or which stand twice`,
    )
  if (validation > 0) yield* progress.say(`validation: ${validation} problems left out, which a test set has`)
})
