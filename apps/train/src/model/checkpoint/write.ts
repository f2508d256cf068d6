/**
 * A checkpoint folder, written so that Python's `transformers` loads it as it is.
 *
 *     config.json   generation_config.json   tokenizer.json, tokenizer_config.json, chat_template.jinja (if it has them)
 *     model.safetensors   or   model-00001-of-0000N.safetensors, …, model.safetensors.index.json
 *
 * Everything is written under other names first and then renamed, so that no file is ever half written; weights that
 * stood there before, under names that are not used now, are removed last.
 *
 * **Memory**  one piece of one tensor beside the parameters themselves.
 */
import { Effect, FileSystem, Path } from "effect"
import * as Either from "fp-ts/lib/Either.js"
import { CheckpointError, inWords } from "../../errors.ts"
import { makeFolder } from "../../storage/makeFolder.ts"
import { type ParameterSpec, parameterSpecs } from "../Parameters.ts"
import { type HostTensor, encodeHeader } from "../Safetensors.ts"
import { pieceBytes } from "../safetensors/openSafetensors.ts"
import { type WrittenDType, fromFloat32, widths } from "../safetensors/numbers.ts"
import { takeRows } from "../safetensors/transpose.ts"
import { textCodec } from "../TextCodec.ts"
import type { ModelDescription } from "./ModelFolder.ts"
import {
  defaultShardBytes,
  indexFile,
  isWeightsFile,
  pack,
  renderIndex,
  shardFile,
  singleFile,
} from "./ShardIndex.ts"

// model

/** A model whose parameters can be had one by one, in memory's layout: a `Checkpoint`, or a device's tensors. */
export interface WritableModel extends ModelDescription {
  readonly parameters: { readonly get: (name: string) => HostTensor | undefined }
}

/** How weights are stored. */
export interface WriteOptions {
  /** BF16 halves the files, and rounds to 8 bits of precision. Default F32, which keeps every bit. */
  readonly dtype?: WrittenDType
  /** A file holds at most so many bytes of weights, unless one tensor is larger. Default 5 GB, as in transformers. */
  readonly maxShardBytes?: number
}

/** A parameter's numbers, had when they are written. */
type Read = (name: string) => Effect.Effect<HostTensor, CheckpointError>

// destructors

/** Writes a checkpoint folder, replacing one that is there. */
export const writeCheckpoint = (
  folder: string,
  model: WritableModel,
  options?: WriteOptions,
): Effect.Effect<void, CheckpointError, FileSystem.FileSystem | Path.Path> =>
  writeFrom(
    folder,
    model,
    (name) =>
      Effect.sync(() => {
        const tensor = model.parameters.get(name)
        if (tensor === undefined) throw new Error(`bug: no parameter ${name} to write`)
        return tensor
      }),
    options,
  )

/** The same for parameters that are read one by one, from files for example. */
export const writeFrom = Effect.fn("writeFrom")(function* (
  folder: string,
  model: ModelDescription,
  read: Read,
  { dtype = "F32", maxShardBytes = defaultShardBytes }: WriteOptions = {},
) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const bytesOf = ({ shape }: ParameterSpec): number => widths[dtype] * shape.reduce((a, b) => a * b, 1)
  const groups = pack(parameterSpecs(model.config), bytesOf, maxShardBytes)
  const shards = groups.map((specs, i) => ({
    file: groups.length === 1 ? singleFile : shardFile(i, groups.length),
    specs,
  }))
  const texts = textFiles(model, dtype)
  if (shards.length > 1) {
    const held = new Map(shards.map(({ file, specs }) => [file, new Set(specs.map(({ name }) => name))]))
    const total = parameterSpecs(model.config).reduce((sum, spec) => sum + bytesOf(spec), 0)
    texts.set(indexFile, json(renderIndex(held, total)))
  }
  const files = [...shards.map(({ file }) => file), ...texts.keys()]
  const part = (file: string): string => path.join(folder, `${file}.part`)
  const write = Effect.gen(function* () {
    yield* makeFolder(folder)
    for (const [file, text] of texts) yield* fs.writeFileString(part(file), text)
    for (const { file, specs } of shards) yield* Effect.scoped(writeWeights(part(file), specs, read, dtype))
    for (const file of files) yield* fs.rename(part(file), path.join(folder, file))
    for (const file of yield* fs.readDirectory(folder))
      if (isWeightsFile(file) && !files.includes(file)) yield* fs.remove(path.join(folder, file))
  })
  const clear = Effect.forEach(files, (file) => Effect.ignore(fs.remove(part(file))), { discard: true })
  yield* write.pipe(
    Effect.catchTag("PlatformError", (cause) => Effect.fail(unwritable(folder)(cause))),
    Effect.onError(() => clear),
  )
})

/** What is said of a folder that refuses a file. */
export const unwritable =
  (folder: string) =>
  (cause: { readonly reason: { readonly _tag: string } }): CheckpointError =>
    new CheckpointError({
      path: folder,
      field: "",
      problem: `cannot be written (${inWords(cause.reason._tag)})`,
      remedy: "Choose a folder that you may write to, with --out.",
    })

// numerics

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

/** One file of weights, tensor after tensor. */
const writeWeights = Effect.fnUntraced(function* (
  target: string,
  specs: ReadonlyArray<ParameterSpec>,
  read: Read,
  dtype: WrittenDType,
) {
  const fs = yield* FileSystem.FileSystem
  const file = yield* fs.open(target, { flag: "w" })
  const entries = specs.map(({ name, shape, isTransposed }) => ({
    name,
    shape: isTransposed ? shape.toReversed() : shape,
  }))
  yield* file.writeAll(encodeHeader(entries, { format: "pt" }, dtype))
  for (const { name, isTransposed } of specs) {
    const tensor = yield* read(name)
    for (const piece of isTransposed ? transposedPieces(tensor) : plainPieces(tensor))
      yield* file.writeAll(fromFloat32(dtype, piece))
  }
})

/** A tensor's numbers in pieces that are written one by one. */
export const plainPieces = function* ({ values }: Pick<HostTensor, "values">): Generator<Float32Array> {
  const count = pieceBytes / widths.F32
  for (let at = 0; at < values.length; at += count) yield values.subarray(at, at + count)
}

/** The rows of a matrix as the file holds it, out of its transpose in memory. */
const transposedPieces = function* ({ shape, values }: HostTensor): Generator<Float32Array> {
  const [columns = 1, rows = 1] = shape
  const count = Math.max(1, Math.floor(pieceBytes / (widths.F32 * columns)))
  for (let row = 0; row < rows; row += count)
    yield takeRows(values, [rows, columns], row, Math.min(count, rows - row))
}

/** The folder's other files, by name. */
const textFiles = (model: ModelDescription, dtype: WrittenDType): Map<string, string> => {
  const { tokenizerJson, tokenizerConfig, chatTemplate, generationConfig } = model
  const specials = specialIds(model)
  return new Map([
    ["config.json", json(hubConfig(model, dtype))],
    ["generation_config.json", json(generationConfig ?? { do_sample: true, temperature: 1, ...specials })],
    ...(tokenizerJson === undefined ? [] : [["tokenizer.json", json(tokenizerJson)] as const]),
    ...(tokenizerConfig === undefined ? [] : [["tokenizer_config.json", json(tokenizerConfig)] as const]),
    ...(chatTemplate === undefined ? [] : [["chat_template.jinja", chatTemplate] as const]),
  ])
}

const specialIds = ({
  tokenizerJson,
  tokenizerConfig,
}: ModelDescription): Readonly<Record<string, number>> => {
  if (tokenizerJson === undefined || tokenizerConfig === undefined) return {}
  const codec = textCodec(tokenizerJson, tokenizerConfig)
  return Either.isRight(codec) ? { pad_token_id: codec.right.padId, eos_token_id: codec.right.eosId } : {}
}

const architectures = { qwen2: "Qwen2ForCausalLM", llama: "LlamaForCausalLM" } as const

/** What the model's own `config.json` said, or else the fields that transformers needs spelled out; our fields over it. */
const hubConfig = (model: ModelDescription, dtype: WrittenDType): object => {
  const { dtype: _, ...kept } = model.rawConfig ?? {
    hidden_act: "silu",
    attention_dropout: 0,
    initializer_range: 0.02,
    use_cache: true,
    use_sliding_window: false,
    ...specialIds(model),
  }
  return {
    architectures: [architectures[model.config.model_type]],
    ...kept,
    ...model.config,
    torch_dtype: dtype === "F32" ? "float32" : "bfloat16",
  }
}
