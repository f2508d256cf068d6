/** The reports in a real browser, where there is one: see `scripts/browser/check.ts`. */
import { Report } from "@rapo/eval"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import * as path from "node:path"
import { afterAll, expect, test } from "vitest"
import { sampleReport } from "../../packages/eval/test/sample.ts"
import { sampleEvaluation } from "../../packages/eval/test/sampleEvaluation.ts"
import { chromium, pageProblems } from "../browser/check.ts"

const folder = mkdtempSync(path.join(tmpdir(), "rapo-pages-"))
afterAll(() => rmSync(folder, { recursive: true }))

const program = chromium()
if (program === undefined)
  console.log("browser check: skipped, there is no Chromium (apt-get install chromium)")

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
      written("experiment.html", await Report.renderReport(sampleReport())),
      written("evaluation.html", await Report.renderEvaluation(sampleEvaluation(30))),
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
