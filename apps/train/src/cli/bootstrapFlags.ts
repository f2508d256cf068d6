/**
 * Flags of commands that make intervals over problems.
 */
import * as Flag from "effect/cli/Flag"
import * as Schema from "effect/Schema"

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
export const resamples = Flag.Int("resamples").pipe(
  Flag.withSchema(
    Schema.Int.pipe(Schema.check(Schema.isGreaterThan(0, { message: "--resamples must be at least 1" }))),
  ),
  Flag.withDescription("Resamples of the bootstrap over problems (default: 10000)"),
  Flag.withDefault(10_000),
)

/** The randomness of the resamples. */
export const bootstrapSeed = Flag.Int("seed").pipe(
  Flag.withDescription("Seed of the bootstrap: equal seeds give equal intervals (default: 0)"),
  Flag.withDefault(0),
)
