/**
 * From the folders of a model and of its adapter to that of the merged model.
 */
import { Effect, Path } from "effect"
import { CheckpointError } from "../../errors.ts"
import type { WriteOptions } from "../Checkpoint.ts"
import { openCheckpoint } from "../checkpoint/open.ts"
import { writeFrom } from "../checkpoint/write.ts"
import { readAdapter } from "./files.ts"
import { mergedWeight } from "./merge.ts"

/** See the module header. One weight of the base is held at a time. */
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
  const { description, tensors } = yield* openCheckpoint(model)
  const entries = yield* readAdapter(adapter, description.config)
  const stored = new Map(tensors.map(({ spec, read }) => [spec.name, read]))
  const merged = (name: string) => {
    const read = stored.get(name)
    if (read === undefined) throw new Error(`bug: the checkpoint has no parameter ${name}`)
    return Effect.map(read, (weight) => mergedWeight(name, weight, entries))
  }
  yield* writeFrom(out, description, merged, { dtype })
}, Effect.scoped)
