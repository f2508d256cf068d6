/** Operations, AdamW and clipping against values that PyTorch computed. */
import * as tf from "@tensorflow/tfjs-core"
import { expect, it } from "vitest"
import { embedding } from "../../src/model/ops/embedding.ts"
import { linear } from "../../src/model/ops/linear.ts"
import { rmsNorm } from "../../src/model/ops/rmsNorm.ts"
import { rotate, rotationAt } from "../../src/model/ops/rotary.ts"
import { swiGlu } from "../../src/model/ops/swiGlu.ts"
import type { Parameters } from "../../src/model/Parameters.ts"
import { initialState, update } from "../../src/training/AdamW.ts"
import { descend } from "../../src/training/Optimise.ts"
import { isClose } from "../closeness.ts"
import { freeing, numbersOf } from "../engine.ts"
import { describeWith, readJson } from "../sharedData.ts"

type Nested = number | ReadonlyArray<Nested>

interface Operation {
  readonly inputs: ReadonlyArray<Nested>
  readonly out: Nested
  readonly cotangent: Nested
  readonly grads: ReadonlyArray<Nested>
}

interface Reference {
  readonly ops: Readonly<Record<string, Operation>>
  readonly adamw: ReadonlyArray<{
    readonly config: {
      readonly lr: number
      readonly betas: readonly [number, number]
      readonly eps: number
      readonly weight_decay: number
    }
    readonly init: readonly [Nested, Nested]
    readonly steps: ReadonlyArray<{
      readonly grads: readonly [Nested, Nested]
      readonly params: readonly [Nested, Nested]
    }>
  }>
  readonly clip_grad_norm: {
    readonly grads: readonly [Nested, Nested]
    readonly max_norm: number
    readonly total_norm: number
    readonly clipped: readonly [Nested, Nested]
  }
}

const flat = (nested: Nested): ReadonlyArray<number> =>
  typeof nested === "number" ? [nested] : nested.flatMap(flat)
const tensor = (nested: Nested): tf.Tensor => tf.tensor(nested)

/** [.., C] as the rows that the operations here take. */
const rows = (x: tf.Tensor): tf.Tensor2D => tf.reshape(x, [-1, x.shape.at(-1) ?? 1])

/** [1, H, T, d] as tokens by heads, and back. */
const byToken = (x: tf.Tensor): tf.Tensor3D => tf.transpose(tf.squeeze(x, [0]), [1, 0, 2])

/** No operation here has more than three. */
type Inputs = readonly [tf.Tensor, tf.Tensor, tf.Tensor]

const operations: Readonly<Record<string, (...inputs: Inputs) => tf.Tensor>> = {
  rmsnorm: (x, w) => tf.reshape(rmsNorm(1e-6)(rows(x), w as tf.Tensor1D), x.shape),
  swiglu: (g, u) => swiGlu(g as tf.Tensor2D, u as tf.Tensor2D),
  linear: (x, w, b) =>
    tf.reshape(linear(rows(x), tf.transpose(w as tf.Tensor2D), b as tf.Tensor1D), [2, 3, 5]),
  rope_half_split: (x) =>
    tf.expandDims(tf.transpose(rotate(rotationAt([0, 1, 2, 3, 4], 8, 10000))(byToken(x)), [1, 0, 2]), 0),
  embedding: (table) =>
    tf.reshape(embedding(table as tf.Tensor2D, tf.tensor1d([0, 2, 2, 1, 0, 3], "int32")), [2, 3, 3]),
}

describeWith("golden/torch-reference.json", "against PyTorch", (file) => {
  const reference = readJson(file) as Reference

  it.each(Object.entries(operations))("operation %s", (name, operation) => {
    const golden = reference.ops[name]
    if (golden === undefined) throw new Error(`the reference has no operation ${name}`)
    freeing(() => {
      const { value, grads } = tf.valueAndGrads((...inputs: Array<tf.Tensor>) =>
        operation(...(inputs as unknown as Inputs)),
      )(golden.inputs.map(tensor), tensor(golden.cotangent))
      expect(isClose(numbersOf(value), flat(golden.out))).toBe(true)
      expect(grads.map((gradient, i) => isClose(numbersOf(gradient), flat(golden.grads[i] ?? [])))).toEqual(
        golden.grads.map(() => true),
      )
    })
  })

  it.each(reference.adamw.map((run) => [run.config, run] as const))("AdamW %o", (config, { init, steps }) => {
    const options = {
      beta1: config.betas[0],
      beta2: config.betas[1],
      epsilon: config.eps,
      weightDecay: config.weight_decay,
    }
    // torch decays vectors too; here only matrices decay, so the vector is held as a matrix of one row.
    const named = ([matrix, vector]: readonly [Nested, Nested]): Parameters => ({
      matrix: tensor(matrix),
      vector: tensor([vector]),
    })
    freeing(() => {
      let parameters = named(init)
      let state = initialState(parameters)
      for (const { grads, params } of steps) {
        const next = update(options, config.lr, parameters, named(grads), 1, state)
        parameters = next.parameters
        state = next.state
        const [matrix, vector] = params
        expect(isClose(numbersOf(parameters["matrix"] as tf.Tensor), flat(matrix))).toBe(true)
        expect(isClose(numbersOf(parameters["vector"] as tf.Tensor), flat(vector))).toBe(true)
      }
      expect(state.updates).toBe(steps.length)
    })
  })

  it("the norm of the gradient, and the gradient as it is clipped", () => {
    const { grads, max_norm, total_norm, clipped } = reference.clip_grad_norm
    freeing(() => {
      const [a, b] = grads.map(tensor) as [tf.Tensor, tf.Tensor]
      const parameters = { a: tf.zerosLike(a), b: tf.zerosLike(b) }
      // With β₁ = 0 the first moment is the gradient that the optimiser was given.
      const descent = descend(
        { beta1: 0, beta2: 0.999, epsilon: 1e-8, weightDecay: 0, clipNorm: max_norm },
        0,
        { parameters, optimiser: initialState(parameters) },
        (at) => tf.add(tf.sum(tf.mul(at["a"] as tf.Tensor, a)), tf.sum(tf.mul(at["b"] as tf.Tensor, b))),
      )
      if (descent._tag === "NotFinite") throw new Error("the gradient is finite")
      expect(descent.gradientNorm).toBeCloseTo(total_norm, 5)
      const { first } = descent.trained.optimiser
      expect(isClose(numbersOf(first["a"] as tf.Tensor), flat(clipped[0]))).toBe(true)
      expect(isClose(numbersOf(first["b"] as tf.Tensor), flat(clipped[1]))).toBe(true)
    })
  })
})
