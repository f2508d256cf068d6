/**
 * How a step spends memory: what it holds at once, and what it computes again instead. Results differ by rounding alone.
 */
import { Projection } from "@rapo/rapo/tensor"
import type { Setting } from "../rollout/collect.ts"

// model

/** Absent fields hold everything at once, but for logits, of which there are many only when there are too many. */
export interface Memory {
  /** Most responses whose gradient is computed at once (a group, where an objective compares within groups). Absent: all. */
  readonly microBatch?: number | undefined
  /** Whether layers are computed again for the gradient (`model/layerwise.ts`), so that one layer's activations are held. */
  readonly checkpointsLayers?: boolean | undefined
  /** How many rows of logits are held at once. Absent: all, while they fit in one chunk of `Vocabulary.chunkBytes`. */
  readonly logitRows?: number | undefined
  /** Most responses that are sampled at once, the next taking the place of one that has ended. Absent: all. */
  readonly samplingPlaces?: number | undefined
  /** Most responses that a rollout is asked for at once, in whole groups: a portion for one worker. Absent: all. */
  readonly samplingBatch?: number | undefined
}

// constructors

/** From `[training]` of an experiment file. */
export const memoryOf = (table: {
  readonly micro_batch?: number
  readonly checkpoint_layers?: boolean
  readonly logit_rows?: number
  readonly sampling_places?: number
  readonly sampling_batch?: number
}): Memory => ({
  microBatch: table.micro_batch,
  checkpointsLayers: table.checkpoint_layers,
  logitRows: table.logit_rows,
  samplingPlaces: table.sampling_places,
  samplingBatch: table.sampling_batch,
})

// destructors

/** The setting of rollouts with the places that memory has for them, where it says. */
export const withPlaces = (setting: Setting, memory: Memory | undefined): Setting =>
  memory?.samplingPlaces === undefined ? setting : { ...setting, places: memory.samplingPlaces }

/**
 * How many rows of logits make a chunk for so many tokens; undefined when all are held at once.
 */
export const chunkOf = (
  memory: Memory | undefined,
  tokens: number,
  vocabulary: number,
): number | undefined => {
  const rows = memory?.logitRows ?? Projection.rowsPerChunk(vocabulary)
  return rows < tokens ? rows : undefined
}
