/**
 * For test files that share a process: whatever engine of tfjs a file leaves behind is the next one's, so it must be the usual one.
 */
import * as tf from "@tensorflow/tfjs-core"
import { afterAll, expect } from "vitest"

/** The application computes on wasm; a package's test says each time which one it computes on. None is there before one is asked for. */
const usual = (file: string): ReadonlyArray<string | undefined> =>
  file.includes("/apps/") ? ["wasm", undefined] : ["wasm", "cpu", undefined]

afterAll(() => {
  if (!usual(expect.getState().testPath ?? "").includes(tf.engine().backendName))
    throw new Error(`the engine ${tf.getBackend()} is left behind`)
})
