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
import { CheckpointError, ConfigError } from "../../errors.ts"
import { endTokens } from "../../evaluate/local/endTokens.ts"
import { promptIds } from "../../evaluate/local/promptIds.ts"
import { type PromptForm, formName } from "../../evaluate/PromptForm.ts"
import { formNames, readForm } from "../../evaluate/readForm.ts"
import { folderTokenizer } from "../../model/tokenizer/readTokenizer.ts"
import { placesInMemory } from "../../rollout/places.ts"
import type { Splits } from "../../tasks/Problems.ts"
import { type DescribedBase, describeBase, givenBase } from "../base.ts"
import type { TestSet } from "../outcome.ts"
import type { Course } from "./Course.ts"
import { fitting } from "./fitting.ts"
import { readSets } from "./readSets.ts"

/** Reads the files, and of the base what tells which of their problems it has room for. */
export const dataProspect = Effect.fn("dataProspect")(function* (
  experiment: DataExperiment,
  file: string,
  seed: Seed.Seed,
) {
  const form = yield* formOf(experiment, file)
  const base = yield* describeBase(experiment.base.checkpoint, file)
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
  const course: Course = {
    ...(yield* courseWith(experiment, file, form, split.right.splits, base)),
    files: sets.files,
  }
  return {
    course,
    givenBase: givenBase(experiment.base.checkpoint, file),
    makeBase: () => Effect.die("bug: the base of such an experiment is given"),
  }
})

const courseWith = Effect.fnUntraced(function* (
  experiment: DataExperiment,
  file: string,
  form: PromptForm,
  all: Splits,
  base: DescribedBase,
) {
  const { training, prompt, data } = experiment
  const { config } = base.model
  const tokenizer = folderTokenizer(base.model)
  if (isLeft(tokenizer)) return yield* unusable(base, "tokenizer.json", tokenizer.left)
  const { encodings } = tokenizer.right
  if (encodings.size > config.vocab_size)
    return yield* unusable(
      base,
      "config.json",
      `vocab_size is ${config.vocab_size}, but the tokenizer has ${encodings.size} tokens`,
    )
  // A form that the tokenizer cannot write at all is told by its reason, not by the problems that are left out.
  const example = promptIds(tokenizer.right, form)("0", "1")
  if (isLeft(example))
    return yield* new ConfigError({
      path: file,
      field: "prompt.template",
      problem: `"${prompt.template}" cannot be used with this model: ${example.left}`,
      remedy: 'Choose another template, such as "plain", or another checkpoint.',
    })
  const endIds = yield* endTokens(base.folder, base.model, tokenizer.right)
  const splits = yield* fitting(experiment, file, form, tokenizer.right, all, base)
  if (training.prompts_per_step > splits.train.length)
    return yield* new ConfigError({
      path: file,
      field: "training.prompts_per_step",
      problem: `is ${training.prompts_per_step}, but there are ${splits.train.length} training problems`,
      remedy: "Lower it, or name more files in data.train.",
    })
  return {
    assignment: {
      _tag: "Mathematics",
      form,
      maxResponseTokens: prompt.max_response_tokens,
      endIds: endIds(form),
      places:
        training.sampling_places ??
        placesInMemory(config, prompt.max_prompt_tokens + prompt.max_response_tokens),
    },
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
        `template ${formName(form)}, at most ${prompt.max_prompt_tokens} tokens, answered by at most ${prompt.max_response_tokens}`,
      ],
    ],
  } satisfies Omit<Course, "files">
})

/** The model's own chat template, a built-in one, or a file beside the experiment. */
const formOf = Effect.fnUntraced(function* ({ prompt }: DataExperiment, file: string) {
  const path = yield* Path.Path
  return yield* readForm(
    formNames.includes(prompt.template) ? prompt.template : path.resolve(path.dirname(file), prompt.template),
  )
})

const unusable = (base: DescribedBase, field: string, problem: string): CheckpointError =>
  new CheckpointError({
    path: base.folder,
    field,
    problem,
    remedy: "Copy the folder again from its source: tokenizer and weights must come from the same model.",
  })

const sayOverlap = Effect.fnUntraced(function* ({ overlapping: { train, validation } }: DataSplits) {
  const progress = yield* Progress
  if (train > 0)
    yield* progress.say(
      `training: ${train} problems left out, which validation or a test set has, or which stand twice`,
    )
  if (validation > 0) yield* progress.say(`validation: ${validation} problems left out, which a test set has`)
})
