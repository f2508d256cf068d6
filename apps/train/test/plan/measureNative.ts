/**
 * Run in a process of its own: the phases of steps on the native engine, with a line on stderr before each, so that
 * TensorFlow's log of allocations can be told apart by phase.
 *
 *     TF_CPP_MIN_LOG_LEVEL=0 TF_CPP_VMODULE=log_memory=2 node … measureNative.ts CASES    CASES: `MeasuredCase`s as JSON
 */
import { writeSync } from "node:fs"
import * as tf from "@tensorflow/tfjs-core"
import { startEngine } from "../../src/engine/start.ts"
import { Qwen2Config } from "../../src/model/Qwen2Config.ts"
import { disposeGraphs } from "../../src/engine/native/graph/asGraph.ts"
import { type Case, phaseNames, phasesOf } from "./step.ts"

/** How often the phases are done, one after the other: shapes that come again are recorded, and are graphs from the third time on. */
export interface MeasuredCase extends Case {
  readonly turns: number
}

const cases = JSON.parse(process.argv[2] ?? "") as ReadonlyArray<MeasuredCase>
const told = (what: string): void => void writeSync(2, `\n@@ ${what}\n`)

await startEngine("native")
cases.forEach((each, i) => {
  told(`${i} resting 0`)
  const phases = phasesOf({ ...each, config: new Qwen2Config(each.config) })
  for (let turn = 1; turn <= each.turns; turn++)
    for (const phase of phaseNames) {
      told(`${i} ${phase} ${turn}`)
      tf.tidy(phases[phase])
    }
  phases.dispose()
  disposeGraphs()
})
told("end")
process.exit(0)
