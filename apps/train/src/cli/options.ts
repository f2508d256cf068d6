/**
 * Arguments and flags that several commands share.
 */
import * as Argument from "effect/cli/Argument"
import * as Flag from "effect/cli/Flag"
import * as Schema from "effect/Schema"
import { availableParallelism } from "node:os"

/** The experiment file. */
export const experimentFile = Argument.String("experiment").pipe(
  Argument.withDescription("An experiment in TOML, such as apps/train/experiments/countdown.toml"),
)

const positive = (name: string) =>
  Schema.Int.pipe(Schema.check(Schema.isGreaterThan(0, { message: `--${name} must be at least 1` })))

/** How many worker threads. */
export const workers = Flag.Int("workers").pipe(
  Flag.withSchema(positive("workers")),
  Flag.withDescription("Worker threads, one engine each (default: one for each core)"),
  Flag.withDefault(Math.max(1, availableParallelism())),
)

/** A seed that replaces the file's. */
export const seed = Flag.Int("seed").pipe(
  Flag.withDescription("Seed of all randomness, instead of the experiment's own"),
  Flag.optional,
)
