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
import type { Coefficients } from "./Coefficients.ts"
import { type Budget, type Load, budgetOf } from "./Peak.ts"
import { shapeOf } from "./Shape.ts"

// model

/** What is to be planned. Absent settings are chosen. */
export interface Wish {
  readonly config: Qwen2Config
  readonly lora: Lora | undefined
  readonly engine: Coefficients
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

/** See the module header. When nothing fits, the plan is the one that needs least. */
export const planOf = (wish: Wish): Plan => {
  const { prompt, response, groupSize, prompts, workers, config, engine } = wish
  const batch = groupSize * prompts
  const share = groupSize * Math.ceil(prompts / workers)
  const most = Math.min(wish.deviceMemory / workers, engine.addressable)
  const shape = shapeOf(config, wish.lora)
  const planFor = (checkpointsLayers: boolean, microBatch: number, places: number): Plan => {
    const load: Load = {
      prompt,
      response,
      groupSize,
      batch,
      microBatch,
      places,
      checkpointsLayers,
      logitRows: wish.logitRows ?? Projection.rowsPerChunk(config.vocab_size),
    }
    const budget = budgetOf(engine, shape, load)
    return { load, workers, share, budget, total: workers * budget.peak, fits: budget.peak <= most }
  }
  const placesFor = wish.places === undefined ? halvings(share) : [wish.places]
  const withPlaces = (checkpointsLayers: boolean, microBatch: number): Plan => {
    const plans = placesFor.map((places) => planFor(checkpointsLayers, microBatch, places))
    return plans.find(({ fits }) => fits) ?? (plans.at(-1) as Plan)
  }
  const microBatches = wish.microBatch === undefined ? halvings(share) : [wish.microBatch]
  const plain = microBatches.filter((size) => size >= groupSize || wish.microBatch !== undefined)
  const tries: ReadonlyArray<readonly [boolean, number]> = [
    ...(wish.checkpointsLayers === true ? [] : plain.map((size) => [false, size] as const)),
    ...(wish.checkpointsLayers === false ? [] : microBatches.map((size) => [true, size] as const)),
  ]
  let last: Plan | undefined
  for (const [checkpointsLayers, size] of tries) {
    last = withPlaces(checkpointsLayers, size)
    if (last.fits) return last
  }
  return last ?? planFor(true, 1, 1)
}

// numerics

/** n, ⌈n/2⌉, ⌈n/4⌉, …, 1. */
const halvings = (n: number): ReadonlyArray<number> => (n <= 1 ? [1] : [n, ...halvings(Math.ceil(n / 2))])
