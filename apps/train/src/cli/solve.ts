/**
 * `rapo solve`: the optimal policy of a finite problem, with its certificate.
 */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"

/** See the module header. */
export const solve = Command.make(
  "solve",
  {
    input: Flag.String("input").pipe(
      Flag.withDescription("A JSON file with a problem or a list of problems; - reads the standard input"),
    ),
  },
  Effect.fn(function* ({ input }) {
    const { solveText } = yield* Effect.promise(() => import("../solve/solveText.ts"))
    const { ConfigError, inWords } = yield* Effect.promise(() => import("../errors.ts"))
    const fs = yield* FileSystem.FileSystem
    const path = input === "-" ? "standard input" : input
    const text =
      input === "-"
        ? yield* Effect.promise(async () => (await import("node:stream/consumers")).text(process.stdin))
        : yield* fs.readFileString(input).pipe(
            Effect.mapError(
              (cause) =>
                new ConfigError({
                  path,
                  field: "",
                  problem:
                    cause.reason._tag === "NotFound"
                      ? "there is no such file"
                      : `cannot be read (${inWords(cause.reason._tag)})`,
                  remedy: "Give the path of a JSON file, or - for the standard input.",
                }),
            ),
          )
    const solved = solveText(text)
    if (solved._tag === "Left") return yield* new ConfigError({ path, ...solved.left })
    yield* Console.log(JSON.stringify(solved.right, null, process.stdout.isTTY ? 2 : undefined))
  }),
).pipe(
  Command.withDescription(
    "Solve for the policy that maximises E[reward] - alpha KL + entropy H over finitely many outcomes.\n\n" +
      'A problem is {"reference": [probabilities], "reward": [numbers], "divergence": "forward" | "reverse", ' +
      '"alpha": above 0, "entropy": at least 0, by default 0, "labels": [strings], may be left out}. "forward" is ' +
      'KL(reference‖policy), "reverse" KL(policy‖reference); units are nats. A list of problems gives a list of answers.\n\n' +
      "An answer has the policy, the multiplier lambda, the value, the case (boundary: the support is left), and a " +
      'certificate: kktResidual, identityResidual and dualityGap are 0 up to rounding. An infinite divergence is "Infinity".',
  ),
  Command.withShortDescription("Solve for the optimal policy of a finite problem"),
  Command.withExamples([
    {
      command:
        `echo '{"reference": [0.9, 0.1], "reward": [0, 1], "divergence": "forward", "alpha": 0.5}' | ` +
        "rapo solve --input -",
      description: "A success that the reference has once in ten times",
    },
    {
      command: "rapo solve --input problems.json",
      description: "A file with one problem, or a list of them",
    },
  ]),
)
