/**
 * `rapo doctor`: which engines this machine has, how fast they are, and what mends those that are missing.
 */
import * as Command from "effect/cli/Command"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import { json } from "./options.ts"

/** See the module header. */
export const doctor = Command.make(
  "doctor",
  {
    json: json("Print the findings as JSON (docs/engines.md describes it)"),
  },
  Effect.fn(function* ({ json }) {
    const { diagnose } = yield* Effect.promise(() => import("../doctor/diagnose.ts"))
    const { show } = yield* Effect.promise(() => import("../doctor/show.ts"))
    const found = yield* Effect.promise(() =>
      diagnose((name) => void process.stderr.write(`measuring ${name} …\n`)),
    )
    yield* Console.log(json ? JSON.stringify(found, null, 2) : show(found))
  }),
).pipe(
  Command.withDescription(
    "Show the engines of this machine, each measured for a second or two, why one is missing and the command that mends it, " +
      "the machine and the versions.",
  ),
  Command.withShortDescription("Which engines this machine has, and how fast they are"),
)
