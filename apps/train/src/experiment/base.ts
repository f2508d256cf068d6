/**
 * The base model of a run: the shipped checkpoint, or one made by pre-training; checked against the task before use.
 */
import { Effect, FileSystem, Path } from "effect"
import { isLeft } from "fp-ts/lib/Either.js"
import { Progress } from "../cli/Progress.ts"
import type { GeneratedExperiment } from "../config/GeneratedExperiment.ts"
import { CheckpointError } from "../errors.ts"
import {
  type ModelDescription,
  type ParametersSource,
  checkpointCodec,
  describeModel,
} from "../model/Checkpoint.ts"
import type { Task } from "../tasks/Task.ts"
import { pretrain } from "./pretrain.ts"

/** A base model and where it came from. Its numbers stay in its folder: who computes with them reads them there. */
export interface Base {
  readonly model: ModelDescription
  readonly source: "checkpoint" | "pretrained"
  /** The folder that holds it, as the experiment names it. */
  readonly path: string
  /** The same folder, seen from where the program runs. */
  readonly folder: string
}

/** Where a base's numbers are. */
export const parametersOf = ({ folder }: Base): ParametersSource => ({ _tag: "Folder", folder })

/** The checkpoint that the experiment names, if its folder is there. */
export const baseAtHand = Effect.fn("baseAtHand")(function* (
  experiment: GeneratedExperiment,
  task: Task,
  experimentFile: string,
) {
  const folder = yield* folderOf(experiment.base.checkpoint, experimentFile)
  if (!folder.isThere) return undefined
  const base = yield* givenBase(experiment.base.checkpoint, experimentFile)
  yield* checkFits(base.model, task, folder.path)
  return base
})

/** A model that a run makes, or goes on making, and keeps in its folder. */
export const madeBase = Effect.fn("madeBase")(function* (
  experiment: GeneratedExperiment,
  task: Task,
  experimentFile: string,
  runFolder: string,
) {
  const path = yield* Path.Path
  const progress = yield* Progress
  const named = yield* folderOf(experiment.base.checkpoint, experimentFile)
  yield* progress.say(`base model: ${named.path} was not there, so it is made by pre-training`)
  const target = keptIn(path, runFolder)
  yield* pretrain(experiment, experimentFile, { target, folder: runFolder })
  const base = yield* baseIn(target)
  yield* checkFits(base.model, task, target)
  yield* progress.say(`base model: kept in ${target}; move it to ${named.path} to use it again`)
  return base
})

/** The model that a run has made. */
export const keptBase = Effect.fn("keptBase")(function* (runFolder: string) {
  const progress = yield* Progress
  const folder = keptIn(yield* Path.Path, runFolder)
  yield* progress.say(`base model: the one that this run made, ${folder}`)
  return yield* baseIn(folder)
})

const baseIn = Effect.fnUntraced(function* (folder: string) {
  const path = (yield* Path.Path).basename(folder)
  return { source: "pretrained", path, folder, model: yield* describeModel(folder) } satisfies Base
})

const keptIn = (path: Path.Path, runFolder: string): string => path.join(runFolder, "checkpoints", "base")

/** A base without its parameters. */
export interface DescribedBase {
  readonly model: ModelDescription
  readonly folder: string
}

/** Everything about a given base but its numbers, or what is wrong with its files. */
export const describeBase = Effect.fn("describeBase")(function* (
  checkpointFolder: string,
  experimentFile: string,
) {
  const folder = yield* folderOf(checkpointFolder, experimentFile)
  if (!folder.isThere)
    return yield* new CheckpointError({
      path: folder.path,
      field: "",
      problem: "there is no such folder, and this experiment's base model cannot be made here",
      remedy: "Download the model (docs/real-models.md), or name the folder that has it, with --model.",
    })
  return { model: yield* describeModel(folder.path), folder: folder.path } satisfies DescribedBase
})

/** The checkpoint that stands in a folder, which is named relative to the experiment. */
export const givenBase = Effect.fn("givenBase")(function* (checkpointFolder: string, experimentFile: string) {
  const path = yield* Path.Path
  const progress = yield* Progress
  const folder = yield* folderOf(checkpointFolder, experimentFile)
  const model = yield* describeModel(folder.path)
  const relative = path.relative(process.cwd(), folder.path)
  const shown = relative === "" ? folder.path : relative
  yield* progress.say(`base model: the checkpoint ${shown}`)
  return { model, source: "checkpoint", path: checkpointFolder, folder: shown } satisfies Base
})

const folderOf = Effect.fnUntraced(function* (checkpointFolder: string, experimentFile: string) {
  const fs = yield* FileSystem.FileSystem
  const path = (yield* Path.Path).resolve((yield* Path.Path).dirname(experimentFile), checkpointFolder)
  return { path, isThere: yield* fs.exists(path).pipe(Effect.orElseSucceed(() => false)) }
})

/** A checkpoint fits a task when its tokenizer has the task's alphabet and its context holds prompt and response. */
const checkFits = (
  checkpoint: ModelDescription,
  task: Task,
  folder: string,
): Effect.Effect<void, CheckpointError> =>
  Effect.gen(function* () {
    const codec = yield* checkpointCodec(checkpoint, folder)
    const wrong = (field: string, problem: string): CheckpointError =>
      new CheckpointError({
        path: folder,
        field,
        problem,
        remedy: `Use a checkpoint made for the task ${task.name}, for example by \`rapo pretrain\`.`,
      })
    const unknown = task.alphabet.find((text) => isLeft(codec.encode(text)))
    if (unknown !== undefined)
      return yield* wrong(
        "tokenizer.json",
        `has no tokens for ${JSON.stringify(unknown)}, which the task writes`,
      )
    if (codec.vocabularySize > checkpoint.config.vocab_size)
      return yield* wrong(
        "config.json",
        `vocab_size is ${checkpoint.config.vocab_size}, but the tokenizer has ${codec.vocabularySize} tokens`,
      )
    const needed = task.maxPromptTokens + task.maxResponseTokens
    if (needed > checkpoint.config.max_position_embeddings)
      return yield* wrong(
        "config.json",
        `max_position_embeddings is ${checkpoint.config.max_position_embeddings}, the task needs ${needed}`,
      )
  })
