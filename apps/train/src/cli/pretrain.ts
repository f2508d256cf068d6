/**
 * `rapo pretrain`: makes the base model of an experiment.
 */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { endingSoon } from "./endingSoon.ts"
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
    const make = yield* Effect.promise(() => import("../experiment/pretrain.ts"))
    const { lockFolder } = yield* Effect.promise(() => import("../storage/lockFolder.ts"))
    const { removeSaves } = yield* Effect.promise(() => import("../storage/saves.ts"))
    const { openRunFolder } = yield* Effect.promise(() => import("../storage/RunFolder.ts"))
    const { Workers } = yield* Effect.promise(() => import("../workers/Workers.ts"))
    const { Progress } = yield* Effect.promise(() => import("./Progress.ts"))

    const { experiment: written } = yield* readGenerated(file)
    const { pretraining } = written
    const experiment = new GeneratedExperiment({
      ...written,
      seed: Option.getOrElse(seed, () => written.seed),
      pretraining: { ...pretraining, steps: steps ?? pretraining.steps },
    })
    // Before the work, not after it: can the folder be written?
    yield* openRunFolder(out)
    yield* lockFolder(out)
    yield* endingSoon(
      "interrupted: the step under way is finished and saved (Ctrl-C again ends at once); the same command goes on",
    )
    yield* Effect.gen(function* () {
      const progress = yield* Progress
      yield* make.pretrain(experiment, file, { target: out, folder: out })
      yield* removeSaves(out)
      yield* progress.say(`base model: ${out}`)
    }).pipe(
      Effect.provide(
        Layer.mergeAll(Workers.on({ engine: engine ?? experiment.engine, workers: 1 }), Progress.layer),
      ),
    )
  }, Effect.scoped),
).pipe(
  Command.withDescription(
    "Make the base model of an experiment: a small Qwen2 trained by maximum likelihood on noisy demonstrations of its " +
      "task. The folder is in Hugging Face's layout and loads in Python's transformers. Learning is saved on its way " +
      "(pretraining.save_every of the experiment; about every 10 minutes, if nothing is said) and at Ctrl-C: the same command " +
      "goes on, to the same model.",
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
