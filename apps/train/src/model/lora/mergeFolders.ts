/**
 * From the folders of a model and of its adapter to that of the merged model.
 */
import { Effect, Path } from "effect"
import { CheckpointError } from "../../errors.ts"
import { type WriteOptions, readCheckpoint, writeCheckpoint } from "../Checkpoint.ts"
import { readAdapter } from "./files.ts"
import { mergedWeight } from "./merge.ts"

/** See the module header. One merged weight is held at a time, beside the base. */
export const mergeFolders = Effect.fn("mergeFolders")(function* (
  model: string,
  adapter: string,
  out: string,
  dtype: NonNullable<WriteOptions["dtype"]>,
) {
  const path = yield* Path.Path
  if ([model, adapter].some((folder) => path.resolve(folder) === path.resolve(out)))
    return yield* new CheckpointError({
      path: out,
      field: "--out",
      problem: "is the folder of the model or of the adapter itself",
      remedy: "Name another one: what is read stays as it is.",
    })
  const base = yield* readCheckpoint(model)
  const entries = yield* readAdapter(adapter, base.config)
  const get = (name: string): ReturnType<typeof base.parameters.get> => {
    const weight = base.parameters.get(name)
    return weight === undefined ? undefined : mergedWeight(name, weight, entries)
  }
  yield* writeCheckpoint(out, { ...base, parameters: { get } }, { dtype })
})
