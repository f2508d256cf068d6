/**
 * Whose ways this thread's backend has: an engine's, or those of a dry run that imitates one (`plan/dry`).
 */
import * as tf from "@tensorflow/tfjs-core"
import { type EngineName, engineNames } from "./EngineName.ts"

/** The name of the backend that imitates an engine without computing. */
export const dryName = (engine: EngineName): string => `dry ${engine}`

/** By the backend's name. */
const engines: ReadonlyMap<string, EngineName> = new Map([
  ...engineNames.map((name) => [name, name] as const),
  ...engineNames.map((name) => [dryName(name), name] as const),
  ["tensorflow", "native"],
])

/** See the module header; undefined for a backend that is no engine's, such as tfjs's plain `cpu`. */
export const computesAs = (): EngineName | undefined => engines.get(tf.getBackend())
