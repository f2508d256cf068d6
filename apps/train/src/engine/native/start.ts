/**
 * The `native` engine: TensorFlow itself, by way of `@tensorflow/tfjs-node-gpu` and its add-on.
 */
import { createRequire } from "node:module"
import * as path from "node:path"
import { fileURLToPath } from "node:url"
import { engineFolder } from "../../paths.ts"
import { keepLoaded } from "../keepLoaded.ts"
import { nativePackage } from "./addon.ts"

/** Starts the backend in this thread. */
export const startNative = async (): Promise<void> => {
  const found = nativePackage()
  if (found === undefined) throw new Error("bug: the native engine is started where it is not built")
  for (const library of found.record?.cuda ?? []) keepLoaded(fileURLToPath(new URL(library, engineFolder)))
  // The whole of tfjs, not tfjs-core alone: under Node only that registers the gradients. The package requires the same copy.
  const tf = await import("@tensorflow/tfjs")
  const require = createRequire(path.join(found.folder, "package.json"))
  restoreUtilities(require("node:util") as Record<string, unknown>)
  require(found.folder)
  if (!(await tf.setBackend("tensorflow"))) throw new Error("TensorFlow did not start")
  await tf.ready()
  const { correctKernels } = await import("./kernels.ts")
  correctKernels()
  // An operation: TensorFlow 2.21 ends with a segmentation fault when its thread ends and has never computed.
  tf.fill([1], 0).dispose()
}

/** Two functions of `node:util` that the package (4.22) calls on every tensor: Node 22 warns of them, Node 23 removed them. */
const restoreUtilities = (util: Record<string, unknown>): void => {
  util["isNullOrUndefined"] = (value: unknown): boolean => value === null || value === undefined
  util["isArray"] = Array.isArray
}
