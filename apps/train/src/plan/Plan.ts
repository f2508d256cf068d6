/**
 * Settings that make a training step fit: what is asked for stays, the rest is chosen.
 *
 *     W workers fit in a device's memory M  ⇔  peak of one ≤ min(M / W, what one can address)
 *
 * A worker holds everything that it computes with on its own engine: weights, reference, moments, activations. Nothing is
 * shared, so W workers need W times what one needs. They work on one step together when it is cut (`sampling_batch`, `micro_batch`):
 * each then has ⌈prompts / W⌉ groups of it at most.
 *
 * A step needs the less, the smaller its micro-batches, the fewer sequences are sampled at once, and if layers are recomputed, which
 * costs a forward pass more. So the choice is: the largest micro-batch without recomputing, as long as that is a whole group;
 * else the largest with it; and the most sequences sampled at once that the same memory holds. Halvings only: nothing is
 * gained by a finer search. *Ours.*
 */
import { Projection } from "@rapo/rapo/tensor"
import type { Lora } from "../model/lora/Lora.ts"
import type { Qwen2Config } from "../model/Qwen2Config.ts"
import { type Budget, phasesOf } from "./Budget.ts"
import type { DryBackend } from "./dry/backend.ts"
import type { Load } from "./Load.ts"

// model

/** What is to be planned. Absent settings are chosen. */
export interface Wish {
  readonly config: Qwen2Config
  readonly lora: Lora | undefined
  readonly deviceMemory: number
  readonly prompt: number
  readonly response: number
  readonly groupSize: number
  readonly prompts: number
  /** How many compute on the device, each for itself. */
  readonly workers: number
  readonly microBatch?: number | undefined
  readonly places?: number | undefined
  readonly logitRows?: number | undefined
  readonly checkpointsLayers?: boolean | undefined
}

/** The settings, the memory they need, and whether that is there. */
export interface Plan {
  readonly load: Load
  readonly workers: number
  /** Most responses of a step that one worker samples: all, or a worker's share of the prompts. */
  readonly share: number
  /** Of one worker. */
  readonly budget: Budget
  /** Bytes of all workers together. */
  readonly total: number
  readonly fits: boolean
}

// combinators

/** See the module header; on this thread's dry engine. When nothing fits, the plan is the one that needs least. */
export const planOf = (dry: DryBackend, wish: Wish): Plan => {
  const { prompt, response, groupSize, prompts, workers, config, lora } = wish
  const share = groupSize * Math.ceil(prompts / workers)
  const most = Math.min(wish.deviceMemory / workers, dry.traits.addressable)
  const phases = phasesOf({ dry, config, lora })
  const given = {
    prompt,
    response,
    groupSize,
    batch: groupSize * prompts,
    logitRows: wish.logitRows ?? Projection.rowsPerChunk(config.vocab_size),
  }

  const placesFor = wish.places === undefined ? doublings(share) : [wish.places]
  const places = largest(placesFor, (size) => phases.sampling({ ...given, places: size }) <= most)

  const sizes = wish.microBatch === undefined ? doublings(share) : [wish.microBatch]
  const plain = sizes.filter((size) => size >= groupSize || wish.microBatch !== undefined)
  const microBatchWhere = (checkpointsLayers: boolean): number | undefined =>
    largest(
      checkpointsLayers ? sizes : plain,
      (microBatch) => phases.gradient({ ...given, checkpointsLayers, microBatch }) <= most,
    )
  const whole = wish.checkpointsLayers === true ? undefined : microBatchWhere(false)
  const checkpointsLayers = wish.checkpointsLayers ?? whole === undefined
  const microBatch = checkpointsLayers ? microBatchWhere(true) : whole

  const load: Load = {
    ...given,
    checkpointsLayers,
    microBatch: microBatch ?? least(checkpointsLayers ? sizes : plain),
    places: places ?? least(placesFor),
  }
  const budget = phases.budget(load)
  return { load, workers, share, budget, total: workers * budget.peak, fits: budget.peak <= most }
}

// numerics

/** 1, …, ⌈n/4⌉, ⌈n/2⌉, n. */
const doublings = (n: number): ReadonlyArray<number> => (n <= 1 ? [1] : [...doublings(Math.ceil(n / 2)), n])

const least = ([first = 1]: ReadonlyArray<number>): number => first

/**
 * The largest that fits, of sizes that need the more, the larger they are: a dry run takes time for its size, so the search begins
 * at the smallest. But the last may fit where the one before does not, since what is not cut has no sum of gradients.
 */
const largest = (sizes: ReadonlyArray<number>, fits: (size: number) => boolean): number | undefined => {
  let found: number | undefined
  for (const [i, size] of sizes.entries()) {
    if (fits(size)) found = size
    else if (i < sizes.length - 2) break
  }
  return found
}
