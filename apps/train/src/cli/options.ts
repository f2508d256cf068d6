/**
 * Arguments and flags that several commands share.
 */
import * as Argument from "effect/cli/Argument"
import * as Flag from "effect/cli/Flag"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { availableParallelism } from "node:os"
import { engineChoices } from "../engine/EngineName.ts"

/** The experiment file. */
export const experimentFile = Argument.String("experiment").pipe(
  Argument.withDescription("An experiment in TOML, such as apps/train/experiments/countdown.toml"),
)

/** A whole number of at least 1, by the name of its flag. */
export const positive = (name: string) =>
  Schema.Int.pipe(Schema.check(Schema.isGreaterThan(0, { message: `--${name} must be at least 1` })))

const workerCount = Flag.Int("workers").pipe(Flag.withSchema(positive("workers")))

/** How many worker threads compute; undefined leaves it to the engine. */
export const workers = workerCount.pipe(
  Flag.withDescription(
    "Worker threads, one engine each (default: wasm one for each core, native and webgpu one in all)",
  ),
  Flag.optional,
  Flag.map(Option.getOrUndefined),
)

/** How many threads of work that needs no engine. */
export const threads = workerCount.pipe(Flag.withDefault(Math.max(1, availableParallelism())))

/** Which engine computes; undefined leaves it to the experiment, or else to the machine. */
export const engine = Flag.Literals("engine", engineChoices).pipe(
  Flag.withDescription(
    "What computes: native (TensorFlow), webgpu (any graphics card) or wasm; auto takes the first that this machine has",
  ),
  Flag.optional,
  Flag.map(Option.getOrUndefined),
)

/** A LoRA adapter for the model that is named beside it. */
export const adapter = Flag.String("adapter").pipe(
  Flag.withDescription("The folder of a LoRA adapter, in PEFT's layout, for the model"),
  Flag.optional,
  Flag.map(Option.getOrUndefined),
)

/** A seed that replaces the file's. */
export const seed = Flag.Int("seed").pipe(
  Flag.withDescription("Seed of all randomness, instead of the experiment's own"),
  Flag.optional,
)
