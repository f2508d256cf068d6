/**
 * A base model made by a worker, saved on its way, and gone on with from its save: what was done is not done again.
 *
 * A save names all that its numbers depend on. Who asks for another base, with a save of this one in the way, is told what differs.
 */
import { Effect, Path } from "effect"
import { Progress } from "../cli/Progress.ts"
import type { GeneratedExperiment } from "../config/GeneratedExperiment.ts"
import { ConfigError } from "../errors.ts"
import { type Json, jsonDifference } from "../storage/jsonDifference.ts"
import { plain } from "../storage/RunStart.ts"
import { removeSaves, saveFile } from "../storage/saves.ts"
import type { Diverged } from "../team/MemberJob.ts"
import { stepByStep } from "../team/stepByStep.ts"
import { recipeOf } from "../training/Recipe.ts"
import { readSave } from "../training/save/read.ts"
import { Workers } from "../workers/Workers.ts"

/** Where a base comes to stand. */
export interface Places {
  /** Its checkpoint. */
  readonly target: string
  /** The folder of its saves, which are the caller's to remove when the base is there. */
  readonly folder: string
}

/** See the module header. Saves of a base that diverges are removed: with other numbers in its recipe it begins anew. */
export const pretrain = Effect.fn("pretrain")(function* (
  experiment: GeneratedExperiment,
  experimentFile: string,
  { target, folder }: Places,
) {
  const workers = yield* Workers
  const progress = yield* Progress
  const file = saveFile(yield* Path.Path, folder, "base")
  const { steps, save_every } = experiment.pretraining
  const recipe = recipeOf(experiment)
  const asked = plain({ ...recipe, engine: workers.engine })
  const of = JSON.stringify(asked)
  const from = (yield* readSave(file, of, otherThan(asked, experimentFile, file)))?.steps
  if (from !== undefined) yield* progress.say(`base model: goes on after ${from} of ${steps} steps`)
  yield* progress
    .stage("pre-training", "steps", steps, (advance) =>
      Effect.gen(function* () {
        advance(from ?? 0, "before")
        const [member] = yield* workers.team(1)
        if (member === undefined) throw new Error("bug: a team has a member")
        yield* member.run({ _tag: "Begin", recipe, save: from === undefined ? undefined : file })
        return yield* stepByStep(
          [member],
          steps,
          {
            folder: target,
            baseName: "",
            saves: { file, of, every: save_every },
            ...(from === undefined ? {} : { from }),
          },
          Effect.fnUntraced(function* (step: number) {
            const diverged = yield* member.run({ _tag: "Pretrain", step })
            if (diverged !== undefined) return yield* divergence(diverged, experimentFile)
            advance(1)
            return undefined
          }),
          ({ message }) => progress.say(`base model: not saved, training goes on: ${message}`),
        )
      }).pipe(Effect.scoped),
    )
    .pipe(Effect.tapErrorTag("ConfigError", () => removeSaves(folder)))
})

// numerics

const divergence = ({ step, loss, gradientNorm }: Diverged, path: string): ConfigError =>
  new ConfigError({
    path,
    field: "pretraining.learning_rate",
    problem: `pre-training diverged at step ${step} (loss ${loss}, gradient norm ${gradientNorm})`,
    remedy: "Lower it.",
  })

/** What differs between the base that a save is of and the one that is asked for. */
const otherThan =
  (asked: Json, path: string, save: string) =>
  (said: string): ConfigError | undefined => {
    const difference = jsonDifference(parsed(said), asked)
    return (
      difference &&
      new ConfigError({
        path,
        field: difference.field,
        problem: `the base was begun with ${difference.before}, and is now asked for with ${difference.now}`,
        remedy: `Put it back to go on, or delete ${save} to begin anew.`,
      })
    )
  }

const parsed = (text: string): Json => {
  try {
    return JSON.parse(text) as Json
  } catch {
    return text
  }
}
