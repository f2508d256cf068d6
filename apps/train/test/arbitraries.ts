import { Seed } from "@rapo/distributions"
import * as fc from "fast-check"
import { type Lora, targets } from "../src/model/lora/Lora.ts"
import { Countdown } from "../src/tasks/Countdown.ts"
import { tasks } from "../src/tasks/Registry.ts"
import type { Kind, Task } from "../src/tasks/Task.ts"
import type { HostTensor } from "../src/model/Safetensors.ts"
import type { Qwen2Config } from "../src/model/Qwen2Config.ts"
import { configOf } from "./configs.ts"

export const seed: fc.Arbitrary<Seed.Seed> = fc.maxSafeInteger().map(Seed.fromInteger)

export const kind: fc.Arbitrary<Kind> = fc.constantFrom("typical", "rare")

/** A task of the registry, and one of its levels. */
export const taskAndLevel: fc.Arbitrary<readonly [Task, string]> = fc
  .constantFrom(...tasks)
  .chain((task) => fc.constantFrom(...task.levels).map((level) => [task, level] as const))

/** Texts out of a task's own tokens: what an untrained policy says. */
export const babble = (task: Task): fc.Arbitrary<string> =>
  fc
    .array(fc.constantFrom(...task.alphabet), { maxLength: task.maxResponseTokens })
    .map((tokens) => tokens.join(""))

/** The numbers of a Countdown problem, few enough to try all chains. */
export const countdownNumbers: fc.Arbitrary<ReadonlyArray<number>> = fc.array(
  fc.integer({ min: 2, max: 9 }),
  {
    minLength: 2,
    maxLength: 4,
  },
)

export const countdownLevel: fc.Arbitrary<string> = fc.constantFrom(...Countdown.levels)

/** Small models: shared keys or not, tied or not, one layer or two. 20 tokens. */
export const modelConfig: fc.Arbitrary<Qwen2Config> = fc
  .record({
    heads: fc.constantFrom([1, 1] as const, [2, 1] as const, [4, 2] as const, [4, 4] as const),
    num_hidden_layers: fc.integer({ min: 1, max: 2 }),
    tie_word_embeddings: fc.boolean(),
    rope_theta: fc.constantFrom(100, 10000),
  })
  .map(({ heads: [num_attention_heads, num_key_value_heads], ...rest }) =>
    configOf({ ...rest, num_attention_heads, num_key_value_heads }),
  )

/** One to three texts of equal length over 20 tokens. */
export const sentences: fc.Arbitrary<ReadonlyArray<ReadonlyArray<number>>> = fc
  .integer({ min: 1, max: 7 })
  .chain((time) =>
    fc.array(fc.array(fc.nat(19), { minLength: time, maxLength: time }), { minLength: 1, maxLength: 3 }),
  )

/** Any float32, NaN and infinities among them. */
export const float32: fc.Arbitrary<number> = fc.float()

/** Named arrays of up to three dimensions, some of size 0. */
export const hostTensors: fc.Arbitrary<ReadonlyMap<string, HostTensor>> = fc
  .uniqueArray(
    fc.tuple(
      fc.string({ unit: "binary" }).filter((name) => name !== "__metadata__" && name !== "__proto__"),
      fc.array(fc.nat(3), { maxLength: 3 }).chain((shape) => {
        const length = shape.reduce((a, b) => a * b, 1)
        return fc
          .array(float32, { minLength: length, maxLength: length })
          .map((values): HostTensor => ({ shape, values: Float32Array.from(values) }))
      }),
    ),
    { maxLength: 5, selector: ([name]) => name },
  )
  .map((entries) => new Map(entries))

/** One to three prompts of unequal length over 20 tokens. */
export const prompts: fc.Arbitrary<ReadonlyArray<ReadonlyArray<number>>> = fc.array(
  fc.array(fc.integer({ min: 2, max: 19 }), { minLength: 2, maxLength: 6 }),
  { minLength: 1, maxLength: 3 },
)

/** Adapters of small rank on some of the linear layers, in the file's order of targets. */
export const lora: fc.Arbitrary<Lora> = fc.record({
  rank: fc.integer({ min: 1, max: 4 }),
  alpha: fc.integer({ min: 1, max: 32 }),
  targets: fc.subarray([...targets], { minLength: 1 }),
  rankStabilised: fc.boolean(),
})
