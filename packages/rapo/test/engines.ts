/** The tensor engines that a test runs on: those that need nothing installed. */
import { createRequire } from "node:module"
import * as path from "node:path"
import * as tf from "@tensorflow/tfjs"
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm"

setWasmPaths(`${path.dirname(createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm"))}/`)

export const engines = ["cpu", "wasm"] as const

export type Engine = (typeof engines)[number]

/** Makes the engine the current one; a test that could not have it fails. */
export const use = async (engine: Engine): Promise<void> => {
  if (!(await tf.setBackend(engine))) throw new Error(`the tensor engine ${engine} did not start`)
  await tf.ready()
}
