/**
 * An adapter as a folder in PEFT's layout, which Python's `peft` loads as it is.
 *
 *     adapter_config.json  adapter_model.safetensors  README.md
 */
import { Effect, FileSystem, Path } from "effect"
import { isLeft } from "fp-ts/lib/Either.js"
import { CheckpointError, inWords } from "../../errors.ts"
import { makeFolder } from "../../storage/makeFolder.ts"
import type { HostParameters } from "../Checkpoint.ts"
import { unwritable } from "../checkpoint/write.ts"
import type { Qwen2Config } from "../Qwen2Config.ts"
import { decode, encode } from "../Safetensors.ts"
import { adapterFiles } from "./adapterFiles.ts"
import type { Lora } from "./Lora.ts"
import { fromJson, toJson } from "./PeftConfig.ts"
import { fromFile, toFile } from "./PeftTensors.ts"

// constructors

/** The adapter in a folder, as entries among the parameters of a model with this configuration. */
export const readAdapter = Effect.fn("readAdapter")(function* (folder: string, config: Qwen2Config) {
  const path = yield* Path.Path
  const wrong = (file: string, field: string, problem: string, remedy: string): CheckpointError =>
    new CheckpointError({ path: path.join(folder, file), field, problem, remedy })

  const peft = fromJson(yield* readJson(folder))
  if (isLeft(peft)) return yield* wrong(configFile, peft.left.field, peft.left.problem, peft.left.remedy)
  const decoded = decode(yield* readFile(folder, tensorFile))
  if (isLeft(decoded))
    return yield* wrong(
      tensorFile,
      decoded.left.tensor,
      decoded.left.problem,
      "The file is damaged or incomplete: copy it again from its source.",
    )
  const adapter = fromFile(config, peft.right, decoded.right)
  if (isLeft(adapter)) {
    const { file, field, problem, remedy } = adapter.left
    return yield* wrong(file, field, problem, remedy)
  }
  return adapter.right
})

// destructors

/** Writes an adapter's folder, replacing one that is there. `base` is where its base model stands. */
export const writeAdapter = Effect.fn("writeAdapter")(function* (
  folder: string,
  adapter: HostParameters,
  lora: Lora,
  base: string,
) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const text = (content: string): Uint8Array => new TextEncoder().encode(content)
  const contents: ReadonlyArray<readonly [string, Uint8Array]> = [
    [configFile, text(`${JSON.stringify(toJson(lora, base), null, 2)}\n`)],
    [tensorFile, encode(toFile(adapter))],
    ["README.md", text(readme(base))],
  ]
  const write = Effect.gen(function* () {
    yield* makeFolder(folder)
    for (const [file, content] of contents) {
      const target = path.join(folder, file)
      yield* fs.writeFile(`${target}.part`, content)
      yield* fs.rename(`${target}.part`, target)
    }
  })
  yield* write.pipe(Effect.mapError(unwritable(folder)))
})

// numerics

const [configFile, tensorFile] = adapterFiles

const readFile = Effect.fnUntraced(function* (folder: string, file: string) {
  const fs = yield* FileSystem.FileSystem
  const target = (yield* Path.Path).join(folder, file)
  return yield* fs.readFile(target).pipe(
    Effect.mapError(
      (cause) =>
        new CheckpointError({
          path: target,
          field: "",
          problem: `cannot be read (${inWords(cause.reason._tag)})`,
          remedy: `An adapter's folder holds ${configFile} and ${tensorFile}, as PEFT and \`rapo train\` write them.`,
        }),
    ),
  )
})

const readJson = Effect.fnUntraced(function* (folder: string) {
  const bytes = yield* readFile(folder, configFile)
  const path = (yield* Path.Path).join(folder, configFile)
  const broken = new CheckpointError({
    path,
    field: "",
    problem: "is not a JSON object",
    remedy: "Copy the file again from its source.",
  })
  const value = yield* Effect.try({
    try: (): unknown => JSON.parse(new TextDecoder().decode(bytes)),
    catch: () => broken,
  })
  return isRecord(value) ? value : yield* broken
})

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** What to do with the folder, for whoever finds it. `base` may hold any characters. */
const readme = (base: string): string => `# A LoRA adapter

It changes the model ${base === "" ? "it was trained on" : JSON.stringify(base)}, which is not in this folder (BASE below).

    rapo eval --model BASE --adapter . --dataset problems.jsonl --out evaluation
    rapo sample --model BASE --adapter . --input prompts.jsonl
    rapo merge --model BASE --adapter . --out merged      # a plain model in Hugging Face's layout

In Python:

    model = PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained("BASE"), ".")
`
