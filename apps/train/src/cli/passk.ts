/**
 * `rapo passk`: pass@k with intervals, from counts.
 */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import { bootstrapSeed, level, resamples } from "./bootstrapFlags.ts"

/** See the module header. */
export const passk = Command.make(
  "passk",
  {
    input: Flag.String("input").pipe(
      Flag.withDescription("counts.jsonl, or the samples.ndjson of `rapo eval`; - reads the standard input"),
    ),
    k: Flag.String("k").pipe(
      Flag.withDescription("Attempts, separated by commas (default: 1, 2, 4, … up to the fewest samples)"),
      Flag.withDefault(""),
    ),
    level,
    resamples,
    seed: bootstrapSeed,
  },
  Effect.fn(function* ({ input, k, level, resamples, seed }) {
    const { readCounts } = yield* Effect.promise(() => import("../evaluate/report/readScore.ts"))
    const { passAtK } = yield* Effect.promise(() => import("../evaluate/report/passAtK.ts"))
    const { ConfigError } = yield* Effect.promise(() => import("../errors.ts"))
    const answer = passAtK(yield* readCounts(input), k, { level, resamples, seed })
    if (answer._tag === "Left")
      return yield* new ConfigError({ path: input === "-" ? "standard input" : input, ...answer.left })
    yield* Console.log(JSON.stringify(answer.right, null, process.stdout.isTTY ? 2 : undefined))
  }),
).pipe(
  Command.withDescription(
    "Print the unbiased pass@k with intervals over problems, as JSON.\n\n" +
      'Each line of the input is {"id": "…", "n": samples, "c": correct ones}. The answer is ' +
      '{"k": {"1": {"mean", "lo", "hi"}, …}, "problems": N}.',
  ),
  Command.withShortDescription("pass@k with intervals, from counts"),
  Command.withExamples([
    { command: "rapo passk --input counts.jsonl --k 1,8,64", description: "At three k" },
    {
      command: `echo '{"id": "a", "n": 4, "c": 1}' | rapo passk --input -`,
      description: "From the standard input, at k = 1, 2, 4",
    },
  ]),
)
