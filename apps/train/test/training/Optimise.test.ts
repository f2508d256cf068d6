import { Seed } from "@rapo/distributions"
import * as tf from "@tensorflow/tfjs-core"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { none, scoped } from "../../src/engine/scoped.ts"
import type { Parameters } from "../../src/model/Parameters.ts"
import { type AdamWOptions, initialState, stateTensors, update } from "../../src/training/AdamW.ts"
import { type OptimiserOptions, type Trained, descend, disposeTrained } from "../../src/training/Optimise.ts"
import { seed } from "../arbitraries.ts"
import { isClose } from "../closeness.ts"
import { freeing, leakOf, numbersOf } from "../engine.ts"
import { uniformTensor } from "../models.ts"

const plain: AdamWOptions = { beta1: 0.9, beta2: 0.99, epsilon: 1e-8, weightDecay: 0 }

const fresh = (own: Seed.Seed): Parameters => ({
  matrix: uniformTensor([3, 4], Seed.child(own, "matrix")),
  vector: uniformTensor([5], Seed.child(own, "vector")),
})

const valuesOf = (parameters: Parameters): ReadonlyArray<number> =>
  Object.values(parameters).flatMap((tensor) => [...numbersOf(tensor)])

describe("AdamW", () => {
  it("moves each number by the learning rate against its gradient's sign, at first", () => {
    fc.assert(
      fc.property(seed, fc.double({ min: 1e-4, max: 1, noNaN: true }), (own, rate) =>
        freeing(() => {
          const [parameters, gradients] = [fresh(own), fresh(Seed.child(own, "gradient"))]
          const next = update(plain, rate, parameters, gradients, 1, initialState(parameters))
          // m̂ = g and v̂ = g², so that the change is g/(|g| + ε) learning rates.
          const g = valuesOf(gradients)
          const expected = valuesOf(parameters).map(
            (value, i) => value - (rate * (g[i] ?? 0)) / (Math.abs(g[i] ?? 0) + plain.epsilon),
          )
          return isClose(valuesOf(next.parameters), expected) && next.state.updates === 1
        }),
      ),
    )
  })

  it("decays matrices, towards 0, and no vectors", () => {
    freeing(() => {
      const parameters = fresh(Seed.fromInteger(1))
      const gradients = Object.fromEntries(
        Object.entries(parameters).map(([name, x]) => [name, tf.zerosLike(x)]),
      )
      const options = { ...plain, weightDecay: 0.5 }
      const next = update(options, 0.1, parameters, gradients, 1, initialState(parameters)).parameters
      const { matrix, vector } = parameters as { matrix: tf.Tensor; vector: tf.Tensor }
      expect(isClose(numbersOf(next["matrix"] as tf.Tensor), numbersOf(tf.mul(matrix, 0.95)))).toBe(true)
      expect([...numbersOf(next["vector"] as tf.Tensor)]).toEqual([...numbersOf(vector)])
    })
  })

  it("takes `scale` as a factor of the gradients", () => {
    fc.assert(
      fc.property(seed, fc.double({ min: 0.01, max: 3, noNaN: true }), (own, scale) =>
        freeing(() => {
          const [parameters, gradients] = [fresh(own), fresh(Seed.child(own, "gradient"))]
          const scaled = Object.fromEntries(
            Object.entries(gradients).map(([name, x]) => [name, tf.mul(x, scale)]),
          )
          const twice = (given: Parameters, by: number): ReadonlyArray<number> => {
            const first = update(plain, 0.01, parameters, given, by, initialState(parameters))
            const second = update(plain, 0.01, first.parameters, given, by, first.state)
            return [
              ...valuesOf(second.parameters),
              ...stateTensors(second.state).flatMap((x) => [...numbersOf(x)]),
            ]
          }
          return isClose(twice(gradients, scale), twice(scaled, 1))
        }),
      ),
    )
  })
})

/** ½‖θ − 1‖², whose gradient is θ − 1. */
const bowl = (parameters: Parameters): tf.Scalar =>
  tf.addN(Object.values(parameters).map((x) => tf.mul(0.5, tf.sum(tf.square(tf.sub(x, 1))))))

const trainedFrom = (own: Seed.Seed): Trained => {
  const parameters = fresh(own)
  return { parameters, optimiser: initialState(parameters) }
}

describe("descend", () => {
  const options: OptimiserOptions = { ...plain, clipNorm: 1 }

  it("goes down, step by step, to the minimum", () => {
    let trained = trainedFrom(Seed.fromInteger(2))
    const losses: Array<number> = []
    for (let step = 0; step < 200; step++) {
      const descent = descend(options, 0.05, trained, bowl)
      if (descent._tag === "NotFinite") throw new Error("the bowl is finite")
      trained = descent.trained
      losses.push(descent.loss)
    }
    expect(losses.at(-1)).toBeLessThan(1e-3 * (losses[0] ?? 0))
    disposeTrained(trained)
  })

  it("reports the loss and the gradient's norm, before clipping", () => {
    fc.assert(
      fc.property(seed, (own) =>
        freeing(() => {
          const trained = trainedFrom(own)
          const gradient = valuesOf(trained.parameters).map((value) => value - 1)
          const descent = descend(options, 0, trained, bowl)
          const norm = Math.hypot(...gradient)
          return isClose([descent.gradientNorm, descent.loss], [norm, 0.5 * norm ** 2])
        }),
      ),
    )
  })

  it("gives the optimiser a gradient no longer than the bound, in the same direction", () => {
    fc.assert(
      fc.property(seed, fc.double({ min: 0.1, max: 10, noNaN: true }), (own, clipNorm) =>
        freeing(() => {
          const trained = trainedFrom(own)
          const gradient = valuesOf(trained.parameters).map((value) => value - 1)
          // With β₁ = 0 the first moment is the gradient as it was given.
          const descent = descend({ ...options, beta1: 0, clipNorm }, 0, trained, bowl)
          if (descent._tag === "NotFinite") return false
          const factor = Math.min(1, clipNorm / Math.hypot(...gradient))
          return isClose(
            valuesOf(descent.trained.optimiser.first),
            gradient.map((g) => g * factor),
          )
        }),
      ),
    )
  })

  it.each<readonly [string, (parameters: Parameters) => tf.Scalar]>([
    ["a loss of NaN", (p) => tf.add(bowl(p), NaN)],
    ["an infinite loss", (p) => tf.add(bowl(p), Infinity)],
    [
      "a gradient that is not finite",
      (p) => tf.add(bowl(p), tf.mul(0, tf.sum(tf.sqrt(tf.mul(p["vector"] as tf.Tensor, 0))))),
    ],
  ])("does not apply %s, and leaves what was trained as it was", (_, loss) => {
    const trained = trainedFrom(Seed.fromInteger(3))
    const before = valuesOf(trained.parameters)
    const leak = leakOf(() => {
      const descent = descend(options, 0.1, trained, loss)
      expect(descent._tag).toBe("NotFinite")
      expect(Number.isFinite(descent.loss) && Number.isFinite(descent.gradientNorm)).toBe(false)
    })
    expect(leak).toBe(0)
    expect(valuesOf(trained.parameters)).toEqual(before)
    const after = descend(options, 0.1, trained, bowl)
    expect(after._tag).toBe("Descended")
    if (after._tag === "Descended") disposeTrained(after.trained)
  })

  it("keeps the number of tensors", () => {
    let trained = trainedFrom(Seed.fromInteger(4))
    const leak = leakOf(() => {
      for (let step = 0; step < 5; step++) {
        const descent = descend(options, 0.1, trained, bowl)
        if (descent._tag === "Descended") trained = descent.trained
      }
    })
    expect(leak).toBe(0)
    expect(trained.optimiser.updates).toBe(5)
    disposeTrained(trained)
  })
})

describe("scoped", () => {
  it("frees everything but the survivors", () => {
    const leak = leakOf(() => {
      const { kept } = scoped(
        () => ({ kept: tf.add(tf.scalar(1), 2), other: tf.scalar(5) }),
        (made) => [made.kept],
      )
      expect([...numbersOf(kept)]).toEqual([3])
      kept.dispose()
    })
    expect(leak).toBe(0)
  })

  it("frees everything when it throws", () => {
    const leak = leakOf(() => {
      expect(() =>
        scoped(() => {
          tf.add(tf.scalar(1), 2)
          throw new Error("on the way")
        }, none),
      ).toThrow("on the way")
    })
    expect(leak).toBe(0)
  })

  it("lets survivors outlive the scopes around it", () => {
    const leak = leakOf(() => {
      const kept = scoped(
        () =>
          scoped(
            () => tf.add(tf.scalar(1), 2),
            (made) => [made],
          ),
        (made) => [made],
      )
      expect([...numbersOf(kept)]).toEqual([3])
      kept.dispose()
    })
    expect(leak).toBe(0)
  })
})
