/**
 * An experiment that takes seconds: every stage of the default one, on a model that cannot yet do anything.
 */
import { writeFileSync } from "node:fs"
import * as path from "node:path"

/** What tests change about it. */
export interface TinyOptions {
  /** The base's folder, relative to the file; the default is not there, so that the base is made. */
  readonly checkpoint?: string
  readonly steps?: number
  /** Further tables, such as [lora]. */
  readonly tables?: string
  /** Further lines of [training]. */
  readonly training?: string
  /** Of [pretraining]. */
  readonly pretraining?: string
  /** Whether RAPO is the only arm. */
  readonly isRapoAlone?: boolean
}

/** Writes the experiment into a folder; returns the file. */
export const writeTinyExperiment = (
  folder: string,
  {
    checkpoint = "no-such-base",
    steps = 3,
    tables = "",
    training = "",
    pretraining = "",
    isRapoAlone = false,
  }: TinyOptions = {},
): string => {
  const file = path.join(folder, "tiny.toml")
  writeFileSync(
    file,
    `
name = "tiny"
description = "Every stage, in seconds."
seed = 5
engine = "wasm"

[task]
name = "countdown"
train = [{ level = "n3", count = 8 }]
validation = [{ level = "n3", count = 4 }]
test = [{ level = "n3", count = 18 }, { level = "n4", count = 4 }]
hard = [{ level = "n5", count = 6 }]

[base]
checkpoint = "${checkpoint}"

[model]
hidden_size = 16
intermediate_size = 24
num_hidden_layers = 1
num_attention_heads = 2
num_key_value_heads = 1
rope_theta = 10000.0
rms_norm_eps = 1e-6
tie_word_embeddings = true

[pretraining]
steps = 20
batch_size = 16
noise = 0.2
mixture = [{ level = "n3", weight = 1.0 }]
learning_rate = 1e-2
warmup_steps = 1
final_fraction = 0.5
beta1 = 0.9
beta2 = 0.98
epsilon = 1e-8
weight_decay = 0.01
clip_norm = 1.0
${pretraining}

${tables}

[training]
steps = ${steps}
prompts_per_step = 2
group_size = 4
updates_per_batch = 1
temperature = 1.0
learning_rate = 1e-3
warmup_steps = 0
beta1 = 0.9
beta2 = 0.99
epsilon = 1e-8
weight_decay = 0.0
clip_norm = 1.0
${training}

[evaluation]
samples = 8
validation_samples = 4
temperature = 1.0
bootstrap_resamples = 50
diagnostic_samples = 2

${isRapoAlone ? "" : '[[arms]]\nobjective = "no-kl"'}

[[arms]]
objective = "rapo"
alpha = [0.1]
phi_min = [0.8]

[quick]
steps = 1
samples = 8
validation_samples = 4
problems_per_level = 4
first_coefficient_only = true
`,
  )
  return file
}
