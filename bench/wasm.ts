/**
 * Why the model's operations are written as they are, on the wasm engine: each choice against the obvious alternative.
 *
 *     npm run bench bench/wasm.ts
 */
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Seed } from "@rapo/distributions"
import * as tf from "@tensorflow/tfjs"
import "@tensorflow/tfjs-backend-wasm"
import * as Effect from "effect/Effect"
import { startWasm } from "../apps/train/src/engine/wasm/start.ts"
import { gatherRows } from "../apps/train/src/engine/gatherRows.ts"
import { checkpointCodec, readCheckpoint } from "../apps/train/src/model/Checkpoint.ts"
import { toDevice } from "../apps/train/src/model/DeviceParameters.ts"
import { embedding } from "../apps/train/src/model/ops/embedding.ts"
import { sampleResponses } from "../apps/train/src/rollout/sample.ts"
import { Countdown } from "../apps/train/src/tasks/Countdown.ts"
import { compare, report } from "./compare.ts"

// Before it is replaced.
const theirs = tf.getKernel("BatchMatMul", "wasm")?.kernelFunc
if (theirs === undefined) throw new Error("bug: tfjs's wasm backend has no BatchMatMul")
await startWasm()

const tidily = (f: () => tf.Tensor) => (): void => tf.tidy(() => void f().dataSync())

/** A product by tfjs's own kernel. */
const byTheirs = (a: tf.Tensor, b: tf.Tensor, transposeA = false, transposeB = false): tf.Tensor => {
  const call = { inputs: { a, b }, attrs: { transposeA, transposeB }, backend: tf.backend() }
  return tf.engine().makeTensorFromTensorInfo(theirs(call) as tf.TensorInfo)
}
const products: ReadonlyArray<
  readonly [string, ReadonlyArray<number>, ReadonlyArray<number>, boolean, boolean]
> = [
  ["activations times a weight, [2160, 64] [64, 256]", [2160, 64], [64, 256], false, false],
  ["a wide one, [2160, 1024] [1024, 256]", [2160, 1024], [1024, 256], false, false],
  ["gradient of a weight, [2160, 64]ᵀ [2160, 256]", [2160, 64], [2160, 256], true, false],
  ["gradient of activations, [2160, 256] [64, 256]ᵀ", [2160, 256], [64, 256], false, true],
  ["attention's scores, 256 × [32, 16] [23, 16]ᵀ", [256, 32, 16], [256, 23, 16], false, true],
  ["attention's mixture, 256 × [32, 23] [23, 16]", [256, 32, 23], [256, 23, 16], false, false],
]
for (const [title, sizeOfA, sizeOfB, transposeA, transposeB] of products) {
  const [a, b] = [tf.randomNormal([...sizeOfA]), tf.randomNormal([...sizeOfB])]
  report(
    title,
    "ours",
    "tfjs's kernel",
    compare(
      tidily(() => tf.matMul(a, b, transposeA, transposeB)),
      tidily(() => byTheirs(a, b, transposeA, transposeB)),
    ),
  )
}

const table = tf.randomNormal<tf.Rank.R2>([19, 64])
const ids = tf.tensor1d(
  Array.from({ length: 1408 }, (_, i) => i % 19),
  "int32",
)
report(
  "1408 rows of a [19, 64] table",
  "one-hot product (ours)",
  "tf.gather",
  compare(
    tidily(() => embedding(table, ids)),
    tidily(() => tf.gather(table, ids)),
  ),
)

const cache = tf.randomNormal<tf.Rank.R2>([1024, 256])
const rows = Array.from({ length: 1024 }, (_, i) => (i * 7) % 1024)
report(
  "1024 rows of a [1024, 256] cache",
  "copied by the host (ours)",
  "tf.gather",
  compare(
    tidily(() => gatherRows(cache, rows)),
    tidily(() => tf.gather(cache, tf.tensor1d(rows, "int32"))),
  ),
)

const folder = new URL("../apps/train/checkpoints/countdown-base", import.meta.url).pathname
const checkpoint = await Effect.runPromise(readCheckpoint(folder).pipe(Effect.provide(NodeServices.layer)))
const codec = await Effect.runPromise(checkpointCodec(checkpoint, folder))
const parameters = toDevice(checkpoint.parameters)
const prompts = [0, 1, 2, 3].map((i) => {
  const ids = codec.encode(Countdown.draw("n4", Seed.child(Seed.fromInteger(1), i), "typical").prompt)
  if (ids._tag === "Left") throw new Error("the task's prompts can be encoded")
  return ids.right
})
const samples = 256
const seeds = Array.from({ length: prompts.length * samples }, (_, i) => Seed.child(Seed.fromInteger(2), i))
const options = { endIds: [codec.eosId], maxTokens: Countdown.maxResponseTokens, temperature: 1 }
const repeated = prompts.flatMap((prompt) => Array.from({ length: samples }, () => prompt))
report(
  "256 samples of each of 4 prompts, 1024 sequences",
  "prefix tree (ours)",
  "one row a sequence",
  compare(
    () =>
      void sampleResponses(
        checkpoint.config,
        parameters,
        { prompts, groupSize: samples, padId: codec.padId },
        seeds,
        options,
      ),
    () =>
      void sampleResponses(
        checkpoint.config,
        parameters,
        { prompts: repeated, groupSize: 1, padId: codec.padId },
        seeds,
        options,
      ),
    7,
    2,
  ),
)
