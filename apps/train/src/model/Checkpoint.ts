/**
 * A language model as a folder in Hugging Face's layout, which Python's `transformers` loads as it is.
 *
 *     config.json  model.safetensors  tokenizer.json  tokenizer_config.json  generation_config.json
 *
 * Reading checks that the architecture is Qwen2, that every parameter is there with its shape and that none is left
 * over, before anything is computed. Writing goes to a temporary name first, so that a folder is never half written.
 */
import { Effect, FileSystem, Path, Schema } from "effect"
import * as Either from "fp-ts/lib/Either.js"
import { CheckpointError, inWords } from "../errors.ts"
import { makeFolder } from "../storage/makeFolder.ts"
import { parameterSpecs } from "./Parameters.ts"
import { Qwen2Config, inconsistencies, ropeScaling, withRopeTheta } from "./Qwen2Config.ts"
import { type HostTensor, decode, encode } from "./Safetensors.ts"
import { type TextCodec, textCodec } from "./TextCodec.ts"

// model

/** Parameters outside any device, by Hugging Face's names, in this project's memory layout. */
export type HostParameters = ReadonlyMap<string, HostTensor>

/** A model that has been read, or is to be written. */
export interface Checkpoint {
  readonly config: Qwen2Config
  readonly parameters: HostParameters
  readonly tokenizerJson: object
  readonly tokenizerConfig: Readonly<Record<string, unknown>>
}

// constructors

/** Reads and checks a checkpoint folder. */
export const readCheckpoint = Effect.fn("readCheckpoint")(function* (folder: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const wrong = (file: string, field: string, problem: string, remedy: string): CheckpointError =>
    new CheckpointError({ path: path.join(folder, file), field, problem, remedy })
  const read = (file: string) =>
    fs
      .readFile(path.join(folder, file))
      .pipe(
        Effect.mapError((cause) =>
          wrong(
            file,
            "",
            `cannot be read (${inWords(cause.reason._tag)})`,
            `A checkpoint folder holds ${files.join(", ")}.`,
          ),
        ),
      )
  const json = (file: string) =>
    read(file).pipe(
      Effect.flatMap((bytes) =>
        Effect.try({
          try: (): unknown => JSON.parse(new TextDecoder().decode(bytes)),
          catch: (cause) =>
            wrong(file, "", `is not JSON: ${String(cause)}`, "Copy the file again from its source."),
        }),
      ),
      Effect.flatMap((value) =>
        isRecord(value)
          ? Effect.succeed(value)
          : Effect.fail(wrong(file, "", "is not a JSON object", "Copy the file again from its source.")),
      ),
    )

  const rawConfig = yield* json("config.json")
  if (rawConfig["model_type"] !== "qwen2")
    return yield* wrong(
      "config.json",
      "model_type",
      `is ${JSON.stringify(rawConfig["model_type"])}, but this program computes the architecture "qwen2"`,
      "Use a Qwen2 or Qwen2.5 checkpoint, or make one with `rapo pretrain`.",
    )
  const scaling = ropeScaling(rawConfig)
  if (scaling !== undefined)
    return yield* wrong(
      "config.json",
      "rope_scaling",
      `asks for rotary embeddings of type ${JSON.stringify(scaling)}, which this program does not compute`,
      "Use the model without it (Qwen2.5 needs it beyond 32,768 tokens only), or another checkpoint.",
    )
  const config = yield* Schema.decodeUnknownEffect(Qwen2Config)(withRopeTheta(rawConfig)).pipe(
    Effect.mapError((error) =>
      wrong("config.json", "", error.message, "Copy the file again from its source."),
    ),
  )
  const [contradiction] = inconsistencies(config)
  if (contradiction !== undefined)
    return yield* wrong("config.json", "", contradiction, "Copy the file again from its source.")

  const decoded = decode(yield* read("model.safetensors"))
  if (Either.isLeft(decoded))
    return yield* wrong(
      "model.safetensors",
      decoded.left.tensor,
      decoded.left.problem,
      "The file is damaged or incomplete: copy it again from its source.",
    )
  const parameters = checkParameters(config, decoded.right)
  if (Either.isLeft(parameters))
    return yield* wrong(
      "model.safetensors",
      parameters.left.tensor,
      parameters.left.problem,
      "config.json and model.safetensors must come from the same model.",
    )
  const tokenizerJson = yield* json("tokenizer.json")
  const tokenizerConfig = yield* json("tokenizer_config.json")
  return { config, parameters: parameters.right, tokenizerJson, tokenizerConfig } satisfies Checkpoint
})

/** The tokenizer of a checkpoint. `folder` is for the error message. */
export const checkpointCodec = (
  checkpoint: Checkpoint,
  folder: string,
): Effect.Effect<TextCodec, CheckpointError> => {
  const codec = textCodec(checkpoint.tokenizerJson, checkpoint.tokenizerConfig)
  return Either.isRight(codec)
    ? Effect.succeed(codec.right)
    : Effect.fail(
        new CheckpointError({
          path: folder,
          field: "tokenizer",
          problem: codec.left.problem,
          remedy: "tokenizer.json and tokenizer_config.json must come from the same model.",
        }),
      )
}

// destructors

/** Writes a checkpoint folder, replacing one that is there. */
export const writeCheckpoint = Effect.fn("writeCheckpoint")(function* (
  folder: string,
  checkpoint: Checkpoint,
) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const text = (value: unknown): Uint8Array => new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`)
  const contents: Readonly<Record<(typeof files)[number], Uint8Array>> = {
    "config.json": text(hubConfig(checkpoint)),
    "model.safetensors": encode(inFileLayout(checkpoint.config, checkpoint.parameters)),
    "tokenizer.json": text(checkpoint.tokenizerJson),
    "tokenizer_config.json": text(checkpoint.tokenizerConfig),
    "generation_config.json": text({ do_sample: true, temperature: 1, ...specialIds(checkpoint) }),
  }
  const write = Effect.gen(function* () {
    yield* makeFolder(folder)
    for (const file of files) {
      const target = path.join(folder, file)
      yield* fs.writeFile(`${target}.part`, contents[file])
      yield* fs.rename(`${target}.part`, target)
    }
  })
  yield* write.pipe(
    Effect.mapError(
      (cause) =>
        new CheckpointError({
          path: folder,
          field: "",
          problem: `cannot be written (${inWords(cause.reason._tag)})`,
          remedy: "Choose a folder that you may write to, with --out.",
        }),
    ),
  )
})

// numerics

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const files = [
  "config.json",
  "model.safetensors",
  "tokenizer.json",
  "tokenizer_config.json",
  "generation_config.json",
] as const

const transposed = ({ shape, values }: HostTensor): HostTensor => {
  const [rows = 0, columns = 0] = shape
  const out = new Float32Array(values.length)
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) out[j * rows + i] = values[i * columns + j] ?? 0
  return { shape: [columns, rows], values: out }
}

const checkParameters = (
  config: Qwen2Config,
  found: ReadonlyMap<string, HostTensor>,
): Either.Either<{ readonly tensor: string; readonly problem: string }, HostParameters> => {
  const specs = parameterSpecs(config)
  const expected = new Set(specs.map(({ name }) => name))
  // A tied model may carry a copy of its embedding as its head.
  const extra = [...found.keys()].find(
    (name) => !expected.has(name) && !(config.tie_word_embeddings && name === "lm_head.weight"),
  )
  if (extra !== undefined)
    return Either.left({ tensor: extra, problem: "the architecture has no such tensor" })
  const parameters = new Map<string, HostTensor>()
  for (const { name, shape, isTransposed } of specs) {
    const tensor = found.get(name)
    if (tensor === undefined) return Either.left({ tensor: name, problem: "is missing" })
    const inMemory = isTransposed && tensor.shape.length === 2 ? transposed(tensor) : tensor
    if (inMemory.shape.join() !== shape.join()) {
      const wanted = isTransposed ? shape.toReversed() : shape
      return Either.left({
        tensor: name,
        problem: `its shape is [${tensor.shape.join(", ")}], config.json asks for [${wanted.join(", ")}]`,
      })
    }
    if (!inMemory.values.every(Number.isFinite))
      return Either.left({ tensor: name, problem: "holds NaN or infinity" })
    parameters.set(name, inMemory)
  }
  return Either.right(parameters)
}

const inFileLayout = (config: Qwen2Config, parameters: HostParameters): ReadonlyMap<string, HostTensor> =>
  new Map(
    parameterSpecs(config).map(({ name, isTransposed }) => {
      const tensor = parameters.get(name)
      if (tensor === undefined) throw new Error(`bug: no parameter ${name} to write`)
      return [name, isTransposed ? transposed(tensor) : tensor]
    }),
  )

const specialIds = (checkpoint: Checkpoint): Readonly<Record<string, number>> => {
  const codec = textCodec(checkpoint.tokenizerJson, checkpoint.tokenizerConfig)
  return Either.isRight(codec) ? { pad_token_id: codec.right.padId, eos_token_id: codec.right.eosId } : {}
}

/** Fields beyond `Qwen2Config` that Python's Qwen2 needs spelled out, to compute the same. */
const hubConfig = (checkpoint: Checkpoint): object => ({
  architectures: ["Qwen2ForCausalLM"],
  ...checkpoint.config,
  hidden_act: "silu",
  attention_dropout: 0,
  initializer_range: 0.02,
  use_cache: true,
  use_sliding_window: false,
  torch_dtype: "float32",
  ...specialIds(checkpoint),
})
