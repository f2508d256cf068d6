/**
 * Run by `memory.test.ts` in a process of its own: reads a checkpoint and prints, as JSON, how far the process's memory grew
 * over what it was before, at its highest.
 *
 *     node --conditions=@rapo/source --import tsx measureMemory.ts host|device|member FOLDER
 */
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Seed } from "@rapo/distributions"
import { Rapo } from "@rapo/rapo"
import { Effect } from "effect"
import { startWasm } from "../../../src/engine/wasm/start.ts"
import { describeModel, loadToDevice, readCheckpoint } from "../../../src/model/Checkpoint.ts"
import { targets } from "../../../src/model/lora/Lora.ts"
import { makeReplica } from "../../../src/team/Replica.ts"
import { tokenizerFiles } from "../../../src/model/CharacterTokenizer.ts"
import { Countdown } from "../../../src/tasks/Countdown.ts"

/** The most memory that the process has had in RAM so far, in bytes. */
const peak = (): number => 1024 * process.resourceUsage().maxRSS

/** What it has now; the peak so far may be of the start, when this program was compiled. */
const now = (): number => process.memoryUsage().rss

const [kind, folder = ""] = process.argv.slice(2)
if (kind !== "host") await startWasm()
globalThis.gc?.()
const [before, highest] = [now(), peak()]
const run = <A, E>(read: Effect.Effect<A, E, NodeServices.NodeServices>): Promise<A> =>
  Effect.runPromise(read.pipe(Effect.provide(NodeServices.layer)))

/** A member of a team that trains an adapter of the model; it keeps it, which is nothing to the measured peak. */
const joined = Effect.gen(function* () {
  const { tokenizer, tokenizerConfig } = tokenizerFiles(Countdown.alphabet, 64)
  const replica = makeReplica()
  yield* replica({
    _tag: "Join",
    assignment: { _tag: "Task", name: Countdown.name },
    model: { ...(yield* describeModel(folder)), tokenizerJson: tokenizer, tokenizerConfig },
    base: { _tag: "Folder", folder },
    objective: Rapo.rapo,
    memory: undefined,
    lora: { rank: 1, alpha: 1, targets, rankStabilised: false },
    seed: Seed.fromInteger(1),
    save: undefined,
  })
  return replica
})

const reads = { host: readCheckpoint(folder), device: loadToDevice(folder), member: joined }
const held = await run<unknown, unknown>(reads[kind as keyof typeof reads])
process.stdout.write(
  JSON.stringify({ grown: peak() - before, isPeakOfReading: peak() > highest, isHeld: held !== undefined }),
)
