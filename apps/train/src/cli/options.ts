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

/** A flag for such a number. */
export const count = (name: string, description: string): Flag.Flag<number> =>
  Flag.Int(name).pipe(Flag.withSchema(positive(name)), Flag.withDescription(description))

/** The same, with what holds where it is left out. */
export const countOr = (name: string, description: string, standard: number): Flag.Flag<number> =>
  count(name, `${description} (default: ${standard})`).pipe(Flag.withDefault(standard))

/** The same, where it may be left out. */
export const optionalCount = (name: string, description: string): Flag.Flag<number | undefined> =>
  count(name, description).pipe(Flag.optional, Flag.map(Option.getOrUndefined))

/** Lines to read: `shape` is what one looks like. */
export const lines = (shape: string): Flag.Flag<string> =>
  Flag.String("input").pipe(
    Flag.withDescription(`A file with ${shape} a line (default: the standard input, also -)`),
    Flag.withDefault("-"),
  )

/** The one model of a command. */
export const model = Flag.String("model").pipe(
  Flag.withDescription("A checkpoint folder in Hugging Face's layout"),
)

/** JSON instead of words. */
export const json = (description = "Print JSON"): Flag.Flag<boolean> =>
  Flag.Boolean("json").pipe(Flag.withDescription(description), Flag.withDefault(false))

/** How many worker threads compute; undefined leaves it to the engine. */
export const workers = optionalCount(
  "workers",
  "Worker threads, one engine each (default: wasm one for each core, native and webgpu one in all)",
)

/** How many threads of work that needs no engine. */
export const threads = (description: string): Flag.Flag<number> =>
  count("workers", description).pipe(Flag.withDefault(Math.max(1, availableParallelism())))

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
