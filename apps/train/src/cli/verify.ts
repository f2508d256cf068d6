/**
 * `rapo verify`: a verdict for each pair of a reference answer and a response.
 */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as options from "./options.ts"

/** The names of the verifier's presets, here so that `--help` need not load it. */
export const presets = ["mathematician", "math-verify", "prm800k", "exact", "strict-text"] as const

/** See the module header. */
export const verify = Command.make(
  "verify",
  {
    input: options.lines('a JSON object {"id", "gold", "pred"}'),
    preset: Flag.Literals("preset", presets).pipe(
      Flag.withDescription(
        "Whose conventions decide what counts as the same answer (default: mathematician)",
      ),
      Flag.withDefault("mathematician" as const),
    ),
    workers: options.threads("Threads that judge (default: one for each core); verdicts do not depend on it"),
    expected: Flag.Boolean("expected").pipe(
      Flag.withDescription(
        'Hold the verdicts against the rows\' "expected" (true or false): a confusion matrix, and every disagreement',
      ),
      Flag.withDefault(false),
    ),
  },
  Effect.fn(function* (request) {
    const { verifyPairs } = yield* Effect.promise(() => import("../verifyPairs/verifyPairs.ts"))
    yield* verifyPairs(request)
  }),
).pipe(
  Command.withDescription(
    "Judge responses: extract the final answer, parse it, compare it exactly with the reference.\n\n" +
      'A line in gives a line out, in order: {"id", "verdict": "correct" | "wrong" | "unparseable" | "timeout", "gold", ' +
      '"answer", "rule"}, with a "reason" where no rule decided. A table and the rate stand on stderr at the end.\n\n' +
      "A broken line is reported with its number and left out; the exit code is then 1. Other fields of a row are ignored, also " +
      "the options of suites that have their own conventions: choose those with --preset.",
  ),
  Command.withShortDescription("Judge responses against reference answers"),
  Command.withExamples([
    {
      command: `echo '{"id": 1, "gold": "1/2", "pred": "So it is \\\\boxed{0.5}."}' | rapo verify`,
      description: "One pair",
    },
    {
      command: "rapo verify --input pairs.jsonl --expected > verdicts.jsonl",
      description: "A file of graded pairs, with a confusion matrix",
    },
  ]),
)
