/**
 * A place as docs/real-models.md has it, in a scratch folder: the shipped experiments as they are, data sets in the Hub's layouts,
 * and a model of Qwen2.5's architecture with random weights.
 *
 *     apps/train/experiments/*.toml   data/…   models/…
 */
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Seed } from "@rapo/distributions"
import { Effect } from "effect"
import { cpSync, mkdirSync } from "node:fs"
import * as path from "node:path"
import { fileURLToPath } from "node:url"
import { type Checkpoint, writeCheckpoint } from "../src/model/Checkpoint.ts"
import { toHost } from "../src/model/DeviceParameters.ts"
import { disposeParameters } from "../src/model/Parameters.ts"
import { configOf } from "./configs.ts"
import { byteTokenizer } from "./evaluate/byteTokenizer.ts"
import { randomParameters } from "./models.ts"

const experiments = fileURLToPath(new URL("../experiments/", import.meta.url))
const fixtures = fileURLToPath(new URL("data/fixtures/", import.meta.url))

/** Where the shipped experiments look for their data, and which fixture has the layout of each. */
const layouts: Readonly<Record<string, string>> = {
  "SimpleRL-Zoo-Data/simplelr_qwen_level3to5/train.parquet": "simplerl-24.parquet",
  "aime_2024/data/train-00000-of-00001.parquet": "aime.parquet",
  "aime_2025/data/train-00000-of-00001.parquet": "aime2025.parquet",
  "gsm8k/main/train-00000-of-00001.parquet": "simplerl-24.parquet",
  "gsm8k/main/test-00000-of-00001.parquet": "gsm8k.parquet",
}

/** See the module header. */
export interface Place {
  readonly root: string
  /** The file of a shipped experiment. */
  readonly experiment: (name: string) => string
}

/** Makes the place in an empty folder, but for its models. */
export const layOut = (root: string): Place => {
  cpSync(experiments, path.join(root, "apps/train/experiments"), { recursive: true })
  for (const [place, fixture] of Object.entries(layouts)) {
    mkdirSync(path.join(root, "data", path.dirname(place)), { recursive: true })
    cpSync(path.join(fixtures, fixture), path.join(root, "data", place))
  }
  return { root, experiment: (name) => path.join(root, "apps/train/experiments", `${name}.toml`) }
}

/** Two layers with shared keys, a tied head, a vocabulary larger than its tokenizer's, and the ends of a base model. */
export const randomQwen = (): Checkpoint => {
  const { tokenizer, tokenizerConfig } = byteTokenizer()
  const config = configOf({ vocab_size: 264, max_position_embeddings: 16_384 })
  const parameters = randomParameters(config, Seed.fromInteger(3))
  const host = toHost(parameters)
  disposeParameters(parameters)
  return {
    config,
    parameters: host,
    tokenizerJson: tokenizer,
    tokenizerConfig: { ...tokenizerConfig, eos_token: "<|endoftext|>" },
    generationConfig: { eos_token_id: 256 },
  }
}

/** Writes a model into a folder of its own. */
export const placeModel = (folder: string, model: Checkpoint): Promise<void> => {
  mkdirSync(path.dirname(folder), { recursive: true })
  return Effect.runPromise(writeCheckpoint(folder, model).pipe(Effect.provide(NodeServices.layer)))
}
