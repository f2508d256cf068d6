/**
 * A real model's shape on a device: forward, gradients, one step of RAPO, and tokens a second.
 *
 *     npm run bench bench/webgpu.ts                          Qwen2.5-0.5B's shape, random weights, on webgpu
 *     npm run bench bench/webgpu.ts -- --engine native       the same on another engine
 *     npm run bench bench/webgpu.ts -- --tiny                a small shape, to see that the script works
 *
 * Weights are random, so the answers are noise and their rewards are drawn: what is measured does not depend on them. Nothing
 * of the model is downloaded. Memory: 2 GB of weights, and three times that for gradients and Adam's moments.
 */
import { Seed } from "@rapo/distributions"
import { Rapo } from "@rapo/rapo"
import { right } from "fp-ts/lib/Either.js"
import { availability } from "../apps/train/src/engine/availability.ts"
import { type EngineName, engineNames } from "../apps/train/src/engine/EngineName.ts"
import { startEngine } from "../apps/train/src/engine/start.ts"

// what is asked for

const args = process.argv.slice(2)
const isTiny = args.includes("--tiny")
const asked = args[args.indexOf("--engine") + 1]
const engine: EngineName = args.includes("--engine")
  ? (engineNames.find((name) => name === asked) ?? fail(`there is no engine ${asked ?? ""}`))
  : "webgpu"

function fail(problem: string): never {
  console.error(`error: ${problem}`)
  process.exit(1)
}

const found = await availability(engine)
if (found._tag === "Absent") fail(`engine ${engine}: ${found.problem}. ${found.remedy}`)
else for (const [key, value] of Object.entries(found.environment)) process.env[key] ??= value
await startEngine(engine)

// After the engine: tfjs must be whole before kernels are imported.
const tf = await import("@tensorflow/tfjs")
const { Categorical } = await import("@rapo/distributions/tensor")
const { initialParameters, parameterCount } = await import("../apps/train/src/model/Parameters.ts")
const { forward, logits } = await import("../apps/train/src/model/Qwen2.ts")
const { Qwen2Config } = await import("../apps/train/src/model/Qwen2Config.ts")
const { initialState } = await import("../apps/train/src/training/AdamW.ts")
const { valueAndGradient } = await import("../apps/train/src/training/valueAndGradient.ts")
const { reinforceStep } = await import("../apps/train/src/training/ReinforceStep.ts")

const shape = isTiny
  ? {
      hidden: 32,
      inner: 64,
      layers: 1,
      heads: 2,
      keyHeads: 1,
      vocabulary: 256,
      time: 8,
      group: 2,
      response: 3,
    }
  : {
      hidden: 896,
      inner: 4864,
      layers: 24,
      heads: 14,
      keyHeads: 2,
      vocabulary: 151_936,
      time: 512,
      group: 4,
      response: 64,
    }

const config = new Qwen2Config({
  model_type: "qwen2",
  vocab_size: shape.vocabulary,
  hidden_size: shape.hidden,
  intermediate_size: shape.inner,
  num_hidden_layers: shape.layers,
  num_attention_heads: shape.heads,
  num_key_value_heads: shape.keyHeads,
  max_position_embeddings: 4096,
  rms_norm_eps: 1e-6,
  rope_theta: 1_000_000,
  tie_word_embeddings: true,
})

console.log(
  `engine ${engine} (${found.device}), ${(parameterCount(config) / 1e6).toFixed(1)}M parameters, ${shape.layers} layers of width ${shape.hidden}`,
)

// measuring

const repeats = 3

/** Milliseconds of `f`, after one run that is not counted; the least of a few. */
const least = (f: () => void): number => {
  f()
  const times = Array.from({ length: repeats }, () => {
    const started = performance.now()
    f()
    return performance.now() - started
  })
  return Math.min(...times)
}

const tell = (what: string, milliseconds: number, tokens: number): void =>
  console.log(
    `${what.padEnd(34)} ${milliseconds.toFixed(0).padStart(8)} ms  ${((tokens * 1000) / milliseconds).toFixed(1).padStart(9)} tokens/s`,
  )

const parameters = initialParameters(config, Seed.fromInteger(1))
const ids = Int32Array.from({ length: shape.time }, (_, i) => (i * 7919) % shape.vocabulary)
const tokens = tf.tensor2d(ids, [1, shape.time], "int32")

const lossOf = (own: typeof parameters) => {
  const { hidden } = forward(config, own, { ids: tokens, leftPadding: [0] })
  const logProbs = Categorical.logSoftmax(logits(config, own, hidden))
  return tf.neg<ReturnType<typeof tf.scalar>>(
    tf.mean(Categorical.gatherLogProbs(logProbs, tf.reshape(tokens, [-1]))),
  )
}

tell(
  `forward, ${shape.time} tokens`,
  least(() => tf.tidy(() => void lossOf(parameters).dataSync())),
  shape.time,
)

tell(
  `forward and gradients, ${shape.time} tokens`,
  least(() =>
    tf.tidy(() => {
      const { value, gradients } = valueAndGradient(parameters, lossOf)
      void value.dataSync()
      // A number of the last gradient that is computed: a device works behind.
      void tf.sum(gradients["model.embed_tokens.weight"] ?? tf.scalar(0)).dataSync()
    }),
  ),
  shape.time,
)
tokens.dispose()

// a step of RAPO

const problem = { id: "noise", task: "noise", level: "all", prompt: "", answer: "" }
let judged = 0
const setting = {
  config,
  codec: {
    padId: 0,
    eosId: 1,
    vocabularySize: shape.vocabulary,
    encode: () => right([2, 3, 4, 5]),
    decode: (own: ReadonlyArray<number>) => own.join(" "),
  },
  task: {
    maxResponseTokens: shape.response,
    // Every other answer is right: groups are informative whatever the noise says.
    verify: () => (judged++ % 2 === 0 ? { _tag: "Correct" } : { _tag: "Wrong" }),
    isLegal: () => true,
  },
  encode: () => [2, 3, 4, 5],
  endIds: [1],
} as unknown as Parameters<typeof reinforceStep>[0]

let trained = { parameters, optimiser: initialState(parameters) }
const reference = Object.fromEntries(
  Object.entries(parameters).map(([name, tensor]) => [name, tf.keep(tf.clone(tensor))]),
)
const before = tf.memory().numTensors
const milliseconds = least(() => {
  const result = reinforceStep(
    setting,
    Rapo.withParameters({ alpha: 0.1, phiMinimum: 0.8 }),
    {
      optimiser: { beta1: 0.9, beta2: 0.99, epsilon: 1e-8, weightDecay: 0, clipNorm: 1 },
      schedule: { learningRate: 1e-6, warmupSteps: 0, steps: 10, finalFraction: 1 },
      groupSize: shape.group,
      temperature: 1,
      updatesPerBatch: 1,
    },
    trained,
    reference,
    [problem],
    0,
    Seed.fromInteger(2),
  )
  if (result._tag === "Diverged") fail(`the step diverged at a loss of ${result.loss}`)
  else trained = result.trained
})
tell(
  `a step of RAPO, ${shape.group} responses of ${shape.response}`,
  milliseconds,
  shape.group * shape.response,
)
console.log(`tensors left by the steps: ${tf.memory().numTensors - before}`)
process.exit(0)
