/**
 * What `rapo train` is asked for, from its arguments: a new run of an experiment file, or the rest of a run.
 */
import { Effect, Path } from "effect"
import { quickened, withValues } from "../config/Experiment.ts"
import { readExperiment } from "../config/readExperiment.ts"
import { ConfigError } from "../errors.ts"
import { describeModel } from "../model/Checkpoint.ts"
import { type Replaced, readRunStart } from "../storage/RunStart.ts"
import type { RunRequest } from "./runExperiment.ts"

/** Arguments; undefined where none is given. */
export interface TrainArguments {
  readonly experiment: string | undefined
  readonly quick: boolean
  readonly seed: number | undefined
  /** The base model's folder, seen from where the command runs. */
  readonly model: string | undefined
  readonly out: string | undefined
  readonly resume: string | undefined
  readonly engine: string | undefined
}

/** A run of an experiment, by the experiment as the arguments change it. */
export const requestOf = Effect.fn("requestOf")(function* (asked: TrainArguments) {
  return asked.resume === undefined ? yield* newRun(asked) : yield* restOf(asked, asked.resume)
})

const newRun = Effect.fnUntraced(function* ({ experiment: file, quick, seed, model, out }: TrainArguments) {
  const path = yield* Path.Path
  if (file === undefined)
    return yield* wrong(
      "no experiment is named",
      "Name a file, such as apps/train/experiments/countdown.toml, or the run to go on with, with --resume.",
    )
  // A folder that is named must be there: an experiment's own may be made.
  if (model !== undefined) yield* describeModel(model)
  const replaced: Replaced = {
    quick,
    ...(seed === undefined ? {} : { seed }),
    // The flag's folder is seen from where the command runs, the file's from where the file stands.
    ...(model === undefined ? {} : { model: path.resolve(model) }),
  }
  const experiment = replacedIn(yield* readExperiment(file), replaced)
  return { experiment, file, replaced, place: { _tag: "New", parent: out ?? "runs" } } satisfies RunRequest
})

const restOf = Effect.fnUntraced(function* (asked: TrainArguments, folder: string) {
  const start = yield* readRunStart(folder)
  const { replaced, engine } = start
  const settled = [
    asked.quick ? "--quick" : undefined,
    asked.seed === undefined ? undefined : "--seed",
    asked.model === undefined ? undefined : "--model",
    asked.out === undefined ? undefined : "--out",
    asked.engine === undefined || asked.engine === "auto" || asked.engine === engine ? undefined : "--engine",
  ].find((flag) => flag !== undefined)
  if (settled !== undefined)
    return yield* new ConfigError({
      path: settled,
      field: "",
      problem: `stands beside --resume, but a run goes on as it was begun${settled === "--engine" ? `: on ${engine}` : ""}`,
      remedy: "Leave it out, or start a new run.",
    })
  const file = asked.experiment ?? start.experiment
  const written = yield* readExperiment(file)
  const experiment = replacedIn(written, replaced)
  return { experiment, file, replaced, place: { _tag: "Resumed", folder, start } } satisfies RunRequest
})

const replacedIn = (
  written: Parameters<typeof withValues>[0],
  { quick, seed, model }: Replaced,
): RunRequest["experiment"] => {
  const own = withValues(written, {
    ...(seed === undefined ? {} : { seed }),
    ...(model === undefined ? {} : { base: { checkpoint: model } }),
  })
  return quick ? quickened(own) : own
}

const wrong = (problem: string, remedy: string): ConfigError =>
  new ConfigError({ path: "rapo train", field: "", problem, remedy })
