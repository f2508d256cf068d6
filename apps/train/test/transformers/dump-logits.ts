/**
 * Prints what this project computes for a checkpoint, as JSON for `check.py`: token ids and logits of a few texts.
 *
 *     node --conditions=@rapo/source --import tsx apps/train/test/transformers/dump-logits.ts CHECKPOINT > ours.json
 */
import * as NodeServices from "@effect/platform-node/NodeServices"
import { isLeft } from "fp-ts/lib/Either.js"
import * as Effect from "effect/Effect"
import * as tf from "@tensorflow/tfjs"
import { startWasm } from "../../src/engine/wasm/start.ts"
import { checkpointCodec, readCheckpoint } from "../../src/model/Checkpoint.ts"
import { toDevice } from "../../src/model/DeviceParameters.ts"
import { forward, logits } from "../../src/model/Qwen2.ts"

const texts = [
  "8,5,2=21=\\boxed{2*8+5}",
  "2,9,4,7=50=\\boxed{7*9-4*2-5}",
  "3,3,8=24=",
  "6,2,5,4,9=101=\\boxed{",
]

const folder = process.argv[2]
if (folder === undefined) throw new Error("usage: dump-logits.ts CHECKPOINT")
await startWasm()
const checkpoint = await Effect.runPromise(readCheckpoint(folder).pipe(Effect.provide(NodeServices.layer)))
const codec = await Effect.runPromise(checkpointCodec(checkpoint, folder))
const parameters = toDevice(checkpoint.parameters)
const rows = texts.map((text) => {
  const ids = codec.encode(text)
  if (isLeft(ids)) throw new Error(`cannot encode ${text}`)
  const values = tf.tidy(() => {
    const { hidden } = forward(checkpoint.config, parameters, {
      ids: tf.tensor2d([[...ids.right]], undefined, "int32"),
      leftPadding: [0],
    })
    return logits(checkpoint.config, parameters, hidden).arraySync()
  })
  return { text, ids: ids.right, decoded: codec.decode(ids.right), logits: values }
})
process.stdout.write(JSON.stringify({ rows }))
