/**
 * The problems whose prompts a model has room for: encoded by its own tokenizer, within the bounds of the experiment.
 */
import { Effect } from "effect"
import { isRight } from "fp-ts/lib/Either.js"
import { Progress } from "../../cli/Progress.ts"
import type { DataExperiment } from "../../config/DataExperiment.ts"
import { ConfigError } from "../../errors.ts"
import { promptIds } from "../../evaluate/local/promptIds.ts"
import type { PromptForm } from "../../evaluate/PromptForm.ts"
import type { Splits } from "../../tasks/Problems.ts"
import type { Problem } from "../../tasks/Task.ts"
import type { FolderTokenizer } from "../../model/tokenizer/readTokenizer.ts"
import type { DescribedBase } from "../base.ts"

/** The problems that fit; how many of each pool do not is told. */
export const fitting = Effect.fn("fitting")(function* (
  { prompt }: DataExperiment,
  file: string,
  form: PromptForm,
  tokenizer: FolderTokenizer,
  splits: Splits,
  { model, folder }: DescribedBase,
) {
  const progress = yield* Progress
  const room = model.config.max_position_embeddings
  if (prompt.max_prompt_tokens + prompt.max_response_tokens > room)
    return yield* new ConfigError({
      path: file,
      field: "prompt.max_response_tokens",
      problem: `with max_prompt_tokens makes ${prompt.max_prompt_tokens + prompt.max_response_tokens} tokens; the model of ${folder} has a context of ${room}`,
      remedy: "Lower one of them.",
    })
  const encode = promptIds(tokenizer, form)
  // Sampling wants 2 tokens at least.
  const fits = ({ id, prompt: problem }: Problem): boolean => {
    const ids = encode(id, problem)
    return isRight(ids) && ids.right.length >= 2 && ids.right.length <= prompt.max_prompt_tokens
  }
  const kept = {
    train: splits.train.filter(fits),
    validation: splits.validation.filter(fits),
    test: splits.test.filter(fits),
    hardCandidates: splits.hardCandidates.filter(fits),
  } satisfies Splits
  for (const pool of ["train", "validation", "test", "hardCandidates"] as const) {
    const lost = splits[pool].length - kept[pool].length
    if (lost > 0)
      yield* progress.say(
        `${poolNames[pool]}: ${lost} problems left out, whose prompts have more than ${prompt.max_prompt_tokens} tokens or characters that the tokenizer lacks`,
      )
    if (splits[pool].length > 0 && kept[pool].length === 0)
      return yield* new ConfigError({
        path: file,
        field: "prompt.max_prompt_tokens",
        problem: `no problem of ${poolNames[pool]} has a prompt of at most ${prompt.max_prompt_tokens} tokens of this model's`,
        remedy:
          "Raise it, use a shorter prompt.template, or check that the checkpoint is the one that you mean.",
      })
  }
  return kept
})

const poolNames = { train: "training", validation: "validation", test: "tests", hardCandidates: "Hard" }
