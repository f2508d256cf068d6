/**
 * What follows from the samples of an evaluation, drawn again at any time from its folder:
 *
 *     evaluation.json + samples.ndjson  →  counts.jsonl, summary.json, report.html, passk.png
 */
import { Report } from "@rapo/eval"
import { Effect, FileSystem, Path, Stream } from "effect"
import { RunFolderError } from "../errors.ts"
import { openRunFolder, readMetrics, type RunFolder } from "../storage/RunFolder.ts"
import { EvaluationSummary, defaultBootstrap } from "./EvaluationSummary.ts"
import { type Accumulated, add, nothing } from "./report/Accumulated.ts"
import { evaluationData } from "./report/evaluationData.ts"
import { modelFindings } from "./report/findings.ts"
import { picture } from "./report/picture.ts"
import { scoreSamples, tallyOf } from "./report/scoreModel.ts"
import { readEvaluation } from "./store/openStore.ts"
import { readSamples } from "./store/readSamples.ts"

/** See the module header. Gives the summary that it wrote. */
export const writeEvaluation = Effect.fn("writeEvaluation")(function* (folder: string) {
  const { evaluation, problems, missing } = yield* readProblems(folder)
  const score = scoreSamples(evaluation.model.name, problems, defaultBootstrap)
  const summary = new EvaluationSummary({
    schema: "rapo-evaluation-1",
    status: missing === 0 ? "complete" : "incomplete",
    bootstrap: defaultBootstrap,
    evaluations: [evaluation],
    models: [score],
    comparison: null,
    findings: [
      ...modelFindings(score),
      ...(missing === 0
        ? []
        : [`Incomplete: ${missing} of ${expected(evaluation)} samples are not drawn yet. Start it again.`]),
    ],
  })
  const run = yield* openRunFolder(folder)
  yield* run.write(
    "counts.jsonl",
    problems
      .map(tallyOf)
      .map(({ id, samples, correct }) => `${JSON.stringify({ id, n: samples, c: correct })}\n`)
      .join(""),
  )
  yield* writeSummary(run, summary)
  return summary
})

/** Writes summary.json, and draws it. */
export const writeSummary = Effect.fn("writeSummary")(function* (run: RunFolder, summary: EvaluationSummary) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const hasTraining = yield* fs
    .exists(path.join(run.path, "metrics.ndjson"))
    .pipe(Effect.orElseSucceed(() => false))
  const data = evaluationData(summary, hasTraining ? yield* readMetrics(run.path) : [])
  yield* run.write("summary.json", `${JSON.stringify(summary, null, 2)}\n`)
  yield* run.write("report.html", yield* Effect.promise(() => Report.renderEvaluation(data)))
  const svg = yield* Effect.promise(() => Report.passAtKFigure(data.report))
  yield* run.write("passk.png", yield* picture(svg))
})

/** The settings of an evaluation, what its samples amount to in the order of the problems, and how many are missing. */
export const readProblems = Effect.fn("readProblems")(function* (folder: string) {
  const evaluation = yield* readEvaluation(folder)
  if (evaluation === undefined)
    return yield* wrong(folder, "", "is not the folder of an evaluation: it has no evaluation.json")
  const problems = new Map(evaluation.problems.map(({ id }): [string, Accumulated] => [id, nothing(id)]))
  yield* readSamples(folder).pipe(
    Stream.runForEach((sample) => {
      const own = problems.get(sample.problem)
      return own === undefined
        ? Effect.fail(
            wrong(
              folder,
              "samples.ndjson",
              `holds a sample of problem ${sample.problem}, which evaluation.json does not name`,
            ),
          )
        : Effect.sync(() => add(own, sample))
    }),
  )
  const sampled = [...problems.values()].filter(({ samples }) => samples > 0)
  if (sampled.length === 0) return yield* wrong(folder, "samples.ndjson", "holds no samples yet")
  const drawn = sampled.reduce((sum, { samples }) => sum + samples, 0)
  return { evaluation, problems: sampled, missing: Math.max(0, expected(evaluation) - drawn) }
})

const expected = ({
  problems,
  seeds,
  n,
}: {
  readonly problems: ReadonlyArray<unknown>
  readonly seeds: ReadonlyArray<unknown>
  readonly n: number
}): number => problems.length * seeds.length * n

const wrong = (path: string, field: string, problem: string): RunFolderError =>
  new RunFolderError({
    path,
    field,
    problem,
    remedy: "Give the folder that `rapo eval --out` has made.",
  })
