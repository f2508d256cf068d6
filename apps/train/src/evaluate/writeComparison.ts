/**
 * Two models on the same problems: `summary.json`, `report.html` and `passk.png` of their comparison.
 */
import { Effect } from "effect"
import { isLeft } from "fp-ts/lib/Either.js"
import { ConfigError } from "../errors.ts"
import { openRunFolder } from "../storage/RunFolder.ts"
import { type BootstrapSettings, EvaluationSummary, defaultBootstrap } from "./EvaluationSummary.ts"
import { compareModels } from "./report/compareModels.ts"
import { comparisonFindings, modelFindings } from "./report/findings.ts"
import { readScore } from "./report/readScore.ts"
import { writeSummary } from "./writeEvaluation.ts"

/** The comparison of `model` with `base`, each a folder of `rapo eval` or a file of counts. */
export const compare = Effect.fn("compare")(function* (
  base: string,
  model: string,
  bootstrap: BootstrapSettings = defaultBootstrap,
) {
  const [a, b] = [yield* readScore(base, bootstrap), yield* readScore(model, bootstrap)]
  const isSame = a.score.name === b.score.name
  const [before, after] = isSame
    ? [
        { ...a.score, name: `${a.score.name} (first)` },
        { ...b.score, name: `${b.score.name} (second)` },
      ]
    : [a.score, b.score]
  const [asked, others] = [sourceOf(a.evaluation), sourceOf(b.evaluation)]
  if (asked !== undefined && others !== undefined && asked !== others)
    return yield* refused(model, "evaluation.json: source", `was asked ${others}, and ${base} ${asked}`)
  const comparison = compareModels(before, after, bootstrap)
  if (isLeft(comparison)) {
    const { id, lacking } = comparison.left
    const [has, lacks] = lacking === "model" ? [base, model] : [model, base]
    return yield* refused(lacks, "", `has no problem ${JSON.stringify(id)}, which ${has} has`)
  }
  return new EvaluationSummary({
    schema: "rapo-evaluation-1",
    status: "complete",
    bootstrap,
    evaluations: [a.evaluation, b.evaluation],
    models: [before, after],
    comparison: comparison.right,
    findings: [...comparisonFindings(comparison.right), ...[before, after].flatMap(modelFindings)],
  })
})

/** `compare`, written to a folder. */
export const writeComparison = Effect.fn("writeComparison")(function* (
  base: string,
  model: string,
  out: string,
  bootstrap: BootstrapSettings = defaultBootstrap,
) {
  const summary = yield* compare(base, model, bootstrap)
  yield* writeSummary(yield* openRunFolder(out), summary)
  return summary
})

/** What was asked, as a text that differs where the data set does. */
const sourceOf = (evaluation: EvaluationSummary["evaluations"][number]): string | undefined => {
  if (evaluation === null) return undefined
  const { source } = evaluation
  return source._tag === "File"
    ? `a file with sha256 ${source.sha256}`
    : `${source.task}, level ${source.level}, seed ${source.seed}`
}

const refused = (path: string, field: string, problem: string): ConfigError =>
  new ConfigError({
    path,
    field,
    problem,
    remedy: "Runs can be compared only on the same problems: evaluate both models on one data set.",
  })
