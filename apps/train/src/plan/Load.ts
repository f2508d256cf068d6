/**
 * What is done with a model, in numbers: what memory depends on beside the model's shape.
 */

/** See the module header. */
export interface Load {
  /** Tokens of a prompt, and of a response at most. */
  readonly prompt: number
  readonly response: number
  readonly groupSize: number
  /** Responses of a whole step, of a micro-batch, and sampled at once. */
  readonly batch: number
  readonly microBatch: number
  readonly places: number
  readonly checkpointsLayers: boolean
  /** Rows of logits that are held at once; all of a micro-batch's, where they are fewer. */
  readonly logitRows: number
}

/** Tokens of a prompt that its own pass computes: the last is the first input of the responses' pass (`model/promptBatch.ts`). */
export const tokensBefore = (prompt: number): number => Math.max(1, prompt - 1)
