/**
 * What learning is told once: the model's shape, what is maximised, how memory is spent. Plain data.
 */
import type { Objective } from "@rapo/rapo"
import type { Qwen2Config } from "../model/Qwen2Config.ts"
import type { Memory } from "./Memory.ts"

/** See the module header. */
export interface Learner {
  readonly config: Qwen2Config
  readonly objective: Objective.Objective
  readonly memory?: Memory | undefined
}
