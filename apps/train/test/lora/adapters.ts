/**
 * Adapters for tests: random in A and in B, so that neither can be left out unnoticed.
 */
import { Seed } from "@rapo/distributions"
import type { HostParameters } from "../../src/model/Checkpoint.ts"
import { type Lora, initialAdapter, scaleOf } from "../../src/model/lora/Lora.ts"
import { isTrained } from "../../src/model/lora/split.ts"
import type { Parameters } from "../../src/model/Parameters.ts"
import type { Qwen2Config } from "../../src/model/Qwen2Config.ts"
import { numbersOf } from "../engine.ts"

/**
 * Uniform numbers in ±1/√rows in A and B, B divided by the scale: the change s·A B is of the size of the weights themselves,
 * so the adapted model is as well conditioned as the random one (scales of 32 would amplify rounding through the layers).
 */
export const randomAdapter = (config: Qwen2Config, lora: Lora, seed: Seed.Seed): HostParameters =>
  new Map(
    [...initialAdapter(config, lora, seed)].map(([name, { shape, values }]) => {
      if (!isTrained(name)) return [name, { shape, values }]
      const { uniform } = Seed.generator(Seed.child(seed, name))
      const width = 1 / (Math.sqrt(shape[0] ?? 1) * (name.endsWith(".lora_B") ? scaleOf(lora) : 1))
      return [name, { shape, values: values.map(() => width * (2 * uniform() - 1)) }]
    }),
  )

/** Every number of some parameters, to compare bit for bit. */
export const valuesOf = (parameters: Parameters): ReadonlyArray<number> =>
  Object.values(parameters).flatMap((tensor) => [...numbersOf(tensor)])
