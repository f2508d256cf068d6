/**
 * How tests train: AdamW without decay, eight responses to each of four problems, one update; thirty steps of 1e-2, by which a tiny
 * model learns a tiny task. A test says what it has otherwise.
 */
import type { ArmOptions } from "../src/training/reinforce.ts"

type Otherwise = Partial<Omit<ArmOptions, "optimiser" | "schedule">> & {
  readonly optimiser?: Partial<ArmOptions["optimiser"]>
  readonly schedule?: Partial<ArmOptions["schedule"]>
}

/** See the module header. */
export const armOptions = ({ optimiser, schedule, ...others }: Otherwise = {}): ArmOptions => ({
  optimiser: { beta1: 0.9, beta2: 0.99, epsilon: 1e-8, weightDecay: 0, clipNorm: 1, ...optimiser },
  schedule: { learningRate: 1e-2, warmupSteps: 0, steps: 30, finalFraction: 1, ...schedule },
  groupSize: 8,
  temperature: 1,
  updatesPerBatch: 1,
  promptsPerStep: 4,
  ...others,
})
