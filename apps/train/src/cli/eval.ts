/**
 * `rapo eval`: how often models solve problems, sample by sample.
 */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { fields, skipInvalid } from "./datasetFlags.ts"
import * as options from "./options.ts"
import {
  chosenModels,
  integers,
  modelFlags,
  samplingFlags,
  template,
  tokenChoice,
} from "./samplingOptions.ts"

/** See the module header. */
export const evaluate = Command.make(
  "eval",
  {
    ...modelFlags,
    baseModel: Flag.String("base-model").pipe(
      Flag.withDescription("A checkpoint folder to compare the others with (default: the first model)"),
      Flag.optional,
    ),
    dataset: Flag.String("dataset").pipe(
      Flag.withDescription("Problems with answers, as JSONL, JSON or Parquet"),
      Flag.optional,
    ),
    fields: fields(),
    skipInvalid,
    limit: options.optionalCount("limit", "Only the first so many problems of the data set"),
    task: Flag.String("task").pipe(
      Flag.withDescription("A task that makes its own problems, instead of a data set: countdown, …"),
      Flag.optional,
    ),
    level: Flag.String("level").pipe(Flag.withDescription("The task's level, such as n4"), Flag.optional),
    problems: options.countOr("problems", "How many problems of the task", 30),
    taskSeed: Flag.Int("task-seed").pipe(
      Flag.withDescription("Which problems of the task (default: 1)"),
      Flag.withDefault(1),
    ),
    n: options.countOr("n", "Samples of a problem, for each seed; pass@k needs n of at least k", 64),
    template: template("qwen-boxed for a data set, plain for a task"),
    ...samplingFlags,
    seeds: Flag.String("seeds").pipe(
      Flag.withDescription("Seeds of sampling, separated by commas (default: 1)"),
      Flag.withDefault("1"),
    ),
    out: Flag.String("out").pipe(
      Flag.withDescription("The folder of the evaluation; one that was begun is continued"),
    ),
    workers: options.workers,
    engine: options.engine,
  },
  Effect.fn(function* (flags) {
    const { ConfigError } = yield* Effect.promise(() => import("../errors.ts"))
    const { runEvaluation } = yield* Effect.promise(() => import("../evaluate/runEvaluation.ts"))
    const { Progress } = yield* Effect.promise(() => import("./Progress.ts"))
    const wrong = (path: string, problem: string, remedy: string) =>
      new ConfigError({ path, field: "", problem, remedy })

    const named = yield* Effect.promise(() => chosenModels(flags))
    const bases = Option.toArray(flags.baseModel).map((folder) => ({ _tag: "Checkpoint" as const, folder }))
    if ("problem" in named && (bases.length === 0 || named.path !== "--model"))
      return yield* wrong(named.path, named.problem, named.remedy)
    const chosen = [...bases, ...("problem" in named ? [] : named)]
    const seeds = integers(flags.seeds)
    if (seeds === undefined)
      return yield* wrong("--seeds", `${flags.seeds} is not a list of distinct whole numbers`, "Write 1,2,3.")
    const dataset = Option.getOrUndefined(flags.dataset)
    const task = Option.getOrUndefined(flags.task)
    const level = Option.getOrUndefined(flags.level)
    if ((dataset === undefined) === (task === undefined))
      return yield* wrong(
        "--dataset",
        dataset === undefined ? "no problems are named" : "and --task both name problems",
        "Name a file, with --dataset, or a task, with --task and --level.",
      )
    if (task !== undefined && level === undefined)
      return yield* wrong("--level", `is missing: the task ${task} has several`, "Name one, such as n4.")

    const folders = yield* runEvaluation({
      models: chosen,
      source:
        dataset !== undefined
          ? {
              _tag: "File",
              path: dataset,
              fields: flags.fields,
              skipInvalid: flags.skipInvalid,
              limit: flags.limit,
            }
          : {
              _tag: "Task",
              task: task ?? "",
              level: level ?? "",
              problems: flags.problems,
              seed: flags.taskSeed,
            },
      template: flags.template,
      sampling: tokenChoice(flags),
      n: flags.n,
      seeds,
      out: flags.out,
      computing: { engine: flags.engine, workers: flags.workers },
    }).pipe(Effect.provide(Progress.layer))
    for (const folder of folders) yield* Console.log(`${folder}/report.html`)
  }),
).pipe(
  Command.withDescription(
    "Ask models every problem n times, judge the responses, and report pass@k with intervals.\n\n" +
      "Every finished sample is written to samples.ndjson at once. The same command goes on where a run was stopped, and asks " +
      "nothing twice. Several models get a folder each and are compared with the first.",
  ),
  Command.withShortDescription("How often models solve problems"),
  Command.withExamples([
    {
      command:
        "rapo eval --model apps/train/checkpoints/countdown-base --task countdown --level n4 --n 256 --out runs/base",
      description: "The shipped base model on problems of Countdown",
    },
    {
      command:
        "rapo eval --endpoint http://127.0.0.1:8000 --served-model Qwen/Qwen2.5-7B --dataset aime2024.jsonl " +
        "--n 1024 --temperature 1 --top-p 0.95 --out runs/qwen",
      description: "A model on a server, on a file of problems",
    },
    {
      command:
        "rapo eval --base-model base --model runs/x/checkpoints/rapo --task countdown --level n5 --out runs/pair",
      description: "A trained model against its base",
    },
  ]),
)
