/** The check of a run's folder finds what is wrong. */
import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"
import { describe, expect, test } from "vitest"
import { requestsOf, runProblems } from "../runProblems.ts"

describe("requestsOf", () => {
  test.each([
    `<img src="https://example.org/a.png">`,
    `<img src=a.png>`,
    `<link rel="stylesheet" href="style.css">`,
    `<style>@import "other.css";</style>`,
    `<style>p { background: url('a.png') }</style>`,
    `<script>fetch("x")</script>`,
    `<svg><image xlink:href="a.png"/></svg>`,
    `<iframe></iframe>`,
  ])("finds %s", (html) => {
    expect(requestsOf(html).length).toBeGreaterThan(0)
  })
  test.each([
    `<link rel="icon" href="data:,">`,
    `<img src="data:image/png;base64,AAAA">`,
    `<svg xmlns="http://www.w3.org/2000/svg"><g clip-path="url(#clip)"/></svg>`,
    `<a href="https://arxiv.org/abs/2510.03865">the paper</a>`,
  ])("lets %s be", (html) => {
    expect(requestsOf(html)).toEqual([])
  })
})

test("an empty folder lacks everything", () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "rapo-run-"))
  try {
    expect(runProblems(folder, ["base"])).toEqual([
      "summary.json is missing",
      "report.html is missing",
      "passk.png is missing",
      "metrics.ndjson is missing",
    ])
  } finally {
    fs.rmSync(folder, { recursive: true, force: true })
  }
})
