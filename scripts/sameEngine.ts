/**
 * For test files that share a process: whatever engine of tfjs a file leaves behind is the next one's, so it must be the usual one.
 */
import * as tf from "@tensorflow/tfjs-core"
import { afterAll } from "vitest"

/** The engines that need nothing installed; none where no file has asked for one. */
const usual: ReadonlyArray<string | undefined> = ["wasm", "cpu", undefined]

afterAll(() => {
  if (!usual.includes(tf.engine().backendName))
    throw new Error(`the engine ${tf.getBackend()} is left behind`)
})
