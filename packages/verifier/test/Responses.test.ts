import * as fs from "node:fs"
import { expect, test } from "vitest"
import { Verdict, Verify } from "@rapo/verifier"

/**
 * Real responses of models with the verdicts of other graders, outside this repository: where they are, nothing that this
 * verifier decides may contradict them.
 */
const folder = "../shared/data/verifier"

interface Row {
  readonly id: string
  readonly gold: string
  readonly pred: string
  readonly expected: boolean
}

const files = [
  "gsm8k-model-solutions",
  "math500-model-answers",
  "math500-solutions",
  "qwen-math-cot-responses",
] as const

/** At least so many rows have to be decided, or the comparison would say little. */
const leastDecided = 0.6

test.each(files)("no verdict contradicts %s", (file) => {
  const path = `${folder}/${file}.jsonl`
  if (!fs.existsSync(path)) return console.log(`${path} is not here: its responses were not verified`)
  const rows = fs
    .readFileSync(path, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Row)
  const decided = rows
    .map((row) => ({ ...row, verdict: Verify.verify(row.gold, row.pred) }))
    .filter(({ verdict }) => Verdict.isDecided(verdict))
  const contradictions = decided
    .filter(({ expected, verdict }) => Verdict.isCorrect(verdict) !== expected)
    .map(({ id, verdict }) => `${id}: ${Verdict.show(verdict)}`)
  expect(contradictions).toEqual([])
  expect(decided.length / rows.length).toBeGreaterThan(leastDecided)
})
