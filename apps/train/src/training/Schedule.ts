/**
 * Learning rates as functions of the step, counted from 0.
 *
 *     warm-up:  lr (step+1)/W           for step < W
 *     then constant:  lr
 *     or cosine:      lr (f + (1−f) ½(1 + cos(π (step−W)/(steps−W))))
 */

/** A learning rate over `steps` steps. */
export interface Schedule {
  readonly learningRate: number
  readonly warmupSteps: number
  readonly steps: number
  /** The fraction f of the learning rate at which a cosine ends; 1 keeps the rate constant. */
  readonly finalFraction: number
}

/** The learning rate at a step. */
export const rateAt = (
  { learningRate, warmupSteps, steps, finalFraction }: Schedule,
  step: number,
): number => {
  if (step < warmupSteps) return (learningRate * (step + 1)) / warmupSteps
  const progress = (step - warmupSteps) / Math.max(1, steps - warmupSteps)
  return (
    learningRate *
    (finalFraction + (1 - finalFraction) * 0.5 * (1 + Math.cos(Math.PI * Math.min(1, progress))))
  )
}
