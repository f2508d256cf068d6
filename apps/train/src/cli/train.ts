/**
 * `rapo train`: the whole experiment of a file, or the rest of one that was interrupted.
 */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { endingSoon } from "./endingSoon.ts"
import * as options from "./options.ts"

/** See the module header. */
export const train = Command.make(
  "train",
  {
    experiment: options.experimentFile.pipe(Argument.optional),
    resume: Flag.String("resume").pipe(
      Flag.withDescription(
        "The folder of a run that was interrupted, to go on with; the experiment is the run's own",
      ),
      Flag.optional,
    ),
    quick: Flag.Boolean("quick").pipe(
      Flag.withDescription("The same stages, smaller: under a minute, to see that everything works"),
      Flag.withDefault(false),
    ),
    out: Flag.String("out").pipe(
      Flag.withDescription("Where the run's folder <name>-<time> is made (default: runs)"),
      Flag.optional,
    ),
    model: Flag.String("model").pipe(
      Flag.withDescription("The folder of the base model, instead of the experiment's own"),
      Flag.optional,
    ),
    seed: options.seed,
    workers: options.workers,
    engine: options.engine,
  },
  Effect.fn(function* ({ experiment, resume, quick, out, model, seed, workers, engine }) {
    // Everything heavy is loaded here, so that --help is quick.
    const { requestOf } = yield* Effect.promise(() => import("../experiment/request.ts"))
    const { runExperiment } = yield* Effect.promise(() => import("../experiment/runExperiment.ts"))
    const { Workers } = yield* Effect.promise(() => import("../workers/Workers.ts"))
    const { Progress } = yield* Effect.promise(() => import("./Progress.ts"))

    const request = yield* requestOf({
      experiment: Option.getOrUndefined(experiment),
      resume: Option.getOrUndefined(resume),
      quick,
      out: Option.getOrUndefined(out),
      model: Option.getOrUndefined(model),
      seed: Option.getOrUndefined(seed),
      engine,
    })
    const begunOn = request.place._tag === "Resumed" ? request.place.start.engine : undefined
    yield* endingSoon(
      "interrupted: steps under way are finished and saved (Ctrl-C again ends at once); `rapo train --resume` goes on",
    )
    yield* runExperiment(request).pipe(
      Effect.provide(
        Layer.mergeAll(
          Workers.on({ engine: begunOn ?? engine ?? request.experiment.engine, workers }),
          Progress.layer,
        ),
      ),
    )
  }, Effect.scoped),
).pipe(
  Command.withDescription(
    "Train every arm of an experiment from one base model, judge them, and write a report.\n\n" +
      "The run's folder holds summary.json, report.html, passk.png, metrics.ndjson (a line a step) and the trained " +
      "policies in Hugging Face's layout. Learning is saved on its way (training.save_every of the experiment; about every 10 " +
      "minutes, if nothing is said) and at Ctrl-C, which ends the run and keeps what is finished: --resume goes on, to the same " +
      "results as if it had not been interrupted.",
  ),
  Command.withShortDescription("Train every arm of an experiment, judge them, report"),
  Command.withExamples([
    {
      command: "rapo train apps/train/experiments/countdown.toml",
      description: "The default experiment, a few minutes",
    },
    {
      command: "rapo train apps/train/experiments/countdown.toml --quick",
      description: "Every stage in under a minute",
    },
    { command: "rapo train my.toml --seed 7 --out results", description: "Another seed, another place" },
    {
      command: "rapo train apps/train/experiments/qwen2.5-3b-simplerl.toml --model models/Qwen2.5-3B",
      description: "A checkpoint from the Hub on a data set",
    },
    {
      command: "rapo train --resume runs/qwen2.5-3b-simplerl-2026-11-21-101500",
      description: "Go on where a run was interrupted, or killed",
    },
  ]),
)
