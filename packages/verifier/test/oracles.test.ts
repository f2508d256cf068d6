import { expect, test } from "vitest"
import { exists, folder, header, outcomeOf, showLine, suites } from "./oracles/suites.ts"

/**
 * What was measured when this was written, by default and by the suite's own conventions: a ratchet. Fewer right rows mean
 * that a reading or a rule got worse. ORACLES.md says why the missing rows are missing.
 */
const floors: Readonly<Record<string, readonly [byDefault: number, bySuite: number]>> = {
  areal: [28, 28],
  disputed: [21, 21],
  "gsm8k-model-solutions": [2424, 2424],
  "hendrycks-math": [7, 9],
  "issue-reports": [17, 17],
  "lighteval-extractive-match": [105, 106],
  "lighteval-multichoice": [8, 8],
  "math-verify": [129, 131],
  "math500-model-answers": [259, 259],
  "math500-solutions": [237, 237],
  "matharena-manual": [29, 29],
  "nemo-rl": [10, 11],
  "nemo-skills": [33, 33],
  "open-r1": [1, 1],
  "qwen-math-cot-responses": [327, 327],
  "qwen25-math-grader": [9, 9],
  "rasbt-reasoning": [18, 20],
  "simple-evals": [2, 2],
  "skyrl-aime-dapo": [4, 4],
  slime: [8, 10],
  "tinker-cookbook": [6, 6],
  trl: [5, 5],
  "verifiers-mathrubric": [3, 3],
}

test("the suites of other projects agree at least as often as measured", () => {
  if (!exists()) return console.log(`${folder} is not here: no suite was graded`)
  const outcomes = suites().map((suite) => ({
    suite,
    byDefault: outcomeOf(suite, "default"),
    bySuite: outcomeOf(suite, "suite"),
  }))
  const lines = outcomes.map(({ suite, byDefault, bySuite }) => showLine(suite, byDefault, bySuite))
  console.log([header, ...lines].join("\n"))
  const worse = outcomes.filter(({ suite, byDefault, bySuite }) => {
    const [first, second] = floors[suite] ?? [0, 0]
    return byDefault.right < first || bySuite.right < second
  })
  expect(worse.map(({ suite }) => suite)).toEqual([])
  expect(outcomes.map(({ suite }) => suite)).toEqual(Object.keys(floors))
})
