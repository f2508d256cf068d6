/**
 * Log-softmax and forward KL over [1024, 151,936] float32 logits, Qwen2.5's vocabulary, beside PyTorch on the same
 * numbers: on wasm, and on the native engine where it is built.
 *
 *     npm run bench bench/vocabulary.ts                  with PYTHON=<a python that has torch>, by default python3
 *
 * The sides take turns in one go; PyTorch runs with all its threads, wasm with its one.
 */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process"
import * as path from "node:path"
import * as readline from "node:readline"
import { Categorical } from "@rapo/distributions/tensor"
import { KL } from "@rapo/divergences/tensor"
import * as tf from "@tensorflow/tfjs"
import type { EngineName } from "../apps/train/src/engine/EngineName.ts"
import { nativePackage } from "../apps/train/src/engine/native/addon.ts"
import { startEngine } from "../apps/train/src/engine/start.ts"
import { median } from "./compare.ts"

const rows = 1024
const vocabulary = 151_936
const chunk = 64
const rounds = 5
const seeds = [1, 77_777_777] as const

/** The same pseudo-random numbers in (-4, 4) as in vocabulary.py: i · 2654435761 mod 2³², scaled. */
const logits = (seed: number, first: number): tf.Tensor2D => {
  const values = new Float32Array(chunk * vocabulary)
  for (let i = 0; i < values.length; i++) {
    const bits = Math.imul(first * vocabulary + i + seed, 2654435761 | 0) >>> 0
    values[i] = (bits / 2 ** 32 - 0.5) * 8
  }
  return tf.tensor2d(values, [chunk, vocabulary])
}

interface Side {
  readonly name: string
  /** Seconds, and the mean KL. */
  readonly run: () => Promise<readonly [number, number]>
}

/** One engine, with its inputs on its device. */
const engine = async (name: string, which: EngineName): Promise<Side> => {
  await startEngine(which)
  const backend = tf.getBackend()
  const chunks = Array.from({ length: rows / chunk }, (_, i) => ({
    reference: logits(seeds[0], i * chunk),
    policy: logits(seeds[1], i * chunk),
  }))
  return {
    name,
    run: async () => {
      await tf.setBackend(backend)
      const begun = performance.now()
      let total = 0
      for (const { reference, policy } of chunks) {
        const kl = tf.tidy(() => tf.sum(KL.forwardKL(Categorical.logSoftmax(reference), policy)))
        total += (await kl.data())[0] ?? NaN
        kl.dispose()
      }
      return [(performance.now() - begun) / 1000, total / rows]
    },
  }
}

/** PyTorch in a process of its own, one run for each line that it is sent. */
const pytorch = async (): Promise<Side & { readonly process: ChildProcessWithoutNullStreams }> => {
  const script = path.join(import.meta.dirname, "vocabulary.py")
  const child = spawn(process.env["PYTHON"] ?? "python3", [
    script,
    ...[rows, vocabulary, ...seeds].map(String),
  ])
  child.stderr.pipe(process.stderr)
  const lines = readline.createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async (): Promise<string> => {
    const { value, done } = await lines.next()
    if (done === true) throw new Error("PyTorch did not start: set PYTHON to a python that can import torch")
    return value
  }
  return {
    process: child,
    name: await next(),
    run: async () => {
      child.stdin.write("run\n")
      const [seconds, mean] = (await next()).split(" ").map(Number)
      return [seconds ?? NaN, mean ?? NaN]
    },
  }
}

const torch = await pytorch()
const hasNative = nativePackage() !== undefined
if (!hasNative)
  console.log("The native engine is not built here (`npm run engine`); wasm alone is compared.\n")
const sides = [
  torch,
  await engine("wasm, 1 thread", "wasm"),
  ...(hasNative ? [await engine("native", "native")] : []),
]
const timed = sides.map((side) => ({ ...side, times: [] as Array<number> }))
for (let round = -1; round < rounds; round++) {
  for (const { run, name, times } of timed) {
    const [seconds, mean] = await run()
    if (round >= 0) times.push(seconds)
    else console.log(`${name}: mean KL ${mean.toFixed(5)}`) // a warm-up, and the proof that all compute the same
  }
}
torch.process.stdin.end()
console.log(`\n[${rows}, ${vocabulary}], median of ${rounds}, and times of PyTorch's`)
for (const { name, times } of timed) {
  const ratios = times.map((seconds, round) => seconds / (timed[0]?.times[round] ?? NaN))
  console.log(
    `${name.padEnd(28)} ${median(times).toFixed(2)} s   ratio ${median(ratios).toFixed(2)} ` +
      `[${Math.min(...ratios).toFixed(2)}, ${Math.max(...ratios).toFixed(2)}]`,
  )
}
