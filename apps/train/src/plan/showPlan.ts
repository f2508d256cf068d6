/**
 * A plan for people: the budget by part, whether it fits, and the lines of the experiment file that make it so.
 */
import type { Plan } from "./Plan.ts"
import { showBytes } from "./bytes.ts"

/** The text of `rapo plan`. */
export const showPlan = (model: string, engine: string, deviceMemory: number, plan: Plan): string => {
  const { load, budget, workers, total, fits } = plan
  const verdict = `${fits ? "fits" : "does not fit"} in ${showBytes(deviceMemory)}`
  const rows: ReadonlyArray<readonly [string, number, string]> = [
    ["weights", budget.weights, "float32: tfjs has no bf16"],
    ["adapter", budget.adapter, ""],
    ["reference", budget.reference, budget.reference === 0 ? "the frozen base itself" : "a second copy"],
    ["optimiser", budget.moments, "two moments of what is trained"],
    ["  sampling: cache", budget.cache, `${load.places} sequences at once`],
    ["  gradient: sums", budget.gradients, ""],
    [
      "  gradient: activations",
      budget.activations,
      load.checkpointsLayers ? "one layer's, recomputed" : "all layers'",
    ],
    [
      "  gradient: logits",
      budget.logits,
      `${Math.min(load.logitRows, load.microBatch * load.response)} rows at once`,
    ],
    ["while sampling", budget.sampling, ""],
    [
      "while taking the gradient",
      budget.gradient,
      `micro-batches of ${load.microBatch} out of ${load.batch}`,
    ],
    ["while updating", budget.update, ""],
    ...(workers === 1
      ? ([["peak", budget.peak, verdict]] as const)
      : ([
          ["peak of a worker", budget.peak, ""],
          [`${workers} workers`, total, verdict],
        ] as const)),
    [
      "with fragments",
      budget.taken > budget.peak ? workers * budget.taken : 0,
      "at most, as TensorFlow was seen to take on a processor",
    ],
  ]
  return [
    `${model} on ${engine}: prompts of ${load.prompt} tokens, responses of ${load.response}, groups of ${load.groupSize}`,
    "",
    ...rows
      .filter(([, bytes]) => bytes > 0)
      .map(([name, bytes, note]) => `${name.padEnd(27)}${showBytes(bytes).padStart(10)}  ${note}`.trimEnd()),
    "",
    ...(fits
      ? ["In [training] of the experiment:", ...settingsOf(plan)]
      : [
          `Nothing smaller is left to choose: take ${workers === 1 ? "" : "fewer --workers, "}--lora RANK, a shorter --context, or a smaller model.`,
        ]),
  ].join("\n")
}

/** The lines of the experiment file. */
export const settingsOf = ({ load, workers, share }: Plan): ReadonlyArray<string> => [
  `micro_batch = ${load.microBatch}`,
  `checkpoint_layers = ${load.checkpointsLayers}`,
  `logit_rows = ${load.logitRows}`,
  `sampling_places = ${load.places}`,
  ...(workers === 1 ? [] : [`sampling_batch = ${share}`]),
]
