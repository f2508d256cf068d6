/**
 * What training an arm is, beside its steps: its options, how it may end, and which problems each step is about.
 */
import { Seed } from "@rapo/distributions"
import type { Lora } from "../model/lora/Lora.ts"
import { shuffled } from "../tasks/shuffled.ts"
import type { Problem } from "../tasks/Task.ts"
import type { ReinforceOptions } from "./ReinforceStep.ts"

// model

/** What training an arm is told, beside the objective. */
export interface ArmOptions extends ReinforceOptions {
  readonly promptsPerStep: number
  /** Absent: the whole model is trained. */
  readonly lora?: Lora | undefined
}

/** The step at which a number was not finite; the policy is the one before it. */
export interface Divergence {
  readonly step: number
  readonly loss: number
  readonly gradientNorm: number
}

// measurements

/** The problems of a step: the next ones of an endless sequence of shuffled epochs. */
export const problemsOfStep = (
  pool: ReadonlyArray<Problem>,
  count: number,
  step: number,
  seed: Seed.Seed,
): ReadonlyArray<Problem> => {
  const orders = new Map<number, ReadonlyArray<Problem>>()
  return Array.from({ length: count }, (_, i) => {
    const at = step * count + i
    const epoch = Math.floor(at / pool.length)
    const order = orders.get(epoch) ?? shuffled(Seed.generator(Seed.child(seed, epoch)), pool)
    orders.set(epoch, order)
    return order[at % pool.length] as Problem
  })
}
