/**
 * Run by `memory.test.ts` in a process of its own: reads a checkpoint and prints, as JSON, how far the process's memory grew
 * over what it was before, at its highest.
 *
 *     node --conditions=@rapo/source --import tsx measureMemory.ts host|device FOLDER
 */
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Effect } from "effect"
import { startWasm } from "../../../src/engine/wasm.ts"
import { loadToDevice, readCheckpoint } from "../../../src/model/Checkpoint.ts"

/** The most memory that the process has had in RAM so far, in bytes. */
const peak = (): number => 1024 * process.resourceUsage().maxRSS

/** What it has now; the peak so far may be of the start, when this program was compiled. */
const now = (): number => process.memoryUsage().rss

const [kind, folder = ""] = process.argv.slice(2)
if (kind === "device") await startWasm()
globalThis.gc?.()
const [before, highest] = [now(), peak()]
const run = <A, E>(read: Effect.Effect<A, E, NodeServices.NodeServices>): Promise<A> =>
  Effect.runPromise(read.pipe(Effect.provide(NodeServices.layer)))
const held = kind === "device" ? await run(loadToDevice(folder)) : await run(readCheckpoint(folder))
process.stdout.write(
  JSON.stringify({ grown: peak() - before, isPeakOfReading: peak() > highest, isHeld: held !== undefined }),
)
