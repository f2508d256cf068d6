/** The reports in a real browser, where there is one: see `scripts/browser/check.ts`. */
import { Seed } from "@rapo/distributions"
import { PassCurve, Posterior, Report } from "@rapo/eval"
import { type Either, isRight } from "fp-ts/lib/Either.js"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import * as path from "node:path"
import { afterAll, expect, test } from "vitest"
import { chromium, pageProblems } from "../browser/check.ts"

const folder = mkdtempSync(path.join(tmpdir(), "rapo-pages-"))
afterAll(() => rmSync(folder, { recursive: true }))

const program = chromium()
if (program === undefined)
  console.log("browser check: skipped, there is no Chromium (apt-get install chromium)")

const right = <E, A>(value: Either<E, A>): A => {
  if (isRight(value)) return value.right
  throw new Error("bug: the sample's numbers are in range")
}

/** Two models on twelve problems; the numbers are of no experiment. */
const evaluation = (): Report.EvaluationData => {
  const seed = Seed.fromInteger(1)
  const [base, tuned] = [3, 5].map((factor) =>
    Array.from({ length: 12 }, (_, p) => ({ id: `problem-${p}`, samples: 16, correct: (p * factor) % 11 })),
  )
  if (base === undefined || tuned === undefined) throw new Error("bug: two models")
  const models = [base, tuned]
  const difference = right(PassCurve.difference(tuned, base, seed))
  return {
    report: {
      title: "Trained against base",
      summary: ["A sentence."],
      arms: models.map((tallies, index) => ({
        name: `model ${index}`,
        family: index === 0 ? "base" : "compared",
        label: `model ${index}`,
        chosen: true,
        sets: [
          {
            set: "all",
            title: "All problems",
            description: "",
            problems: 12,
            samples: 16,
            pass: right(PassCurve.fromTallies(tallies, seed)),
            difference: index === 0 ? undefined : difference,
          },
        ],
        diagnostics: undefined,
      })),
      front: [],
      training: [],
      settings: [["samples", "16"]],
      notes: ["A note."],
    },
    models: ["model 0", "model 1"],
    problems: base.map(({ id }, p) => ({
      id,
      cells: models.flatMap((tallies) => {
        const tally = tallies[p]
        return tally === undefined
          ? []
          : [{ ...tally, rate: right(Posterior.rate(16, tally.correct)), answers: 3, entropy: 0.5 }]
      }),
    })),
    support: undefined,
    tables: [],
  }
}

/** A cold browser on a busy machine. */
const patience = 180_000

const written = (name: string, html: string): string => {
  const file = path.join(folder, name)
  writeFileSync(file, html)
  return file
}

test.runIf(program !== undefined)(
  "both reports open without complaint",
  async () => {
    const files = [
      written("experiment.html", await Report.renderReport(evaluation().report)),
      written("evaluation.html", await Report.renderEvaluation(evaluation())),
    ]
    for (const file of files) expect(await pageProblems(program ?? "", file)).toEqual([])
  },
  patience,
)

test.runIf(program !== undefined)(
  "and a page with faults does not",
  async () => {
    const file = written(
      "faults.html",
      `<h1>pass@k</h1><p style="width:900px">NaN</p><script>console.error("x")</script><figure><svg width="9" height="9"></svg></figure>`,
    )
    const found = (await pageProblems(program ?? "", file)).join("\n")
    for (const sentence of [
      "no section on pass@k",
      "no table",
      "a number that is none",
      "a figure without a size",
      "without a description",
      "pixels wide on a phone",
      "not dark in dark mode",
      "the console says: x",
    ])
      expect(found).toContain(sentence)
  },
  patience,
)
