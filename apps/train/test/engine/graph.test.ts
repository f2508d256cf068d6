/** Functions as TensorFlow graphs: the same numbers as operation by operation, for whatever the kernels record. */
import { Seed } from "@rapo/distributions"
import { Rapo } from "@rapo/rapo"
import * as tf from "@tensorflow/tfjs"
import { afterEach, beforeAll, expect, test } from "vitest"
import { nativePackage } from "../../src/engine/native/addon.ts"
import { asGraph, disposeGraphs, heldGraphs, withoutGraphs } from "../../src/engine/native/graph/asGraph.ts"
import { nativeBackend } from "../../src/engine/native/graph/Binding.ts"
import { record } from "../../src/engine/native/graph/record.ts"
import { startEngine } from "../../src/engine/start.ts"
import { disposeParameters, initialParameters } from "../../src/model/Parameters.ts"
import { initialState, stateTensors } from "../../src/training/AdamW.ts"
import { type Trained, descendAlong, disposeTrained } from "../../src/training/Optimise.ts"
import { groupNumbers } from "../../src/training/parameterGroups.ts"
import {
  type ReinforceOptions,
  type ReinforceResult,
  reinforceStep,
} from "../../src/training/ReinforceStep.ts"
import { settingOf } from "../configs.ts"
import { echoProblems, echoTask } from "../echoTask.ts"
import { freshlyTrained } from "../models.ts"
import { operations } from "./operations.ts"

const isBuilt = nativePackage() !== undefined
if (!isBuilt)
  console.log(
    "graphs are not tested: the native engine is not built (`npm run engine`); the function itself is",
  )

beforeAll(async () => {
  await startEngine(isBuilt ? "native" : "wasm")
})
afterEach(disposeGraphs)

/** TensorFlow rewrites a graph before it runs it (x + y + x becomes 2x + y), so sums may round otherwise. */
const rounding = 1e-5

/** The largest difference between numbers at the same place of two structures, relative to those above 1. */
const distance = (a: unknown, b: unknown): number => {
  if (typeof a === "number" && typeof b === "number") return Math.abs(a - b) / Math.max(1, Math.abs(b))
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null)
    return a === b ? 0 : Infinity
  const [left, right] = [Object.entries(a), Object.entries(b)]
  if (left.length !== right.length) return Infinity
  return left.reduce((most, [, x], i) => Math.max(most, distance(x, right[i]?.[1])), 0)
}

const values = (named: Readonly<Record<string, tf.Tensor>>): Record<string, ReadonlyArray<number>> =>
  Object.fromEntries(Object.entries(named).map(([name, tensor]) => [name, [...tensor.dataSync()]]))

/** A small classifier's descent: products, broadcasts, reductions, gathers by one-hot, slices, several outputs. */
const descent = ({ x, w, v, y, rate }: Readonly<Record<string, tf.Tensor>>): Record<string, tf.Tensor> => {
  const { value, grads } = tf.valueAndGrads((w, v) => {
    const hidden = tf.relu(tf.matMul(x as tf.Tensor2D, w as tf.Tensor2D))
    const [left, right] = tf.split(hidden, 2, 1) as [tf.Tensor2D, tf.Tensor2D]
    const joined = tf.concat([tf.mul(left, tf.sigmoid(right)), tf.tanh(right)], 1)
    const logProbs = tf.logSoftmax(tf.matMul(joined, v as tf.Tensor2D))
    const chosen = tf.cast(tf.oneHot(tf.cast(y as tf.Tensor1D, "int32"), 5), "float32")
    const isNear = tf.step(tf.add(logProbs, 3))
    return tf.neg(tf.mean(tf.sum(tf.mul(tf.mul(logProbs, chosen), isNear), 1)))
  })([w as tf.Tensor, v as tf.Tensor])
  const step = (at: tf.Tensor, gradient: tf.Tensor | undefined): tf.Tensor =>
    tf.sub(at, tf.mul(gradient as tf.Tensor, rate as tf.Tensor))
  return { loss: value, w: step(w as tf.Tensor, grads[0]), v: step(v as tf.Tensor, grads[1]) }
}

const instance = (seed: number): Record<string, tf.Tensor> => ({
  x: tf.randomNormal([16, 8], 0, 1, "float32", seed),
  w: tf.randomNormal([8, 12], 0, 1, "float32", seed + 1),
  v: tf.randomNormal([12, 5], 0, 1, "float32", seed + 2),
  y: tf.cast(tf.randomUniform([16], 0, 5, "int32", seed + 3), "int32"),
  rate: tf.scalar(0.1 * seed),
})

test("the first call, the recorded one and the graph's give the same numbers", () => {
  tf.tidy(() => {
    for (const seed of [1, 2, 3, 4]) {
      const inputs = instance(seed)
      expect(distance(values(asGraph("descent", inputs, descent)), values(descent(inputs)))).toBeLessThan(
        rounding,
      )
    }
  })
})

test("every operation that the sources use can be recorded, with its gradient", () => {
  for (const [name, { apply, isDifferentiated }] of Object.entries(operations)) {
    if (name === "randomUniform") continue
    const run = ({ x, y }: Readonly<Record<string, tf.Tensor>>): Record<string, tf.Tensor> => {
      const value = (x: tf.Tensor, y: tf.Tensor): tf.Tensor =>
        tf.sum(tf.cast(apply(x as tf.Tensor2D, y as tf.Tensor2D), "float32"))
      if (!isDifferentiated) return { value: value(x as tf.Tensor, y as tf.Tensor) }
      const ofX = (x: tf.Tensor): tf.Scalar => value(x, y as tf.Tensor) as tf.Scalar
      return { value: ofX(x as tf.Tensor), gradient: tf.grad(ofX)(x as tf.Tensor) }
    }
    tf.tidy(() => {
      const inputs = { x: tf.randomUniform([3, 4], 0.2, 1.2), y: tf.randomUniform([3, 4], 0.2, 1.2) }
      for (let turn = 0; turn < 3; turn++)
        expect(distance(values(asGraph(name, inputs, run)), values(run(inputs))), name).toBeLessThan(rounding)
    })
  }
})

test("indices may be inputs, and those out of range are refused", () => {
  tf.tidy(() => {
    const table = tf.tensor2d([1, 2, 3, 4], [2, 2])
    const rowsOf = (...ids: ReadonlyArray<number>): ReadonlyArray<number> => [
      ...asGraph("rows", { table, ids: tf.tensor1d([...ids], "int32") }, ({ table, ids }) => ({
        // Used before: a tensor that the device holds, and not the host.
        rows: tf.gather(table, tf.add(ids, tf.scalar(0, "int32"))),
      })).rows.dataSync(),
    ]
    expect([rowsOf(0, 1), rowsOf(1, 1), rowsOf(1, 0)]).toEqual([
      [1, 2, 3, 4],
      [3, 4, 3, 4],
      [3, 4, 1, 2],
    ])
    for (const table of [tf.ones([2, 2]), tf.ones([3, 2])])
      expect(() => tf.gather(table, tf.tensor1d([0, 7], "int32")).dataSync()).toThrow(/7/)
  })
})

test("other shapes and another key are other graphs", () => {
  tf.tidy(() => {
    const run = (rows: number, factor: number): number =>
      asGraph(`factor ${factor}`, { x: tf.ones([rows]) }, ({ x }) => ({
        sum: tf.sum(tf.mul(x, factor)),
      })).sum.dataSync()[0] ?? NaN
    for (let turn = 0; turn < 3; turn++) expect([run(2, 3), run(4, 3), run(2, 5)]).toEqual([6, 12, 10])
  })
})

test("an input may come out again, and a constant too", () => {
  tf.tidy(() => {
    for (let turn = 0; turn < 3; turn++) {
      const { same, one } = asGraph("through", { x: tf.tensor1d([turn, 2]) }, ({ x }) => ({
        same: x,
        one: tf.scalar(1),
      }))
      expect([...same.dataSync(), ...one.dataSync()]).toEqual([turn, 2, 1])
    }
  })
})

test("one tensor in two places does not stay one when it comes to differ", () => {
  tf.tidy(() => {
    const [x, y] = [tf.tensor1d([1, 2]), tf.tensor1d([10, 20])]
    const difference = (a: tf.Tensor, b: tf.Tensor): ReadonlyArray<number> => [
      ...asGraph("twins", { a, b }, ({ a, b }) => ({
        d: tf.sub(a, b),
      })).d.dataSync(),
    ]
    for (let turn = 0; turn < 3; turn++) {
      expect(difference(x, x.clone())).toEqual([0, 0])
      expect(difference(y, x)).toEqual([9, 18])
    }
  })
})

test("no tensor is left behind", () => {
  const inputs = tf.tidy(() => Object.values(instance(1)).map((tensor) => tf.keep(tensor)))
  const [x, w, v, y, rate] = inputs as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor]
  const turn = (): number => {
    tf.tidy(() => void asGraph("leak", { x, w, v, y, rate }, descent))
    return tf.memory().numTensors
  }
  const counts = Array.from({ length: 5 }, turn)
  expect(new Set(counts).size).toBe(1)
  tf.dispose(inputs)
})

test("more shapes than are held are still right", () => {
  tf.tidy(() => {
    for (let turn = 0; turn < 2; turn++)
      for (let rows = 1; rows <= 70; rows++)
        expect(
          asGraph("rows", { x: tf.ones([rows]) }, ({ x }) => ({
            sum: tf.sum(x),
          })).sum.dataSync()[0],
        ).toBe(rows)
  })
})

test("what is no input, or is read, is refused while recording", () => {
  const backend = nativeBackend()
  if (backend === undefined) return
  tf.tidy(() => {
    const [x, other] = [tf.scalar(1), tf.add(tf.scalar(1), tf.scalar(1))]
    expect(() => record(backend, [x], () => [tf.add(x, other)])).toThrow(/not among its inputs/)
    expect(() => record(backend, [x], () => [tf.scalar(tf.add(x, x).dataSync()[0] ?? NaN)])).toThrow(
      /reads a value/,
    )
    expect(tf.add(x, other).dataSync()[0]).toBe(3)
  })
})

interface Calls {
  readonly operations: number
  readonly graphs: number
}

/** What `f` returns, given a function that tells how often TensorFlow has been called since `f` began. */
const countingCalls = <A>(f: (calls: () => Calls) => A): A => {
  const backend = nativeBackend()
  if (backend === undefined) throw new Error("calls are counted on native")
  const { binding } = backend
  let [operations, graphs] = [0, 0]
  backend.binding = Object.create(binding, {
    executeOp: {
      value: (...asked: Parameters<typeof binding.executeOp>) => {
        operations += 1
        return binding.executeOp(...asked)
      },
    },
    runSavedModel: {
      value: (...asked: Parameters<typeof binding.runSavedModel>) => {
        graphs += 1
        return binding.runSavedModel(...asked)
      },
    },
  }) as typeof binding
  try {
    return f(() => ({ operations, graphs }))
  } finally {
    // Graphs keep the binding that they were made with.
    disposeGraphs()
    backend.binding = binding
  }
}

test("a descent is one call for the gradient's norm and one for AdamW, for each group of parameters", () => {
  if (!isBuilt) return
  const optimiser = { beta1: 0.9, beta2: 0.99, epsilon: 1e-8, weightDecay: 0.1, clipNorm: 1 }
  // Two groups: three parameters that fit in one, and one that is larger than the bound.
  const shapes: ReadonlyArray<ReadonlyArray<number>> = [[7], [5, 3], [5, 3], [groupNumbers / 1024 + 1, 1024]]
  const drawn = (seed: number): Record<string, tf.Tensor> =>
    Object.fromEntries(
      shapes.map((shape, i) => [`p${i}`, tf.randomNormal([...shape], 0, 1, "float32", seed + i)]),
    )
  const run = (steps: number): { readonly trained: Trained; readonly calls: ReadonlyArray<Calls> } =>
    countingCalls((calls) => {
      const parameters = drawn(1)
      let trained: Trained = { parameters, optimiser: initialState(parameters) }
      const each = Array.from({ length: steps }, (_, step) => {
        const gradients = drawn(10 * step + 10)
        const before = calls()
        const descent = descendAlong(optimiser, 0.01, trained, { loss: 1, gradients })
        if (descent._tag === "Descended") trained = descent.trained
        const after = calls()
        return {
          operations: after.operations - before.operations,
          graphs: after.graphs - before.graphs,
        }
      })
      return { trained, calls: each }
    })
  const asGraphs = run(4)
  // Beside the graphs, the sum of the squares.
  expect(asGraphs.calls.slice(2)).toEqual(Array(2).fill({ operations: 1, graphs: 4 }))
  const oneByOne = withoutGraphs(() => run(4))
  for (const calls of oneByOne.calls) expect(calls).toMatchObject({ graphs: 0 })
  const all = ({ parameters, optimiser }: Trained): ReadonlyArray<tf.Tensor> => [
    ...Object.values(parameters),
    ...stateTensors(optimiser),
  ]
  const expected = all(oneByOne.trained)
  all(asGraphs.trained).forEach((tensor, i) => {
    const furthest = tf.tidy(
      () => tf.max(tf.abs(tf.sub(tensor, expected[i] as tf.Tensor))).dataSync()[0] ?? NaN,
    )
    expect(furthest).toBeLessThan(rounding)
  })
  for (const { trained } of [asGraphs, oneByOne]) disposeTrained(trained)
})

const oneToken = echoProblems.map((problem) => ({ ...problem, prompt: problem.answer }))

test.each([
  ["a small vocabulary", {}, echoProblems],
  ["one whose rows are gathered", { vocab_size: 300 }, echoProblems],
  ["prompts of one token", {}, oneToken],
])("steps of RLVR are the same whether their passes are graphs or not: %s", (_, replaced, problems) => {
  const setting = settingOf(echoTask, { hidden_size: 8, num_hidden_layers: 2, ...replaced })
  // Above the gradients' rounding: AdamW would turn the rounding of a gradient that is nearly 0 into a step of full size.
  const optimiser = { beta1: 0.9, beta2: 0.99, epsilon: 1e-4, weightDecay: 0.1, clipNorm: 1 }
  const options: ReinforceOptions = {
    optimiser,
    schedule: { learningRate: 1e-2, warmupSteps: 0, steps: 4, finalFraction: 1 },
    groupSize: 4,
    temperature: 1,
    updatesPerBatch: 2,
  }
  const trajectory = (withGraphs: boolean): ReadonlyArray<unknown> => {
    let trained = freshlyTrained(setting.config, Seed.fromInteger(1))
    const reference = initialParameters(setting.config, Seed.fromInteger(2))
    const steps = Array.from({ length: 4 }, (_, step) => {
      const seed = Seed.fromInteger(step)
      const run = (): ReinforceResult =>
        reinforceStep(setting, Rapo.rapo, options, trained, reference, problems, step, seed)
      const result = withGraphs ? run() : withoutGraphs(run)
      trained = result.trained
      return result._tag === "Stepped" ? result.metrics : result
    })
    const parameters = values(trained.parameters)
    disposeTrained(trained)
    disposeParameters(reference)
    return [...steps, parameters]
  }
  const withGraphs = trajectory(true)
  // Two descents on one batch at least have one shape.
  if (isBuilt)
    for (const name of ["gradient", "squares", "adamw", "next token"])
      expect(heldGraphs(name), name).toBeGreaterThan(0)
  expect(distance(withGraphs, trajectory(false))).toBeLessThan(rounding)
})
