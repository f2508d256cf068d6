/**
 * What is asked of an engine in a process of its own, and what it answers: JSON, since it crosses a process's border.
 */
import type { EngineName } from "../EngineName.ts"
import type { Speed } from "./measure.ts"

/** A question to a fresh process. */
export type Question =
  /** Does a graphics card answer through WebGPU? */
  | { readonly _tag: "Adapter" }
  /** Start the engine and compute for a second or two. */
  | { readonly _tag: "Measure"; readonly engine: EngineName; readonly isSoftware: boolean }

/** Its answer. */
export type Answer =
  | { readonly _tag: "Adapter"; readonly device: string; readonly isSoftware: boolean }
  | { readonly _tag: "Measured"; readonly speed: Speed }
  /** The engine does not start, or the process came to an end otherwise. */
  | { readonly _tag: "Failed"; readonly problem: string }
