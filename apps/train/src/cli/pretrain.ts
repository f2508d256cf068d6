/**
 * `rapo pretrain`: makes the base model of an experiment.
 */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as options from "./options.ts"

/** See the module header. */
export const pretrain = Command.make(
  "pretrain",
  {
    experiment: options.experimentFile,
    out: Flag.String("out").pipe(
      Flag.withDescription("The checkpoint folder to write; one that is there is replaced"),
    ),
    steps: options.optionalCount("steps", "Steps, instead of the experiment's own"),
    seed: options.seed,
    engine: options.engine,
  },
  Effect.fn(function* ({ experiment: file, out, steps, seed, engine }) {
    const { readGenerated } = yield* Effect.promise(() => import("../config/readExperiment.ts"))
    const { GeneratedExperiment } = yield* Effect.promise(() => import("../config/GeneratedExperiment.ts"))
    const base = yield* Effect.promise(() => import("../experiment/base.ts"))
    const { writeCheckpoint } = yield* Effect.promise(() => import("../model/Checkpoint.ts"))
    const { openRunFolder } = yield* Effect.promise(() => import("../storage/RunFolder.ts"))
    const { Workers } = yield* Effect.promise(() => import("../workers/Workers.ts"))
    const { Progress } = yield* Effect.promise(() => import("./Progress.ts"))

    const { experiment: written, task } = yield* readGenerated(file)
    const experiment = new GeneratedExperiment({
      ...written,
      seed: Option.getOrElse(seed, () => written.seed),
    })
    // Before the work, not after it: can the folder be written?
    yield* openRunFolder(out)
    yield* Effect.gen(function* () {
      const progress = yield* Progress
      const count = steps ?? experiment.pretraining.steps
      const checkpoint = yield* base.pretrain(experiment, task, count, file)
      yield* writeCheckpoint(out, checkpoint)
      yield* progress.say(`base model: ${out}`)
    }).pipe(
      Effect.provide(
        Layer.mergeAll(Workers.on({ engine: engine ?? experiment.engine, workers: 1 }), Progress.layer),
      ),
    )
  }),
).pipe(
  Command.withDescription(
    "Make the base model of an experiment: a small Qwen2 trained by maximum likelihood on noisy demonstrations of its " +
      "task. The folder is in Hugging Face's layout and loads in Python's transformers.",
  ),
  Command.withShortDescription("Make the base model of an experiment"),
  Command.withExamples([
    {
      command:
        "rapo pretrain apps/train/experiments/countdown.toml --out apps/train/checkpoints/countdown-base",
      description: "The checkpoint that ships with the project, made again",
    },
  ]),
)
