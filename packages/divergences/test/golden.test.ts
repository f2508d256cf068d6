/** Values that PyTorch computes, from a folder of reference data that stands beside the repository. */
import * as fs from "node:fs"
import * as path from "node:path"
import { LogSpace } from "@rapo/distributions"
import * as tf from "@tensorflow/tfjs"
import { beforeAll, describe, expect, test } from "vitest"
import { FDivergence, KL, LogitGradient } from "../src/index.ts"
import { ChunkedKL, KL as TensorKL } from "../src/tensor/index.ts"
import { fromLogits, right } from "./arbitraries.ts"
import { engines, use } from "./engines.ts"

const file = path.resolve(import.meta.dirname, "../../../../shared/data/golden/torch-reference.json")

type Matrix = ReadonlyArray<ReadonlyArray<number>>

interface Direction {
  readonly per_token: ReadonlyArray<number>
  readonly grad_policy_logits: Matrix
}

interface Reference {
  readonly full_vocab_kl: {
    readonly policy_logits: Matrix
    readonly reference_logits: Matrix
    readonly forward_ref_to_policy: Direction
    readonly reverse_policy_to_ref: Direction
    readonly js: Direction
  }
}

/** What is asserted of the data; where they are not, a line that says so. */
const onTorch = (check: (data: Reference["full_vocab_kl"]) => void): void => {
  if (fs.existsSync(file))
    return check((JSON.parse(fs.readFileSync(file, "utf8")) as Reference).full_vocab_kl)
  console.log("golden: torch-reference.json is not beside this repository, so nothing was compared")
}

/** Printed with all the digits of a float64. */
const digits = 12
/** float32 has 7 digits, and the values are of the order of 1. */
const digits32 = 5

const directions = [
  ["forward_ref_to_policy", FDivergence.kl],
  ["reverse_policy_to_ref", FDivergence.reverseKl],
  ["js", FDivergence.jensenShannon],
] as const

test.each(directions)("torch: full-vocabulary %s, values and gradients", (name, d) => {
  onTorch((data) => {
    expect(data.policy_logits.length).toBe(3)
    data.policy_logits.forEach((z, i) => {
      const [p, pi] = [fromLogits(data.reference_logits[i] ?? []), fromLogits(z)]
      const { per_token, grad_policy_logits } = data[name]
      expect(right(FDivergence.divergence(d)(p, pi))).toBeCloseTo(per_token[i] ?? NaN, digits)
      right(LogitGradient.inSecond(d)(p, z)).forEach((g, v) =>
        expect(g).toBeCloseTo(grad_policy_logits[i]?.[v] ?? NaN, digits),
      )
    })
  })
})

test("torch: KL in both directions", () => {
  onTorch((data) => {
    data.policy_logits.forEach((z, i) => {
      const [p, pi] = [fromLogits(data.reference_logits[i] ?? []), fromLogits(z)]
      expect(right(KL.forward(p, pi))).toBeCloseTo(data.forward_ref_to_policy.per_token[i] ?? NaN, digits)
      expect(right(KL.reverse(p, pi))).toBeCloseTo(data.reverse_policy_to_ref.per_token[i] ?? NaN, digits)
    })
  })
})

describe.each(engines)("on %s", (engine) => {
  beforeAll(() => use(engine))

  test.each([
    ["forward_ref_to_policy", TensorKL.forwardKL],
    ["reverse_policy_to_ref", TensorKL.reverseKL],
    ["forward_ref_to_policy", ChunkedKL.forwardKL(2)],
    ["reverse_policy_to_ref", ChunkedKL.reverseKL(2)],
  ] as const)("torch: %s over tensors", (name, kernel) => {
    onTorch((data) => {
      const { per_token, grad_policy_logits } = data[name]
      const reference = tf.tensor2d(data.reference_logits.map((row) => LogSpace.logSoftmax(row).slice()))
      const policy = tf.tensor2d(data.policy_logits.map((row) => row.slice()))
      const gradient = tf.grad((z: tf.Tensor) => tf.sum(kernel(reference, z)))(policy)
      const expected = [...per_token, ...grad_policy_logits.flat()]
      const actual = [...kernel(reference, policy).dataSync(), ...gradient.dataSync()]
      expect(actual.length).toBe(expected.length)
      actual.forEach((x, i) => expect(x).toBeCloseTo(expected[i] ?? NaN, digits32))
    })
  })
})
