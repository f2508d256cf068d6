/**
 * How fast the engine of this thread is: a product of matrices, and a descent of a small Qwen2, as in a step of RLVR.
 *
 * About a second each, after first runs that are not counted (shaders are compiled, memory is fetched, graphs are recorded). The
 * figures are for comparing engines on one machine; the descent is of 2 layers of width 64 on 16 responses of 16 tokens.
 */
import { Seed } from "@rapo/distributions"
import { Arms } from "@rapo/rapo"
import * as tf from "@tensorflow/tfjs-core"
import { initialParameters } from "../../model/Parameters.ts"
import { Qwen2Config } from "../../model/Qwen2Config.ts"
import { initialState } from "../../training/AdamW.ts"
import { gradientOf } from "../../training/gradientOf.ts"
import { type Trained, descendAlong, disposeTrained } from "../../training/Optimise.ts"
import * as Shard from "../../training/Shard.ts"

/** What was measured. */
export interface Speed {
  /** Of products of square matrices, in 10⁹ floating-point operations a second. */
  readonly matmulGflops: number
  /** Forward, backward and AdamW, in steps a second; null on a software device, which compiles a minute for its first. */
  readonly trainingStepsPerSecond: number | null
}

/** See the module header. */
export const measure = (isSoftware: boolean): Speed => ({
  matmulGflops: gflops(),
  trainingStepsPerSecond: isSoftware ? null : stepsPerSecond(),
})

// numerics

const seconds = 0.8

/** The side of the matrices: the largest of these whose product takes less than `briefly`. */
const sizes = [64, 128, 256, 512, 1024] as const
const briefly = 0.1
/** So many products between two reads: reading waits for the device. */
const productsAtOnce = 4

const gflops = (): number => {
  let best = 0
  for (const size of sizes) {
    const rate = productsPerSecond(size)
    if (rate === undefined) break
    best = (rate * 2 * size ** 3) / 1e9
  }
  return best
}

/** Undefined when the product takes too long to measure in a second, and a smaller one is left. */
const productsPerSecond = (size: (typeof sizes)[number]): number | undefined => {
  const x = tf.randomUniform<tf.Rank.R2>([size, size], -1, 1, "float32", 1)
  const multiply = (times: number) => (): void =>
    tf.tidy(() => {
      let product = x
      for (let i = 0; i < times; i++) product = tf.div(tf.matMul(product, x), size)
      void tf.sum(product).dataSync()
    })
  multiply(1)()
  const started = performance.now()
  multiply(1)()
  const isBrief = performance.now() - started < briefly * 1000
  const rate =
    isBrief || size === sizes[0]
      ? ratePerSecond(multiply(productsAtOnce), seconds / sizes.length) * productsAtOnce
      : undefined
  x.dispose()
  return rate
}

const config = new Qwen2Config({
  model_type: "qwen2",
  vocab_size: 64,
  hidden_size: 64,
  intermediate_size: 128,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  num_key_value_heads: 4,
  max_position_embeddings: 32,
  rms_norm_eps: 1e-6,
  rope_theta: 10_000,
  tie_word_embeddings: true,
})
const sequences = 16
const time = 16
const optimiser = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0, clipNorm: 1 }

/** Two prompts of one token, with eight responses each. */
const shard: Shard.Shard = {
  batch: { prompts: [[1], [2]], groupSize: sequences / 2, padId: 0 },
  responses: Array.from({ length: sequences }, (_, i) =>
    Array.from({ length: time }, (_, t) => (7 * (i * time + t)) % config.vocab_size),
  ),
  rewards: Array.from({ length: sequences }, (_, i) => i % 2),
  advantages: Array.from({ length: sequences }, (_, i) => (i % 2 === 0 ? -1 : 1)),
  klWeights: Array.from({ length: sequences }, () => 1),
  old: undefined,
}

/** A shape that has come before is recorded as a graph, where there are graphs. */
const runsBeforeGraphs = 3

const stepsPerSecond = (): number => {
  const parameters = initialParameters(config, Seed.fromInteger(1))
  let trained: Trained = { parameters, optimiser: initialState(parameters) }
  const learner = { config, objective: Arms.unregularised, memory: undefined }
  const rate = ratePerSecond(
    () => {
      const gradient = gradientOf(learner, trained, {}, shard, Shard.totalsOf(shard))
      const descent = descendAlong(optimiser, 1e-4, trained, gradient)
      if (descent._tag === "NotFinite") throw new Error(`the training step gave a loss of ${descent.loss}`)
      trained = descent.trained
    },
    seconds,
    runsBeforeGraphs,
  )
  disposeTrained(trained)
  return rate
}

/** How often a second `f` runs, after some runs to warm up. */
const ratePerSecond = (f: () => void, duration: number, warmups = 1): number => {
  for (let i = 0; i < warmups; i++) f()
  const started = performance.now()
  let runs = 0
  let elapsed = 0
  while (elapsed < duration * 1000) {
    f()
    runs += 1
    elapsed = performance.now() - started
  }
  return (runs * 1000) / elapsed
}
