/**
 * The `rapo` command: composes the commands, provides Node's services, and shows a user's error as one message.
 */
// Single modules and not the packages' barrels: `--help` should not wait for what it does not need.
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Command from "effect/cli/Command"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import { compare } from "./cli/compare.ts"
import { data } from "./cli/data.ts"
import { doctor } from "./cli/doctor.ts"
import { evaluate } from "./cli/eval.ts"
import { merge } from "./cli/merge.ts"
import { passk } from "./cli/passk.ts"
import { plan } from "./cli/plan.ts"
import { pretrain } from "./cli/pretrain.ts"
import { report } from "./cli/report.ts"
import { sample } from "./cli/sample.ts"
import { score } from "./cli/score.ts"
import { tokenize } from "./cli/tokenize.ts"
import { train } from "./cli/train.ts"
import { solve } from "./cli/solve.ts"
import { verify } from "./cli/verify.ts"
import { showFailure } from "./cli/showFailure.ts"
import { versions } from "./versions.ts"

const rapo = Command.make("rapo").pipe(
  Command.withDescription(
    "RAPO: reinforcement learning with verifiable rewards that explores, by a forward KL to a reward-reweighted reference.",
  ),
  Command.withSubcommands([
    train,
    pretrain,
    report,
    solve,
    verify,
    evaluate,
    sample,
    score,
    tokenize,
    passk,
    compare,
    merge,
    plan,
    data,
    doctor,
  ]),
)

Command.run(rapo, { version: versions.rapo }).pipe(
  Effect.tapCause((cause) => {
    const text = showFailure(cause)
    return text === undefined ? Effect.void : Console.error(text)
  }),
  Effect.provide(NodeServices.layer),
  NodeRuntime.runMain({ disableErrorReporting: true }),
)
