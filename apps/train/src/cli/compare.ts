/**
 * `rapo compare`: two models on the same problems, with intervals and tests.
 */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import { bootstrapSeed, level, resamples } from "./bootstrapFlags.ts"

const run = "A folder of `rapo eval`, a counts.jsonl or a samples.ndjson"

/** See the module header. */
export const compare = Command.make(
  "compare",
  {
    base: Argument.String("base").pipe(Argument.withDescription(`The model to compare with. ${run}`)),
    model: Argument.String("model").pipe(Argument.withDescription(`The model that is judged. ${run}`)),
    out: Flag.String("out").pipe(
      Flag.withDescription("A folder for summary.json, report.html and passk.png (default: none is written)"),
      Flag.withDefault(""),
    ),
    level,
    resamples,
    seed: bootstrapSeed,
  },
  Effect.fn(function* ({ base, model, out, level, resamples, seed }) {
    const { compare, writeComparison } = yield* Effect.promise(() => import("../evaluate/writeComparison.ts"))
    const settings = { level, resamples, seed }
    const { comparison, findings } =
      out === "" ? yield* compare(base, model, settings) : yield* writeComparison(base, model, out, settings)
    yield* Console.log(
      JSON.stringify({ ...comparison, findings }, null, process.stdout.isTTY ? 2 : undefined),
    )
    if (out !== "") yield* Console.error(`${out}/report.html`)
  }),
).pipe(
  Command.withDescription(
    "Compare two models problem by problem: paired differences of pass@k with intervals and permutation tests, support " +
      "dynamics, the Hard set, newly solved and newly lost problems. Prints JSON; refuses runs on different problems.",
  ),
  Command.withShortDescription("Compare two models on the same problems"),
  Command.withExamples([
    {
      command: "rapo compare runs/base runs/rapo --out runs/rapo-against-base",
      description: "Two evaluations, with a report",
    },
    { command: "rapo compare base.jsonl rapo.jsonl", description: "Two files of counts" },
  ]),
)
