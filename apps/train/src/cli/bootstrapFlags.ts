/**
 * Flags of commands that make intervals over problems.
 */
import * as Flag from "effect/cli/Flag"
import * as Schema from "effect/Schema"
import { countOr } from "./options.ts"

/** Nominal coverage. */
export const level = Flag.Finite("level").pipe(
  Flag.withSchema(
    Schema.Finite.pipe(
      Schema.check(
        Schema.isBetween(
          { minimum: 0.5, maximum: 0.999 },
          { message: "--level must lie between 0.5 and 0.999" },
        ),
      ),
    ),
  ),
  Flag.withDescription("Nominal coverage of the intervals (default: 0.95)"),
  Flag.withDefault(0.95),
)

/** How often problems are drawn again. */
export const resamples = countOr("resamples", "Resamples of the bootstrap over problems", 10_000)

/** The randomness of the resamples. */
export const bootstrapSeed = Flag.Int("seed").pipe(
  Flag.withDescription("Seed of the bootstrap: equal seeds give equal intervals (default: 0)"),
  Flag.withDefault(0),
)
