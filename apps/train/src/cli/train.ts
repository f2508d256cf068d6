/**
 * `rapo train`: the whole experiment of a file.
 */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as path from "node:path"
import * as options from "./options.ts"

/** See the module header. */
export const train = Command.make(
  "train",
  {
    experiment: options.experimentFile,
    quick: Flag.Boolean("quick").pipe(
      Flag.withDescription("The same stages, smaller: under a minute, to see that everything works"),
      Flag.withDefault(false),
    ),
    out: Flag.String("out").pipe(
      Flag.withDescription("Where the run's folder <name>-<time> is made"),
      Flag.withDefault("runs"),
    ),
    model: Flag.String("model").pipe(
      Flag.withDescription("The folder of the base model, instead of the experiment's own"),
      Flag.optional,
    ),
    seed: options.seed,
    workers: options.workers,
    engine: options.engine,
  },
  Effect.fn(function* ({ experiment: file, quick, out, model, seed, workers, engine }) {
    // Everything heavy is loaded here, so that --help is quick.
    const { readExperiment } = yield* Effect.promise(() => import("../config/readExperiment.ts"))
    const { quickened, withValues } = yield* Effect.promise(() => import("../config/Experiment.ts"))
    const { runExperiment } = yield* Effect.promise(() => import("../experiment/runExperiment.ts"))
    const { Workers } = yield* Effect.promise(() => import("../workers/Workers.ts"))
    const { Progress } = yield* Effect.promise(() => import("./Progress.ts"))

    const written = yield* readExperiment(file)
    const own = withValues(written, {
      ...Option.match(seed, { onNone: () => ({}), onSome: (value) => ({ seed: value }) }),
      // The flag's folder is seen from where the command runs, the file's from where the file stands.
      ...Option.match(model, {
        onNone: () => ({}),
        onSome: (folder) => ({ base: { checkpoint: path.resolve(folder) } }),
      }),
    })
    const experiment = quick ? quickened(own) : own
    // A folder that is named must be there: an experiment's own may be made.
    if (Option.isSome(model)) {
      const { describeModel } = yield* Effect.promise(() => import("../model/Checkpoint.ts"))
      yield* describeModel(model.value)
    }
    yield* runExperiment({ experiment, file, quick, parent: out }).pipe(
      Effect.provide(
        Layer.mergeAll(Workers.on({ engine: engine ?? experiment.engine, workers }), Progress.layer),
      ),
    )
  }),
).pipe(
  Command.withDescription(
    "Train every arm of an experiment from one base model, judge them, and write a report.\n\n" +
      "The run's folder holds summary.json, report.html, passk.png, metrics.ndjson (a line a step) and the trained " +
      "policies in Hugging Face's layout. Ctrl-C ends the run and keeps what is finished.",
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
  ]),
)
