/**
 * From the summary of an evaluation to the data of its report.
 */
import { Interval, type PassCurve, type Report } from "@rapo/eval"
import type { Metric } from "../../storage/RunFolder.ts"
import type { Evaluation } from "../EvaluationRecord.ts"
import type { Comparison, EvaluationSummary, ModelScore } from "../EvaluationSummary.ts"
import { keptCharacters, keptTexts } from "./Accumulated.ts"

/** See the module header. `metrics` are those of the model's training, where they lie in the same folder. */
export const evaluationData = (
  summary: EvaluationSummary,
  metrics: ReadonlyArray<Metric> = [],
): Report.EvaluationData => {
  const { models, comparison } = summary
  const title =
    comparison === null
      ? `Evaluation of ${models[0]?.name ?? "no model"}`
      : `${comparison.model} against ${comparison.base}`
  return {
    report: {
      title,
      summary: summary.findings,
      arms: models.map((model, index) => armOf(model, index === 1 ? comparison : null, index)),
      front: [],
      training: metrics.map((metric) => ({ ...metric, arm: models.at(-1)?.name ?? "" })),
      settings: settingsOf(summary),
      notes: notesOf(summary),
    },
    models: models.map(({ name }) => name),
    problems: problemRows(models),
    support: comparison === null ? undefined : supportOf(comparison),
    tables: models.flatMap(tablesOf),
  }
}

const armOf = (model: ModelScore, comparison: Comparison | null, index: number): Report.ArmResult => {
  const counts = model.problems.map(({ samples }) => samples)
  return {
    name: model.name,
    family: index === 0 ? "base" : "compared",
    label: model.name,
    chosen: true,
    sets: [
      {
        set: "all",
        title: "All problems",
        description: "",
        problems: model.problems.length,
        samples: counts.reduce((least, n) => Math.min(least, n), Infinity),
        pass: model.pass,
        difference: comparison?.difference,
      },
    ],
    diagnostics: undefined,
  }
}

/** In the order of the first model. */
const problemRows = (models: ReadonlyArray<ModelScore>): ReadonlyArray<Report.ProblemRow> => {
  const byId = models.map(({ problems }) => new Map(problems.map((problem) => [problem.id, problem])))
  return (models[0]?.problems ?? []).map(({ id }) => ({
    id,
    cells: byId.flatMap((problems) => {
      const problem = problems.get(id)
      return problem === undefined
        ? []
        : [{ ...problem, answers: problem.answers?.distinct, entropy: problem.answers?.entropy }]
    }),
  }))
}

const supportOf = ({ support, newlySolved, newlyLost }: Comparison): Report.SupportResult => ({
  counts: support,
  ratios: [
    ["SRR", "support retention: how much of what the base solved is kept", support.srr ?? undefined],
    ["NDR", "net discovery: how much of what is solved is new", support.ndr ?? undefined],
    ["SDS", "support dynamic score: the harmonic mean of both", support.sds ?? undefined],
    ["NSCR", "net support change: gained less lost, of all that either solves", support.nscr ?? undefined],
  ],
  solved: newlySolved,
  lost: newlyLost,
})

const tablesOf = (model: ModelScore): ReadonlyArray<Report.TextTable> => {
  const { details } = model
  const every = (curve: PassCurve.PassCurve, k: number): string => {
    const point = curve.points[curve.k.indexOf(k)]
    return point === undefined ? "–" : Interval.show(point)
  }
  const ks = [...new Set([...model.pass.k, ...(details?.majority.k ?? [])])].toSorted((a, b) => a - b)
  return [
    {
      caption: `${model.name}: pass@k, maj@k and pass^k (at least one, the most frequent, all of k are correct)`,
      head: ["k", "pass@k", "maj@k", "pass^k"],
      rows: ks.map((k) => [
        `${k}`,
        every(model.pass, k),
        details === null ? "–" : every(details.majority, k),
        every(model.allOfK, k),
      ]),
    },
    ...(details === null
      ? []
      : [
          {
            caption: `${model.name}: its samples`,
            head: ["", "value"],
            rows: [
              ["avg@n", Interval.show(model.average)],
              ["different answers a problem", details.distinctAnswers.toFixed(2)],
              ["entropy of answers, nats", details.answerEntropy.toFixed(3)],
              ["different words, of all words", details.diversity.distinctWords.toFixed(3)],
              ["different pairs of words, of all pairs", details.diversity.distinctPairs.toFixed(3)],
              ["self-BLEU", details.diversity.selfBleu?.toFixed(3) ?? "–"],
              ["characters a response", details.characters.toFixed(0)],
              ["tokens a response", details.tokens?.toFixed(1) ?? "unknown"],
              ["tokens a prompt", details.promptTokens?.toFixed(1) ?? "unknown"],
              ...Object.entries(details.verdicts).map(([name, count]) => [name, `${count}`]),
              ...Object.entries(details.finish).map(([name, count]) => [`finished: ${name}`, `${count}`]),
            ],
          },
        ]),
  ]
}

const settingsOf = ({
  bootstrap,
  evaluations,
  models,
}: EvaluationSummary): ReadonlyArray<readonly [string, string]> => [
  ...evaluations.flatMap((evaluation, index) =>
    evaluation === null
      ? []
      : evaluationSettings(evaluation).map(
          ([name, value]) => [models.length > 1 ? `${models[index]?.name}: ${name}` : name, value] as const,
        ),
  ),
  [
    "intervals",
    `${100 * bootstrap.level} %, over problems: BCa bootstrap, of differences no shorter than Student's, with problems not drawn; ${bootstrap.resamples} resamples, seed ${bootstrap.seed}`,
  ],
]

const evaluationSettings = ({
  model,
  source,
  problems,
  template,
  sampling,
  n,
  seeds,
  versions,
}: Evaluation): ReadonlyArray<readonly [string, string]> => [
  [
    "model",
    model._tag === "Checkpoint"
      ? [model, ...(model.adapter === undefined ? [] : [model.adapter])]
          .map(({ path, sha256 }) => `${path}, sha256 ${sha256}`)
          .join("; adapter ")
      : `${model.url} (${model.api})`,
  ],
  [
    "problems",
    source._tag === "File"
      ? `${problems.length} of ${source.path}, sha256 ${source.sha256}`
      : `${problems.length} of ${source.task}, level ${source.level}, seed ${source.seed}`,
  ],
  ["prompt", template.name],
  [
    "sampling",
    `temperature ${sampling.temperature}, top-p ${sampling.topP}, top-k ${sampling.topK ?? "off"}, min-p ${sampling.minP ?? "off"}, ` +
      `at most ${sampling.maxTokens} tokens${sampling.stop.length === 0 ? "" : `, up to ${sampling.stop.map((stop) => JSON.stringify(stop)).join(" or ")}`}`,
  ],
  ["samples", `${n} a problem for each of the seeds ${seeds.join(", ")}`],
  [
    "versions",
    Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(", "),
  ],
]

const diversityNote =
  `Diversity is of words, of the first ${keptTexts} samples of a problem (${keptCharacters} characters of each), and a mean over problems. Different words and pairs fall as ` +
  "samples repeat each other and as they get longer; self-BLEU is 1 for copies and near 0 for texts that share no phrase. Compare models at equal lengths. " +
  "A policy that sharpens loses different words and entropy of answers, and gains self-BLEU, before it loses pass@k."

const notesOf = ({ comparison, models }: EvaluationSummary): ReadonlyArray<string> => [
  "At k = n pass@k is 0 or 1 for each problem, so that its interval is wide.",
  ...(models.some(({ details }) => details !== null)
    ? [
        "maj@k counts samples with an answer; all correct answers are one answer, wrong ones are told apart by their value: 0.5 and 1/2 are one.",
        diversityNote,
      ]
    : []),
  ...(comparison === null || comparison.hard.problems.length === 0
    ? []
    : [
        comparison.hard.caveat,
        `Chance that a problem lands in Hard (0 of ${comparison.hard.samples}): ${comparison.hard.chances
          .map(({ rate, chance }) => `${chance.toPrecision(2)} at a true rate of ${rate.toPrecision(2)}`)
          .join(", ")}.`,
      ]),
  "p values are of the paired permutation test at each k for itself: with many k, some are small by chance.",
]
