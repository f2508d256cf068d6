/**
 * A checkpoint's weights, found and checked by the headers of their files alone, to be read tensor by tensor.
 *
 * Before a number is read it is certain that every parameter is there once, with its shape, and that nothing is left over.
 * Numbers must be finite; that shows when they are read.
 *
 * **Memory**  the tensor that is read and a piece of its file (`safetensors/openSafetensors.ts`): files are never whole in
 * memory, and a matrix is transposed on its way.
 */
import { Effect, FileSystem, Path } from "effect"
import * as E from "fp-ts/lib/Either.js"
import { CheckpointError } from "../../errors.ts"
import { type ParameterSpec, parameterSpecs } from "../Parameters.ts"
import type { HostTensor } from "../Safetensors.ts"
import type { Entry } from "../safetensors/Header.ts"
import { duplicateKey } from "../safetensors/duplicateKey.ts"
import { type SafetensorsFile, openSafetensors } from "../safetensors/openSafetensors.ts"
import { putRows } from "../safetensors/transpose.ts"
import { type ModelDescription, readDescription, readJson, readText } from "./ModelFolder.ts"
import { type Shards, type UnusableIndex, indexFile, parseIndex, singleFile } from "./ShardIndex.ts"

// model

/** An open checkpoint; its files are closed with the scope. */
export interface OpenCheckpoint {
  readonly description: ModelDescription
  /** Every parameter of the model, in the order of `parameterSpecs`. */
  readonly tensors: ReadonlyArray<StoredTensor>
}

/** A parameter in its file. */
export interface StoredTensor {
  readonly spec: ParameterSpec
  /** Its numbers, in memory's layout. */
  readonly read: Effect.Effect<HostTensor, CheckpointError>
}

// constructors

/** Opens a checkpoint's folder. */
export const openCheckpoint = Effect.fn("openCheckpoint")(function* (folder: string) {
  const path = yield* Path.Path
  const description = yield* readDescription(folder)
  const found = yield* findTensors(folder)
  const specs = parameterSpecs(description.config)
  const expected = new Set(specs.map(({ name }) => name))
  const mismatch = (file: SafetensorsFile | undefined, tensor: string, problem: string): CheckpointError =>
    new CheckpointError({
      path: file?.path ?? path.join(folder, singleFile),
      field: tensor,
      problem,
      remedy: "config.json and the weights must come from the same model.",
    })

  const isTied = description.config.tie_word_embeddings
  const extra = [...found].find(
    ([name]) => !expected.has(name) && !(isTied && name === head) && !name.endsWith(recomputed),
  )
  if (extra !== undefined)
    return yield* mismatch(extra[1].file, extra[0], "the architecture has no such tensor")

  const located: Array<readonly [ParameterSpec, Located]> = []
  for (const spec of specs) {
    const place = found.get(spec.name)
    if (place === undefined) return yield* mismatch(undefined, spec.name, "is missing")
    const wanted = spec.isTransposed ? spec.shape.toReversed() : spec.shape
    if (place.entry.shape.join() !== wanted.join())
      return yield* mismatch(
        place.file,
        spec.name,
        `its shape is [${place.entry.shape.join(", ")}], config.json asks for [${wanted.join(", ")}]`,
      )
    located.push([spec, place])
  }
  const copy = isTied ? found.get(head) : undefined
  return {
    description,
    tensors: located.map(([spec, place]) => ({
      spec,
      read:
        copy !== undefined && spec.name === embedding
          ? Effect.tap(readTensor(spec, place), (own) => checkCopy(own, copy))
          : readTensor(spec, place),
    })),
  } satisfies OpenCheckpoint
})

// numerics

const head = "lm_head.weight"
const embedding = "model.embed_tokens.weight"

/** Old Llamas carry the frequencies of their rotation, which every program computes anew. */
const recomputed = ".rotary_emb.inv_freq"

interface Located {
  readonly file: SafetensorsFile
  readonly entry: Entry
}

/** Every tensor of the folder's files, by name. */
const findTensors = Effect.fnUntraced(function* (folder: string) {
  const path = yield* Path.Path
  const shards = yield* shardsOf(folder)
  const found = new Map<string, Located>()
  for (const [name, promised] of shards ?? [[singleFile, undefined] as const]) {
    const file = yield* openSafetensors(path.join(folder, name))
    const wrong = (tensor: string, problem: string): CheckpointError =>
      new CheckpointError({
        path: file.path,
        field: tensor,
        problem,
        remedy: `${indexFile} and the files of weights must come from the same download.`,
      })
    const missing = [...(promised ?? [])].find((tensor) => !file.entries.has(tensor))
    if (missing !== undefined)
      return yield* wrong(missing, "the index names this file for it, which lacks it")
    for (const entry of file.entries.values()) {
      if (found.has(entry.name)) return yield* wrong(entry.name, "stands in another file too")
      if (promised?.has(entry.name) === false)
        return yield* wrong(entry.name, "the index does not name this file for it")
      found.set(entry.name, { file, entry })
    }
  }
  return found
})

/** The files of the index; undefined where one file holds all, which counts first, as in transformers. */
const shardsOf = Effect.fnUntraced(function* (folder: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const has = (file: string): Effect.Effect<boolean> =>
    fs.exists(path.join(folder, file)).pipe(Effect.orElseSucceed(() => false))
  if ((yield* has(singleFile)) || !(yield* has(indexFile))) return undefined
  const json = yield* readJson(folder, indexFile)
  const twice = duplicateKey(yield* readText(folder, indexFile))
  const shards: E.Either<Pick<UnusableIndex, "field" | "problem">, Shards> = twice === undefined
    ? parseIndex(json)
    : E.left({ field: twice, problem: "stands twice in the index" })
  if (E.isRight(shards)) return shards.right
  return yield* new CheckpointError({
    path: path.join(folder, indexFile),
    field: shards.left.field,
    problem: shards.left.problem,
    remedy: "Copy the file again from its source.",
  })
})

const notFinite = "holds NaN or infinity"

/** The numbers of a tensor, in memory's layout. */
const readTensor = (
  spec: ParameterSpec,
  { file, entry }: Located,
): Effect.Effect<HostTensor, CheckpointError> =>
  Effect.gen(function* () {
    const [rows = 1, columns = 1] = entry.shape
    const values = new Float32Array(spec.shape.reduce((a, b) => a * b, 1))
    let areFinite = true
    yield* file.pieces(entry, columns, (first, piece) => {
      areFinite &&= isFinite(piece)
      if (spec.isTransposed) putRows(values, [rows, columns], first / columns, piece)
      else values.set(piece, first)
    })
    if (areFinite) return { shape: spec.shape, values }
    return yield* new CheckpointError({
      path: file.path,
      field: spec.name,
      problem: notFinite,
      remedy: "The model is broken, or the file damaged: copy it again from its source.",
    })
  })

/** A tied model may carry its head too; it must be the embedding, or other programs would compute other numbers. */
const checkCopy = (own: HostTensor, { file, entry }: Located): Effect.Effect<void, CheckpointError> =>
  Effect.gen(function* () {
    const [, columns = 1] = own.shape
    let isCopy = entry.shape.join() === own.shape.join()
    if (isCopy)
      yield* file.pieces(entry, columns, (first, piece) => {
        isCopy &&= piece.every((value, i) => value === own.values[first + i])
      })
    if (isCopy) return
    return yield* new CheckpointError({
      path: file.path,
      field: head,
      problem: "differs from the embedding, to which config.json ties it (tie_word_embeddings)",
      remedy: "Set tie_word_embeddings to false in config.json if the model has a head of its own.",
    })
  })

/** x − x is NaN for infinities and NaN, and 0 else: one sum, 3 ns a number; an iterator would take 50. */
const isFinite = (values: Float32Array): boolean => {
  let sum = 0
  for (let i = 0; i < values.length; i++) {
    const x = values[i] ?? NaN
    sum += x - x
  }
  return sum === 0
}
