/** `rapo solve`: what it prints, and how it refuses. */
import { writeFileSync } from "node:fs"
import * as path from "node:path"
import * as fc from "fast-check"
import { isLeft, isRight } from "fp-ts/lib/Either.js"
import { expect, test } from "vitest"
import type { Answer } from "../../src/solve/answer.ts"
import { solveText } from "../../src/solve/solveText.ts"
import { type Finished, rapo, scratchFolder } from "../rapo.ts"

const scratch = scratchFolder("rapo-solve-")

const solve = (input: string, stdin = ""): Promise<Finished> =>
  rapo(["solve", "--input", input], { cwd: scratch, stdin })

const question = { reference: [0.9, 0.1], reward: [0, 1], divergence: "forward", alpha: 0.5 }

const solved = (json: unknown): Answer => {
  const result = solveText(JSON.stringify(json))
  if (isLeft(result) || Array.isArray(result.right)) throw new Error("expected one answer")
  return result.right as Answer
}

test("a file with one problem: theory's T4, and a certificate", async () => {
  const file = path.join(scratch, "problem.json")
  writeFileSync(file, JSON.stringify({ ...question, labels: ["wrong", "right"] }))
  const { code, stdout, stderr } = await solve(file)
  expect([code, stderr]).toEqual([0, ""])
  const answer = JSON.parse(stdout) as Answer
  expect(answer.labels).toEqual(["wrong", "right"])
  expect(answer.policy[1]).toBeCloseTo(0.58541, 5)
  expect(answer.lambda).toBeCloseTo(answer.expectedReward + 0.5, 12)
  expect(answer.case).toBe("interior")
  for (const residual of [answer.kktResidual, answer.identityResidual, answer.dualityGap])
    expect(Math.abs(residual)).toBeLessThan(1e-12)
})

test("a list on the standard input gives a list, in order", async () => {
  const problems = [question, { ...question, divergence: "reverse" }, { ...question, entropy: 0.2 }]
  const { code, stdout } = await solve("-", JSON.stringify(problems))
  expect(code).toBe(0)
  const answers = JSON.parse(stdout) as ReadonlyArray<Answer>
  expect(answers.map((answer) => answer.policy[1]?.toFixed(4))).toEqual(["0.5854", "0.4509", "0.5655"])
  // T4's two, and with entropy the root of 1 + .05/Q - .2 ln Q = .45/(1-Q) - .2 ln(1-Q)
  expect(answers.map(({ logPartition }) => logPartition !== undefined)).toEqual([false, true, false])
})

test("the boundary case is named, and an infinite divergence is a string that JSON can hold", () => {
  const answer = solved({ ...question, reference: [1, 0] })
  expect([answer.case, answer.policy, answer.lambda]).toEqual(["boundary", [0.5, 0.5], 1])
  expect(answer.divergences.reverseKL).toBe("Infinity")
  expect(answer.divergences.forwardKL).toBeCloseTo(Math.LN2, 12)
  expect(answer.divergences.totalVariation).toBeCloseTo(0.5, 12)
})

test("every answer is a distribution with a small residual", () => {
  fc.assert(
    fc.property(
      fc
        .array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 8 })
        .filter((w) => w.some((x) => x > 0)),
      fc.constantFrom("forward", "reverse"),
      fc.integer({ min: -3, max: 3 }).map((e) => 10 ** e),
      fc.constantFrom(0, 0.01, 1),
      (weights, divergence, alpha, entropy) => {
        const total = weights.reduce((a, b) => a + b)
        const reference = weights.map((w) => w / total)
        const reward = weights.map((_, y) => y % 3)
        const { policy, kktResidual } = solved({ reference, reward, divergence, alpha, entropy })
        return Math.abs(policy.reduce((a, b) => a + b) - 1) < 1e-9 && kktResidual < 1e-11
      },
    ),
  )
})

const refusals: ReadonlyArray<readonly [string, string, string]> = [
  [
    "a negative probability",
    JSON.stringify({ ...question, reference: [1.1, -0.1] }),
    "reference[1]: is -0.1",
  ],
  [
    "a sum that is not 1",
    JSON.stringify({ ...question, reference: [0.5, 0.25] }),
    "reference: adds up to 0.75",
  ],
  ["a reward that is no number", JSON.stringify({ ...question, reward: [0, "1"] }), 'reward[1]: is "1"'],
  ["a reward too few", JSON.stringify({ ...question, reward: [0] }), "reward[1]: there are 1 entries for 2"],
  [
    "an infinite reward",
    '{"reference":[1],"reward":[1e999],"divergence":"forward","alpha":1}',
    "reward[0]: is null",
  ],
  [
    "another divergence",
    JSON.stringify({ ...question, divergence: "sideways" }),
    'divergence: is "sideways"',
  ],
  ["no coefficient", JSON.stringify({ ...question, alpha: undefined }), "alpha: is missing"],
  ["a coefficient of 0", JSON.stringify({ ...question, alpha: 0 }), "alpha: is 0"],
  ["a negative entropy", JSON.stringify({ ...question, entropy: -1 }), "entropy: is -1"],
  ["a label that is no string", JSON.stringify({ ...question, labels: ["a", 1] }), "labels[1]: is 1"],
  ["a field that is not there", JSON.stringify({ ...question, beta: 1 }), "beta: there is no such field"],
  ["no object", "3", "a problem is an object, and this is 3"],
  ["no JSON", "{", "is not JSON"],
  ["the second of a list", JSON.stringify([question, { ...question, alpha: -1 }]), "problem 1: alpha: is -1"],
]

test.each(refusals)("%s is refused with its place and a remedy", (_, text, part) => {
  const result = solveText(text)
  expect(isRight(result)).toBe(false)
  if (isRight(result)) return
  const { field, problem, remedy } = result.left
  expect(`${field}: ${problem}`).toContain(part)
  expect(remedy).toMatch(/Give|Divide|Such as|fields are/)
})

test("refusals end with exit code 1 and one message that names the file", async () => {
  const file = path.join(scratch, "bad.json")
  writeFileSync(file, JSON.stringify([question, { ...question, reference: [0.5, -0.5] }]))
  const { code, stdout, stderr } = await solve(file)
  expect([code, stdout]).toEqual([1, ""])
  expect(stderr).toContain(`${file}: problem 1: reference[1]: is -0.5`)
  expect(stderr).not.toMatch(/^ {4}at |bug in rapo/m)
  const missing = await solve("nowhere.json")
  expect(missing.code).toBe(1)
  expect(missing.stderr).toContain("nowhere.json: there is no such file")
})
