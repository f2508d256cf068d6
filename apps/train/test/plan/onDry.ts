/**
 * Dry runs beside an engine that computes, in one thread.
 */
import * as tf from "@tensorflow/tfjs-core"
import type { EngineName } from "../../src/engine/EngineName.ts"
import { type Budget, phasesOf } from "../../src/plan/Budget.ts"
import type { DryBackend } from "../../src/plan/dry/backend.ts"
import { startDry } from "../../src/plan/dry/start.ts"
import { type Case, loadOf, loraOf } from "./step.ts"

/** What `f` finds on a dry engine; then the backend before is set again. */
export const onDry = async <A>(engine: EngineName, f: (dry: DryBackend) => A): Promise<A> => {
  const before = tf.getBackend()
  const dry = await startDry(engine)
  try {
    return f(dry)
  } finally {
    await tf.setBackend(before)
  }
}

/** What is predicted of a case, on the dry engine of this thread. */
export const budgetOf = (dry: DryBackend, each: Case): Budget =>
  phasesOf({ dry, config: each.config, lora: loraOf(each.rank) }).budget(loadOf(each))
