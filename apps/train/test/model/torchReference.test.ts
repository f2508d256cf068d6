/** Operations, AdamW and clipping against values that PyTorch computed. */
import * as tf from "@tensorflow/tfjs-core"
import { expect, it } from "vitest"
import type { Parameters } from "../../src/model/Parameters.ts"
import { initialState, update } from "../../src/training/AdamW.ts"
import { descend } from "../../src/training/Optimise.ts"
import { float32Tolerance, isClose } from "../closeness.ts"
import { freeing, numbersOf } from "../engine.ts"
import { describeWith, readJson } from "../sharedData.ts"
import { type Nested, type Reference, flat, operations, tensor, torchDistance } from "../torchOperations.ts"

describeWith("golden/torch-reference.json", "against PyTorch", (file) => {
  const reference = readJson(file) as Reference

  it.each(Object.entries(operations))("operation %s", (name, operation) => {
    const golden = reference.ops[name]
    if (golden === undefined) throw new Error(`the reference has no operation ${name}`)
    expect(torchDistance(operation, golden)).toBeLessThan(float32Tolerance)
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
