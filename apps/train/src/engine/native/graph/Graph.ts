/**
 * A recording that runs in one call, on TensorFlow's own executor.
 *
 * Through tfjs an operation costs some 20 µs beyond its work; in a graph it costs next to nothing, and TensorFlow joins
 * neighbours. Law (tests): a graph's results are those of the function that was recorded, up to the rounding of sums that
 * TensorFlow has put in another order.
 */
import type * as tf from "@tensorflow/tfjs-core"
import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"
import type { NativeBackend } from "./Binding.ts"
import type { Recording } from "./record.ts"
import { savedModel, tag } from "./savedModel.ts"

/** A graph that TensorFlow holds. */
export interface Graph {
  /** Runs it; the results belong to the scope around. */
  readonly run: (inputs: ReadonlyArray<tf.Tensor>) => ReadonlyArray<tf.Tensor>
  readonly dispose: () => void
}

/** Hands a recording to TensorFlow, which reads it from a file; the file is gone when this returns. */
export const graphOf = (backend: NativeBackend, recording: Recording): Graph => {
  const { binding } = backend
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "rapo-graph-"))
  try {
    fs.writeFileSync(path.join(folder, "saved_model.pb"), savedModel(binding, recording))
    const session = binding.loadSavedModel(folder, tag)
    const [inputs, outputs] = [recording.inputNames.join(), recording.outputNames.join()]
    return {
      run: (tensors) =>
        binding
          .runSavedModel(session, backend.getInputTensorIds(tensors), inputs, outputs)
          .map((metadata) => backend.createOutputTensor(metadata)),
      dispose: () => binding.deleteSavedModel(session),
    }
  } finally {
    fs.rmSync(folder, { recursive: true, force: true })
  }
}
