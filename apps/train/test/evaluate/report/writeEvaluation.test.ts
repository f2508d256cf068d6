/** From the samples of an evaluation to its files, and the comparison of two. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Effect, Schema } from "effect"
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import * as path from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import { EvaluationSummary } from "../../../src/evaluate/EvaluationSummary.ts"
import { parseCounts } from "../../../src/evaluate/report/parseCounts.ts"
import { scoreSamples } from "../../../src/evaluate/report/scoreModel.ts"
import { compare, writeComparison } from "../../../src/evaluate/writeComparison.ts"
import { readProblems, writeEvaluation } from "../../../src/evaluate/writeEvaluation.ts"
import { writeFolder } from "./evaluationFolder.ts"

const scratch = mkdtempSync(path.join(tmpdir(), "rapo-evaluation-"))
afterAll(() => rmSync(scratch, { recursive: true }))

const run = <A, E>(effect: Effect.Effect<A, E, NodeServices.NodeServices>): Promise<A> =>
  Effect.runPromise(effect.pipe(Effect.provide(NodeServices.layer)))

const messageOf = <A, E extends { readonly message: string }>(
  effect: Effect.Effect<A, E, NodeServices.NodeServices>,
): Promise<string> =>
  run(
    effect.pipe(
      Effect.flip,
      Effect.map(({ message }) => message),
    ),
  )

const folder = (name: string): string => path.join(scratch, name)
const read = (...parts: ReadonlyArray<string>): string => readFileSync(path.join(scratch, ...parts), "utf8")

describe("writeEvaluation", () => {
  it("writes counts, summary, report and picture that agree with the samples", async () => {
    writeFolder(folder("base"), { problems: 6, n: 8, rate: 0.4 })
    const summary = await run(writeEvaluation(folder("base")))
    const [counts, samples] = [
      parseCounts(read("base", "counts.jsonl")),
      parseCounts(read("base", "samples.ndjson")),
    ]
    expect(
      counts._tag === "Right" && counts.right.map(({ id, samples: n, correct }) => [id, n, correct]),
    ).toEqual(
      samples._tag === "Right" && samples.right.map(({ id, samples: n, correct }) => [id, n, correct]),
    )
    const [model] = summary.models
    expect(summary.status).toBe("complete")
    expect(model?.pass.k).toEqual([1, 2, 4, 8])
    expect(model?.details?.majority.k).toEqual([1, 2, 4, 8])
    // maj@1, avg@n and pass@1 are the share of correct samples among those with an answer, and among all
    expect(model?.average).toEqual(model?.pass.points[0])
    expect(model?.allOfK.points[0]?.mean).toBeCloseTo(model?.pass.points[0]?.mean ?? Number.NaN, 12)
    const diversity = model?.details?.diversity
    expect([diversity?.distinctWords, diversity?.distinctPairs, diversity?.selfBleu]).toSatisfy(
      (shares: ReadonlyArray<number>) => shares.every((share) => 0 <= share && share <= 1),
    )
    expect(read("base", "report.html")).toContain("self-BLEU")
    expect(Object.values(model?.details?.verdicts ?? {}).reduce((a, b) => a + b, 0)).toBe(48)
    expect(read("base", "report.html")).toContain("<h1>Evaluation of base</h1>")
    expect(existsSync(path.join(folder("base"), "passk.png"))).toBe(true)
    const decoded = Schema.decodeUnknownSync(EvaluationSummary)(JSON.parse(read("base", "summary.json")))
    expect(decoded).toEqual(summary)
  })

  it("draws the same again", async () => {
    const files = ["counts.jsonl", "summary.json", "report.html"]
    const before = files.map((file) => read("base", file))
    await run(writeEvaluation(folder("base")))
    expect(files.map((file) => read("base", file))).toEqual(before)
  })

  it("says what is missing of an evaluation that was stopped", async () => {
    writeFolder(folder("stopped"), { problems: 6, n: 8, rate: 0.4, keep: 40 })
    const summary = await run(writeEvaluation(folder("stopped")))
    expect(summary.status).toBe("incomplete")
    expect(summary.findings.at(-1)).toContain("Incomplete: 8 of 48 samples")
  })

  it("names what is no evaluation", async () => {
    expect(await messageOf(writeEvaluation(folder("nowhere")))).toMatch(
      /nowhere: is not the folder of an evaluation/,
    )
    writeFolder(folder("empty"), { problems: 2, n: 2, rate: 1, keep: 0 })
    expect(await messageOf(writeEvaluation(folder("empty")))).toMatch(/samples.ndjson: holds no samples yet/)
  })
})

describe("compare", () => {
  it("finds the differences, by name", async () => {
    writeFolder(folder("tuned"), { problems: 6, n: 8, rate: 0.9 })
    const { comparison, findings } = await run(
      writeComparison(folder("base"), folder("tuned"), folder("both")),
    )
    expect(comparison?.difference.k).toEqual([1, 2, 4, 8])
    expect(comparison?.difference.points[0]?.mean).toBeGreaterThan(0)
    const support = comparison?.support
    expect(
      (support?.preserved ?? 0) + (support?.expanded ?? 0) + (support?.shrunk ?? 0) + (support?.out ?? 0),
    ).toBe(6)
    expect(comparison?.newlySolved.length).toBe(support?.expanded)
    expect(comparison?.hard.chances.every(({ chance }) => chance > 0 && chance < 1)).toBe(true)
    expect(findings[0]).toContain("pass@1 of tuned minus that of base")
    expect(read("both", "report.html")).toContain("<h1>tuned against base</h1>")
  })

  it("finds none between a run and itself", async () => {
    const { comparison } = await run(compare(folder("base"), folder("base")))
    // what was not drawn may differ either way
    expect(
      comparison?.difference.points.every(({ low, mean, high }) => low <= 0 && mean === 0 && low === -high),
    ).toBe(true)
    expect(comparison?.pValues.every((p) => p === 1)).toBe(true)
    expect([comparison?.newlySolved, comparison?.newlyLost]).toEqual([[], []])
  })

  it("refuses runs on different problems, and names the first", async () => {
    writeFolder(folder("fewer"), { problems: 5, n: 8, rate: 0.4 })
    expect(await messageOf(compare(folder("base"), folder("fewer")))).toMatch(
      /fewer: has no problem "p5", which .*base has/,
    )
    expect(await messageOf(compare(folder("fewer"), folder("base")))).toMatch(
      /fewer: has no problem "p5", which .*base has/,
    )
    writeFolder(folder("other"), { problems: 6, n: 8, rate: 0.4, sha256: "b" })
    expect(await messageOf(compare(folder("base"), folder("other")))).toMatch(
      /other.*sha256 b, and .*base a file with sha256 a/,
    )
  })
})

it("30 problems of 1024 samples are scored in less than 1 s of processor time", async () => {
  writeFolder(folder("large"), { problems: 30, n: 1024, rate: 0.2 })
  const { evaluation, problems } = await run(readProblems(folder("large")))
  const start = process.cpuUsage()
  const score = scoreSamples(evaluation.model.name, problems, { level: 0.95, resamples: 10_000, seed: 0 })
  const { user, system } = process.cpuUsage(start)
  const seconds = (user + system) / 1e6
  console.log(`scoring 30 × 1024 samples: ${seconds.toFixed(2)} s`)
  expect(score.pass.k.at(-1)).toBe(1024)
  expect(seconds).toBeLessThan(1)
})
