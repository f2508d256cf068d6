/**
 * The same numbers as Hugging Face's `transformers`, for every reference model at hand: logits, log-probabilities,
 * entropies, all gradients and the greedy continuation. `engine/` repeats it on every engine.
 */
import * as tf from "@tensorflow/tfjs-core"
import * as path from "node:path"
import { describe, expect, it } from "vitest"
import { parameterSpecs } from "../../src/model/Parameters.ts"
import "../engine.ts"
import { checkpointIn, parity, parityTolerance, worst } from "../parity.ts"
import { describeWith, foldersIn } from "../sharedData.ts"

describeWith("models", "reference models", (models) => {
  const folders = foldersIn(models)

  it("are there", () => {
    expect(folders.filter((name) => name.startsWith("tiny-qwen2")).length).toBeGreaterThan(0)
  })

  describe.each(folders)("%s", (name) => {
    const folder = path.join(models, name)

    it.each(["wasm", "cpu"])("has the same numbers on %s, and nothing is left behind", async (backend) => {
      await tf.setBackend(backend)
      const before = tf.memory().numTensors
      const found = await parity(folder)
      const after = tf.memory().numTensors
      await tf.setBackend("wasm")
      expect(worst(found)).toBeLessThan(parityTolerance)
      expect(after).toBe(before)
    })

    it("has a reference gradient for each of its parameters", async () => {
      const { config } = await checkpointIn(folder)
      expect((await parity(folder)).gradients).toBe(parameterSpecs(config).length)
    })
  })
})
