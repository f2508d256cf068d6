/**
 * The same numbers as Hugging Face's `transformers`, for every reference model at hand.
 *
 * The reference was computed in float64 and stored in float32; Qwen2 models are read from their folder, and a Llama model
 * is computed as the Qwen2 model whose biases are 0, which it is.
 */
import { Categorical } from "@rapo/distributions/tensor"
import * as tf from "@tensorflow/tfjs-core"
import { isLeft } from "fp-ts/lib/Either.js"
import * as path from "node:path"
import { describe, expect, it } from "vitest"
import { type Cache, forward, logits } from "../../src/model/Qwen2.ts"
import { type Parameters, parameterSpecs } from "../../src/model/Parameters.ts"
import { Qwen2Config } from "../../src/model/Qwen2Config.ts"
import { type HostTensor, decode } from "../../src/model/Safetensors.ts"
import { relativeDistance } from "../closeness.ts"
import { type Backend, freeing, numbersOf, onBackend } from "../engine.ts"
import { foldersIn, readBytes, readJson, describeWith } from "../sharedData.ts"

/** Float32 against float64 over a few layers: measured 1e-6. The project promises 1e-4. */
const parity = 1e-4

interface Reference {
  readonly input_ids: ReadonlyArray<ReadonlyArray<number>>
  readonly mean_nll: number
  readonly greedy: {
    readonly prompt: ReadonlyArray<number>
    readonly max_new_tokens: number
    readonly output: ReadonlyArray<number>
  }
}

const tensorsOf = (...file: ReadonlyArray<string>): ReadonlyMap<string, HostTensor> => {
  const read = decode(readBytes(...file))
  if (isLeft(read)) throw new Error(JSON.stringify(read.left))
  return read.right
}

/** The computation's parameters of a file's: matrices transposed, biases that a Llama lacks 0. */
const parametersOf = (config: Qwen2Config, file: ReadonlyMap<string, HostTensor>): Parameters =>
  Object.fromEntries(
    parameterSpecs(config).map(({ name, shape, isTransposed }) => {
      const found = file.get(name)
      if (found === undefined && !name.endsWith(".bias")) throw new Error(`no ${name} in the file`)
      const tensor = found === undefined ? tf.zeros([...shape]) : tf.tensor(found.values, [...found.shape])
      return [name, isTransposed ? tf.transpose(tensor) : tensor]
    }),
  )

describeWith("models", "reference models", (models) => {
  const folders = foldersIn(models)

  it("are there", () => {
    expect(folders.filter((name) => name.startsWith("tiny-qwen2")).length).toBeGreaterThan(0)
  })

  describe.each(folders)("%s", (name) => {
    const folder = path.join(models, name)
    const raw = readJson(folder, "config.json") as typeof Qwen2Config.Encoded
    const config = new Qwen2Config({ ...raw, model_type: "qwen2" })
    const file = tensorsOf(folder, "model.safetensors")
    const reference = readJson(folder, "reference.json") as Reference
    const expected = tensorsOf(folder, "reference.safetensors")
    const batch = reference.input_ids.length
    const time = reference.input_ids[0]?.length ?? 0
    const ids = (): tf.Tensor2D => tf.tensor2d(reference.input_ids.flat(), [batch, time], "int32")
    const distanceTo = (key: string, found: tf.Tensor): number => {
      const values = expected.get(key)?.values
      if (values === undefined) throw new Error(`the reference has no ${key}`)
      return relativeDistance(numbersOf(found), values)
    }

    /** Logits [B, T, V] of the reference's texts, and the log-probabilities [B, T−1] of their next tokens. */
    const predict = (parameters: Parameters): { readonly all: tf.Tensor3D; readonly logProbs: tf.Tensor } => {
      const { hidden } = forward(config, parameters, { ids: ids(), leftPadding: new Int32Array(batch) })
      const all = tf.reshape(logits(config, parameters, hidden), [
        batch,
        time,
        config.vocab_size,
      ]) as tf.Tensor3D
      const before = tf.slice(all, [0, 0, 0], [-1, time - 1, -1])
      const next = tf.slice(ids(), [0, 1], [-1, time - 1])
      return { all, logProbs: Categorical.gatherLogProbs(Categorical.logSoftmax(before), next) }
    }

    it.each<Backend>(["wasm", "cpu"])("logits, log-probabilities and entropies on %s", async (backend) => {
      const distances = await onBackend(backend, () => {
        const { all, logProbs } = predict(parametersOf(config, file))
        const entropy = Categorical.entropy(tf.slice(all, [0, 0, 0], [-1, time - 1, -1]))
        return [
          distanceTo("logits", all),
          distanceTo("logprobs_next", logProbs),
          distanceTo("entropy", entropy),
        ]
      })
      expect(Math.max(...distances)).toBeLessThan(parity)
    })

    it("all gradients of the mean negative log-likelihood", () => {
      freeing(() => {
        const parameters = parametersOf(config, file)
        // Biases that a Llama lacks have no reference gradient.
        const specs = parameterSpecs(config).filter((spec) => expected.has(`grad.${spec.name}`))
        const { value, grads } = tf.valueAndGrads((...tensors: Array<tf.Tensor>) =>
          tf.neg(
            tf.mean(
              predict({
                ...parameters,
                ...Object.fromEntries(specs.map((spec, i) => [spec.name, tensors[i] as tf.Tensor])),
              }).logProbs,
            ),
          ),
        )(specs.map((spec) => parameters[spec.name] as tf.Tensor))
        expect(specs.length).toBe([...expected.keys()].filter((key) => key.startsWith("grad.")).length)
        expect(relativeDistance(numbersOf(value), [reference.mean_nll])).toBeLessThan(parity)
        const far = specs.flatMap((spec, i) => {
          const gradient = grads[i] as tf.Tensor
          const distance = distanceTo(
            `grad.${spec.name}`,
            spec.isTransposed ? tf.transpose(gradient) : gradient,
          )
          return distance < parity ? [] : [`${spec.name}: ${distance}`]
        })
        expect(far).toEqual([])
      })
    })

    // The Llama's stored continuation is not the argmax of its logits (0.04 below it), so it is not greedy.
    if (name.startsWith("tiny-qwen2"))
      it("the greedy continuation, token by token with the cache", () => {
        const { prompt, output } = reference.greedy
        freeing(() => {
          const parameters = parametersOf(config, file)
          const tokens = [...prompt]
          let cache: Cache | undefined
          let fed = 0
          while (tokens.length < output.length) {
            const fresh = tokens.slice(fed)
            const step = forward(
              config,
              parameters,
              { ids: tf.tensor2d(fresh, [1, fresh.length], "int32"), leftPadding: [0] },
              cache,
            )
            fed = tokens.length
            cache = step.cache
            const last = tf.slice(step.hidden, [fresh.length - 1, 0], [1, -1])
            tokens.push(numbersOf(tf.argMax(logits(config, parameters, last), 1))[0] ?? NaN)
          }
          expect(tokens).toEqual(output)
        })
      })
  })
})
