/**
 * The model's gradient layer by layer: gradient checkpointing (Chen et al., 2016, arXiv 1604.06174, with a layer as segment).
 *
 *     forward    h_{l+1} = f_l(h_l; θ_l)                         kept: h_0 … h_L, nothing within a layer
 *     backward   (ḡ_l, ∇θ_l) = (∂f_l/∂h_l, ∂f_l/∂θ_l)ᵀ ḡ_{l+1}   f_l computed again, for l = L−1 … 0
 *
 * where h_l is what layer l is given for the prompts and for the responses, jointly: f_l lets the responses see the prompts'
 * keys and values, which therefore need not be kept. So activations are those of one layer, beside L + 1 times
 * [tokens, C], for one more forward pass.
 *
 * The reverse pass is ours, and not a custom gradient within the engine's, because the engine's tape is global: taking a
 * gradient within a gradient function clears it (tfjs 4.22).
 *
 * Law (test): values and gradients are those of the whole model's tape.
 */
import { Gradient } from "@rapo/distributions/tensor"
import * as tf from "@tensorflow/tfjs-core"
import { scoped } from "../engine/scoped.ts"
import { type Policy, policyOf } from "./Optimise.ts"
import { addTo, valueAndGradient } from "./valueAndGradient.ts"
import { layer, layerPrefix, layersPrefix, repeatLayer } from "../model/layer.ts"
import { gradientOfTable } from "../model/ops/embedding.ts"
import type { Parameters } from "../model/Parameters.ts"
import type { PlacedAnswers } from "../model/promptBatch.ts"
import { embed, embeddingName } from "../model/Qwen2.ts"
import type { Qwen2Config } from "../model/Qwen2Config.ts"

// model

/** The loss of the last layer's output for the responses, [B·T, C]: final norm and head are its own. */
export type LossOfLast = (last: tf.Tensor2D, parameters: Parameters) => tf.Scalar

// combinators

/**
 * The loss and its gradient in all that is trained, added to `sum`, whose tensors are used up. The gradients are the
 * caller's to free.
 */
export const layerwiseGradient = (
  config: Qwen2Config,
  policy: Policy,
  answers: PlacedAnswers,
  loss: LossOfLast,
  sum: Parameters | undefined,
): { readonly value: number; readonly gradients: Parameters } =>
  scoped(
    () => {
      const whole = policyOf(policy)
      const pass = passOf(config, answers)
      let total = sum
      const add = (gradients: Parameters): void => {
        total = addTo(total, gradients)
      }
      const trained = (belongs: (name: string) => boolean): Parameters =>
        Object.fromEntries(Object.entries(policy.parameters).filter(([name]) => belongs(name)))

      const states: Array<States> = [pass.first(whole)]
      for (let l = 0; l < config.num_hidden_layers; l++)
        states.push(tf.tidy(() => pass.step(whole, l, states[l] as States)))

      const [prompts, last] = states.pop() as States
      prompts.dispose()
      const top = atHead(config, trained, last, (at, parameters) => loss(at, { ...whole, ...parameters }))
      last.dispose()
      add(top.gradients)
      // The prompts' last hidden states predict nothing.
      let upstream: Upstream = [undefined, top.upstream]
      for (let l = config.num_hidden_layers - 1; l >= 0; l--) {
        const inputs = states.pop() as States
        const below = pullback(
          pass,
          whole,
          trained((name) => name.startsWith(layerPrefix(l))),
          l,
          inputs,
          upstream,
        )
        tf.dispose([...inputs, upstream])
        add(below.gradients)
        upstream = below.upstream
      }
      if (policy.parameters[embeddingName] !== undefined)
        add({ [embeddingName]: pass.gradientOfEmbedding(whole, upstream) })
      return { value: top.value, gradients: total ?? {} }
    },
    ({ gradients }) => Object.values(gradients),
  )

// numerics

/** Hidden states of the prompts, [P·(S−1), C], and of the responses, [B·T, C]. */
type States = [prompts: tf.Tensor2D, responses: tf.Tensor2D]

/** The gradient in them; undefined is 0. */
type Upstream = [prompts: tf.Tensor2D | undefined, responses: tf.Tensor2D]

interface Pass {
  readonly first: (parameters: Parameters) => States
  readonly step: (parameters: Parameters, index: number, states: States) => States
  readonly gradientOfEmbedding: (parameters: Parameters, upstream: Upstream) => tf.Tensor
}

const passOf = (config: Qwen2Config, { prompts, responses, groupSize }: PlacedAnswers): Pass => ({
  first: (parameters) => [embed(parameters, prompts.ids), embed(parameters, responses.ids)],
  step: (parameters, index, [asked, answered]) => {
    const prompt = layer(config, parameters, index, prompts.context, asked, undefined)
    const seen = repeatLayer(prompt.cache, prompts.ids.shape[0], groupSize)
    const response = layer(config, parameters, index, responses.context, answered, seen)
    return [prompt.hidden, response.hidden]
  },
  gradientOfEmbedding: (parameters, [dPrompts, dResponses]) =>
    tf.tidy(() => {
      const ids = [prompts.ids, responses.ids].map((each) => tf.reshape(each, [-1]))
      const dy = dPrompts === undefined ? [tf.zeros([ids[0]?.size ?? 0, config.hidden_size])] : [dPrompts]
      return gradientOfTable(
        tf.concat(ids, 0),
        tf.concat([...dy, dResponses], 0) as tf.Tensor2D,
        (parameters[embeddingName] as tf.Tensor2D).shape,
      )
    }),
})

/** Names that no parameter has. */
const [promptsName, responsesName] = ["prompts", "responses"]

/** The loss, its gradient in the last hidden states, and in what is trained above the layers. */
const atHead = (
  { tie_word_embeddings: isTied }: Qwen2Config,
  trained: (belongs: (name: string) => boolean) => Parameters,
  last: tf.Tensor2D,
  loss: LossOfLast,
): { readonly value: number; readonly upstream: tf.Tensor2D; readonly gradients: Parameters } => {
  const above = trained((name) => !name.startsWith(layersPrefix) && (isTied || name !== embeddingName))
  return tf.tidy(() => {
    const { value, gradients } = valueAndGradient({ ...above, [responsesName]: last }, (at) =>
      loss(at[responsesName] as tf.Tensor2D, at),
    )
    const { [responsesName]: upstream, ...rest } = gradients
    return { value: value.dataSync()[0] ?? NaN, upstream: upstream as tf.Tensor2D, gradients: rest }
  })
}

/** The vector–Jacobian product of a layer: the gradient of ⟨f_l, ḡ⟩. */
const pullback = (
  pass: Pass,
  whole: Parameters,
  own: Parameters,
  index: number,
  [prompts, responses]: States,
  [dPrompts, dResponses]: Upstream,
): { readonly upstream: Upstream; readonly gradients: Parameters } =>
  tf.tidy(() => {
    const at = { ...own, [promptsName]: prompts, [responsesName]: responses }
    const { gradients } = valueAndGradient(at, (named) => {
      const inputs = [named[promptsName], named[responsesName]] as States
      const [p, r] = pass.step({ ...whole, ...named }, index, inputs)
      return dPrompts === undefined ? along(dResponses)(r) : tf.add(along(dPrompts)(p), along(dResponses)(r))
    })
    const { [promptsName]: p, [responsesName]: r, ...rest } = gradients
    return { upstream: [p, r] as [tf.Tensor2D, tf.Tensor2D], gradients: rest }
  })

/** ⟨x, g⟩, as far as its gradient goes; its value is of no use, and is not computed. */
const along = (g: tf.Tensor): ((x: tf.Tensor) => tf.Scalar) =>
  Gradient.withPullback(
    () => ({ value: tf.scalar(0), saved: [] as const }),
    () => tf.clone(g),
  ) as (x: tf.Tensor) => tf.Scalar
