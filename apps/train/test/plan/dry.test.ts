/** The dry backend: the shapes of real kernels, and what it counts. */
import * as tf from "@tensorflow/tfjs-core"
import { beforeAll, describe, expect, it } from "vitest"
import { computesAs } from "../../src/engine/computesAs.ts"
import { engineNames } from "../../src/engine/EngineName.ts"
import type { DryBackend } from "../../src/plan/dry/backend.ts"
import { freeing } from "../engine.ts"
import { type Operation, operations } from "../engine/operations.ts"
import { onDry } from "./onDry.ts"

/** Operations that no step of training runs, and gradients that none takes: their kernels are not there. */
const notInAStep = ["cumsum", "log1p", "onesLike", "step", "unstack"]
const withoutGradient = ["clipByValue", "maximum", "minimum", "rsqrt", "stack"]

const tried = Object.entries(operations).filter(([name]) => !notInAStep.includes(name))

/** The shapes and types of an operation's value, and of its gradients. */
const shapesOf = (name: string, { apply, isDifferentiated }: Operation): ReadonlyArray<unknown> =>
  freeing(() => {
    const inputs: [tf.Tensor2D, tf.Tensor2D] = [tf.ones([3, 4]), tf.ones([3, 4])]
    const gradients =
      isDifferentiated && !withoutGradient.includes(name)
        ? tf.grads((x, y) =>
            // Both have a part in it.
            tf.add(tf.sum(apply(x as tf.Tensor2D, y as tf.Tensor2D)), tf.mul(0, tf.sum(tf.add(x, y)))),
          )(inputs)
        : []
    return [apply(...inputs), ...gradients].map(({ shape, dtype }) => ({ shape, dtype }))
  })

describe.each(engineNames)("as %s", (engine) => {
  it.each(tried)("tf.%s makes what it makes on wasm, and leaves nothing", async (name, operation) => {
    const real = shapesOf(name, operation)
    const [dry, left] = await onDry(engine, (on) => [shapesOf(name, operation), on.live()] as const)
    expect(dry).toEqual(real)
    expect(left).toBe(0)
  })

  it("does what the engine is asked to do", async () => {
    expect(await onDry(engine, () => computesAs())).toBe(engine)
    expect(computesAs()).toBe("wasm")
  })
})

it("has no kernel of what no step runs", async () => {
  for (const name of notInAStep)
    await expect(
      onDry("native", () =>
        freeing(() => (operations[name] as Operation).apply(tf.fill([3, 4], 0), tf.fill([3, 4], 0))),
      ),
    ).rejects.toThrow(/Kernel/)
})

describe("what is counted", () => {
  let native: DryBackend
  let wasm: DryBackend
  beforeAll(async () => {
    native = await onDry("native", (dry) => dry)
    wasm = await onDry("wasm", (dry) => dry)
  })

  const bytes = (dry: DryBackend, f: () => void): Promise<number> =>
    onDry(dry === native ? "native" : "wasm", () => freeing(() => dry.peakOf(f).bytes))
  const x = (): tf.Tensor => tf.fill([8, 16], 1)
  const ofX = 4 * 8 * 16

  it("is a buffer, once for all tensors over it", async () => {
    const views = () => tf.reshape(tf.expandDims(tf.reshape(x(), [16, 8]), 1), [-1])
    expect(await bytes(native, views)).toBe(ofX)
    expect(await bytes(wasm, views)).toBe(ofX)
  })

  it("is freed with the last tensor over it", async () => {
    const live = await onDry("native", () => {
      const first = x()
      const second = tf.clone(first)
      const counts = [native.live()]
      first.dispose()
      counts.push(native.live())
      second.dispose()
      return [...counts, native.live()]
    })
    expect(live).toEqual([ofX, ofX, 0])
  })

  it("is a cast where the engine copies, and no clone", async () => {
    for (const dry of [native, wasm]) expect(await bytes(dry, () => tf.clone(x()))).toBe(ofX)
    const cast = () => tf.cast(x(), "float32")
    expect(await bytes(native, cast)).toBe(ofX)
    expect(await bytes(wasm, cast)).toBe(2 * ofX)
  })

  it("is what a kernel needs on its way: a transposed input, a value between", async () => {
    const sum = () => tf.sum(x(), 0)
    expect(await bytes(native, sum)).toBe(ofX + 4 * 16)
    expect(await bytes(wasm, sum)).toBe(2 * ofX + 4 * 16)
    const clip = () => tf.clipByValue(x(), 0, 1)
    expect(await bytes(native, clip)).toBe(3 * ofX)
    expect(await bytes(wasm, clip)).toBe(2 * ofX)
  })

  it("is no buffer of TensorFlow's where nothing moves: aligned rows, axes of size 1", async () => {
    for (const view of [
      () => tf.slice(x(), [2, 0], [3, 16]),
      () => tf.transpose(tf.expandDims(x(), 0), [1, 0, 2]),
    ])
      expect(await bytes(native, view)).toBe(ofX)
    expect(await bytes(native, () => tf.slice(x(), [0, 2], [8, 3]))).toBe(ofX + 4 * 8 * 3)
    expect(await bytes(native, () => tf.transpose(x()))).toBe(2 * ofX)
  })

  it("is what the host gives: at once on wasm, elsewhere when it is first used", async () => {
    const given = () => tf.tensor2d([1, 2], [1, 2])
    expect(await bytes(wasm, given)).toBe(8)
    expect(await bytes(native, given)).toBe(0)
    expect(await bytes(native, () => tf.neg(given()))).toBe(16)
  })

  it("is, of a kind, what is there of it at the peak", async () => {
    const peak = await onDry("native", () =>
      freeing(() =>
        native.peakOf(
          () => {
            tf.fill([3, 5], 0).dispose()
            tf.neg(tf.fill([4, 5], 0))
            x()
          },
          ([, columns]) => columns === 5,
        ),
      ),
    )
    expect(peak).toEqual({ bytes: 2 * 4 * 20 + ofX, ofKind: 2 * 4 * 20 })
  })

  it("holds no numbers: a gigabyte of weights is made at once, and read as a zero", async () => {
    const read = await onDry("native", () =>
      freeing(() => tf.sum(tf.fill([2 ** 14, 2 ** 14], 1)).dataSync()[0]),
    )
    expect(read).toBe(0)
  })
})
