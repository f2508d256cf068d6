/**
 * Our side of `check.py`: writes an adapter of ours, and what this project computes with it and with PEFT's, as JSON.
 *
 *     node --conditions=@rapo/source --import tsx apps/train/test/peft/dump.ts BASE FOLDER
 *
 * FOLDER/theirs is read, an adapter that PEFT has written; FOLDER/ours, ours.json and theirs.json are written.
 */
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Seed } from "@rapo/distributions"
import * as Effect from "effect/Effect"
import { isLeft } from "fp-ts/lib/Either.js"
import { writeFileSync } from "node:fs"
import * as path from "node:path"
import * as tf from "@tensorflow/tfjs"
import { none, scoped } from "../../src/engine/scoped.ts"
import { startWasm } from "../../src/engine/wasm/start.ts"
import { type Checkpoint, checkpointCodec, readCheckpoint } from "../../src/model/Checkpoint.ts"
import { toDevice, toHost } from "../../src/model/DeviceParameters.ts"
import { readAdapter, writeAdapter } from "../../src/model/lora/files.ts"
import { type Lora, initialAdapter, targets } from "../../src/model/lora/Lora.ts"
import { toFile } from "../../src/model/lora/PeftTensors.ts"
import { isTrained } from "../../src/model/lora/split.ts"
import type { Parameters } from "../../src/model/Parameters.ts"
import { forward, logits } from "../../src/model/Qwen2.ts"

const texts = [
  "8,5,2=21=\\boxed{2*8+5}",
  "2,9,4,7=50=\\boxed{7*9-4*2-5}",
  "3,3,8=24=",
  "6,2,5,4,9=101=\\boxed{",
]

const [base, folder] = process.argv.slice(2)
if (base === undefined || folder === undefined) throw new Error("usage: dump.ts BASE FOLDER")
await startWasm()
const run = <A, E>(effect: Effect.Effect<A, E, NodeServices.NodeServices>): Promise<A> =>
  Effect.runPromise(effect.pipe(Effect.provide(NodeServices.layer)))

const checkpoint = await run(readCheckpoint(base))
const codec = await run(checkpointCodec(checkpoint, base))
const ids = texts.map((text) => {
  const encoded = codec.encode(text)
  if (isLeft(encoded)) throw new Error(`cannot encode ${text}`)
  return encoded.right
})

const logitsOf = (parameters: Parameters, tokens: ReadonlyArray<number>): tf.Tensor2D => {
  const { hidden } = forward(checkpoint.config, parameters, {
    ids: tf.tensor2d([[...tokens]], undefined, "int32"),
    leftPadding: [0],
  })
  return logits(checkpoint.config, parameters, hidden)
}

/** Σ over texts of the mean of −ln p(next token). */
const lossOf = (parameters: Parameters): tf.Scalar =>
  tf.addN(
    ids.map((tokens) => {
      const logProbs = tf.logSoftmax(logitsOf(parameters, tokens))
      const before = tf.slice2d(logProbs, [0, 0], [tokens.length - 1, -1])
      const next = tf.oneHot(tf.tensor1d(tokens.slice(1), "int32"), checkpoint.config.vocab_size)
      return tf.neg(tf.mean(tf.sum(tf.mul(before, tf.cast(next, "float32")), 1)))
    }),
  ) as tf.Scalar

/** The checkpoint with an adapter's entries among its parameters. */
const adapted = async (folder: string): Promise<Checkpoint> => ({
  ...checkpoint,
  parameters: new Map([...checkpoint.parameters, ...(await run(readAdapter(folder, checkpoint.config)))]),
})

/** Logits of every text, the loss, and its gradient in every A and B, in PEFT's names and layout. */
const computed = ({ parameters: host }: Checkpoint): object =>
  scoped(() => {
    const parameters = toDevice(host)
    const names = Object.keys(parameters).filter(isTrained)
    const named = (tensors: ReadonlyArray<tf.Tensor>): Parameters =>
      Object.fromEntries(names.map((name, i) => [name, tensors[i] as tf.Tensor]))
    const { value, grads } = tf.valueAndGrads((...tensors: Array<tf.Tensor>) =>
      lossOf({ ...parameters, ...named(tensors) }),
    )(names.map((name) => parameters[name] as tf.Tensor))
    return {
      rows: ids.map((tokens) => ({ ids: tokens, logits: logitsOf(parameters, tokens).arraySync() })),
      loss: value.dataSync()[0],
      gradients: Object.fromEntries(
        [...toFile(toHost(named(grads)))].map(([name, { values }]) => [name, [...values]]),
      ),
    }
  }, none)

/** Ours: rank 8 on all seven layers of a block, neither A nor B at its start. */
const lora: Lora = { rank: 8, alpha: 16, targets, rankStabilised: false }
const { uniform } = Seed.generator(Seed.fromInteger(1))
const ours = new Map(
  [...initialAdapter(checkpoint.config, lora, Seed.fromInteger(2))].map(([name, { shape, values }]) => [
    name,
    { shape, values: isTrained(name) ? values.map((x) => x + 0.1 * (uniform() - 0.5)) : values },
  ]),
)
await run(writeAdapter(path.join(folder, "ours"), ours, lora, base))
for (const name of ["ours", "theirs"])
  writeFileSync(
    path.join(folder, `${name}.json`),
    JSON.stringify(computed(await adapted(path.join(folder, name)))),
  )
