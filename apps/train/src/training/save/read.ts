/**
 * A save read again: first checked as a whole, before anything is computed; then, by who goes on, tensor by tensor.
 */
import * as tf from "@tensorflow/tfjs-core"
import { Effect, FileSystem, Stream } from "effect"
import { createHash } from "node:crypto"
import { RunFolderError } from "../../errors.ts"
import type { Parameters } from "../../model/Parameters.ts"
import type { Entry } from "../../model/safetensors/Header.ts"
import { type SafetensorsFile, openSafetensors } from "../../model/safetensors/openSafetensors.ts"
import { type Learning, disposeLearning, referenceOf } from "../start.ts"
import { type PartName, type Saved, partNames } from "./Save.ts"
import { saveHeader, saveSchema } from "./write.ts"

// constructors

/**
 * What the save in a file says of itself; undefined where there is no such file.
 *
 * **Fails with** `RunFolderError` when a bit of it has changed; when it is not `of` this arm of this run, with what is the
 * `matter` of the one that it is of, if anything.
 */
export const readSave = Effect.fn("readSave")(function* <E = RunFolderError>(
  path: string,
  of: string,
  matter: (said: string) => E | RunFolderError | undefined = () =>
    damaged(path, "of", "is the save of another run or arm"),
) {
  const fs = yield* FileSystem.FileSystem
  const isThere = yield* fs.exists(path).pipe(Effect.orElseSucceed(() => false))
  if (!isThere) return undefined
  const { said, saved } = yield* Effect.scoped(checked(path))
  const error = said === of ? undefined : matter(said)
  return error === undefined ? saved : yield* Effect.fail(error)
})

/**
 * The learning of a save in place of one that has just begun, tensor by tensor: each is freed when its successor is there. After
 * a failure nothing is held.
 */
export const restored = (
  learning: Learning,
  path: string,
): Effect.Effect<Learning, RunFolderError, FileSystem.FileSystem> => {
  let current = learning
  return Effect.scoped(
    Effect.gen(function* () {
      const file = yield* opened(path)
      const { parameters } = learning.trained
      const found = [...file.entries.values()].map((entry) => ({ entry, ...placeOf(entry.name) }))
      const unfit = found.find(({ entry, name }) => entry.shape.join() !== parameters[name]?.shape.join())
      if (unfit !== undefined)
        return yield* damaged(path, unfit.entry.name, "no parameter of this name and shape is trained")
      const names = Object.keys(parameters)
      const parts = partNames.filter((part) => found.some((each) => each.part === part))
      const missing = [...new Set([...partNames.slice(0, 3), ...parts])]
        .flatMap((part) => names.map((name) => `${part}.${name}`))
        .find((name) => !file.entries.has(name))
      if (missing !== undefined) return yield* damaged(path, missing, "is missing")
      for (const { entry, part, name } of found)
        current = withTensor(current, part, name, yield* read(file, entry))
      return withUpdates(current, Number(file.metadata["updates"]))
    }),
  ).pipe(Effect.onError(() => Effect.sync(() => disposeLearning(current))))
}

// numerics

/** The part and the parameter of a tensor of the file. */
const placeOf = (name: string): { readonly part: PartName; readonly name: string } => {
  const dot = name.indexOf(".")
  return { part: name.slice(0, dot) as PartName, name: name.slice(dot + 1) }
}

/** The learning with another tensor in the place of one, which is freed. */
const withTensor = (
  { trained, reference }: Learning,
  part: PartName,
  name: string,
  tensor: tf.Tensor,
): Learning => {
  const replaced = (all: Parameters): Parameters => {
    all[name]?.dispose()
    return { ...all, [name]: tensor }
  }
  const { optimiser } = trained
  switch (part) {
    case "parameters":
      return { trained: { ...trained, parameters: replaced(trained.parameters) }, reference }
    case "first":
    case "second":
      return {
        trained: { ...trained, optimiser: { ...optimiser, [part]: replaced(optimiser[part]) } },
        reference,
      }
    case "reference":
      return { trained, reference: referenceOf(trained, replaced(reference.own)) }
  }
}

const withUpdates = ({ trained, reference }: Learning, updates: number): Learning => ({
  trained: { ...trained, optimiser: { ...trained.optimiser, updates } },
  reference,
})

const checked = Effect.fnUntraced(function* (path: string) {
  const fs = yield* FileSystem.FileSystem
  const { entries, metadata, dataStart } = yield* opened(path)
  const saved: Saved = { steps: Number(metadata["steps"]), updates: Number(metadata["updates"]) }
  if (metadata["schema"] !== saveSchema)
    return yield* damaged(path, "schema", `is ${JSON.stringify(metadata["schema"])}, not "${saveSchema}"`)
  const hash = createHash("sha256").update(
    saveHeader([...entries.values()], { of: metadata["of"] ?? "", ...saved }),
  )
  yield* fs.stream(path, { offset: dataStart }).pipe(
    Stream.runForEach((piece) => Effect.sync(() => hash.update(piece))),
    Effect.mapError(() => damaged(path, "", "cannot be read")),
  )
  if (hash.digest("hex") !== metadata["sha256"])
    return yield* damaged(path, "sha256", "its numbers are not those that were written")
  return { said: metadata["of"] ?? "", saved }
})

const opened = (path: string) =>
  openSafetensors(path).pipe(Effect.mapError(({ field, problem }) => damaged(path, field, problem)))

const read = Effect.fnUntraced(function* (file: SafetensorsFile, entry: Entry) {
  const values = new Float32Array(entry.shape.reduce((a, b) => a * b, 1))
  yield* file
    .pieces(entry, entry.shape.at(-1) ?? 1, (first, piece) => values.set(piece, first))
    .pipe(Effect.mapError(({ field, problem }) => damaged(file.path, field, problem)))
  return tf.tensor(values, [...entry.shape], "float32")
})

const damaged = (path: string, field: string, problem: string): RunFolderError =>
  new RunFolderError({
    path,
    field,
    problem,
    remedy: "The save cannot be used. Delete it, and its training starts from the beginning.",
  })
