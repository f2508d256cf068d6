/**
 * From a run's files to the report's data.
 */
import type { Report } from "@rapo/eval"
import type { Metric } from "../storage/RunFolder.ts"
import type { Summary } from "../storage/Summary.ts"

/** Steps of one arm that are averaged into one point of the training curves: single steps are noise. */
const stepsPerPoint = 5

/** See the module header. */
export const reportData = (summary: Summary, metrics: ReadonlyArray<Metric>): Report.ReportData => {
  const setOf = (name: string): Summary["sets"][number] | undefined =>
    summary.sets.find(({ set }) => set === name)
  return {
    title: `RAPO: ${summary.name}`,
    summary: summary.findings,
    arms: summary.arms.map((arm) => ({
      ...arm,
      sets: arm.sets.map(({ set, pass, difference }) => ({
        set,
        title: setOf(set)?.title ?? set,
        description: setOf(set)?.description ?? "",
        problems: setOf(set)?.problems ?? 0,
        samples: setOf(set)?.samples ?? 0,
        pass,
        difference: difference ?? undefined,
      })),
    })),
    front: summary.arms.flatMap(({ label, family, sets }) =>
      sets
        .filter(({ set }) => set !== "hard")
        .flatMap(({ set, pass }) => {
          const [x, y, kLarge] = [pass.points[0], pass.points.at(-1), pass.k.at(-1)]
          return x === undefined || y === undefined || kLarge === undefined
            ? []
            : [{ arm: label, family, set, x, y, kLarge }]
        }),
    ),
    training: trainingPoints(summary, metrics),
    settings: [
      ...summary.settings,
      ["base model", `${summary.base.source}, ${summary.base.parameters.toLocaleString("en")} parameters`],
      ["engine", `${summary.engine.name}, ${summary.engine.workers} workers`],
      [
        "versions",
        `rapo ${summary.versions.rapo}, tfjs ${summary.versions.tfjs}, node ${summary.versions.node}`,
      ],
      ["wall time", `${summary.times.wallSeconds.toFixed(0)} s`],
    ],
    notes: notes(summary),
  }
}

const trainingPoints = (summary: Summary, metrics: ReadonlyArray<Metric>): Report.ReportData["training"] =>
  summary.arms.flatMap(({ name, label }) => {
    const own = metrics.filter(({ arm }) => arm === name)
    return Array.from({ length: Math.ceil(own.length / stepsPerPoint) }, (_, i) => {
      const window = own.slice(i * stepsPerPoint, (i + 1) * stepsPerPoint)
      const mean = (field: "step" | "reward" | "entropy" | "kl"): number =>
        window.reduce((sum, metric) => sum + metric[field], 0) / window.length
      return {
        arm: label,
        step: mean("step"),
        reward: mean("reward"),
        entropy: mean("entropy"),
        kl: mean("kl"),
      }
    })
  })

const notes = (summary: Summary): ReadonlyArray<string> => [
  "pass@k is the unbiased estimate from n samples a problem. At k = n it is 0 or 1 for each problem, so its interval is wide.",
  "Coefficients of different divergences are not comparable: an α of 0.1 is a weak reverse KL and a strong forward one. Compare arms at equal pass@1, on the front.",
  `Training curves are means over ${stepsPerPoint} steps. Their KL is each objective's own regulariser, so curves of different families are different quantities.`,
  "Entropy and both KLs are measured with the whole vocabulary at every response token, in nats a token; KL(policy‖base) on the policy's own samples, KL(base‖policy) on the base's.",
  ...(summary.hard === null
    ? []
    : [
        "Hard is judged against a fresh draw of the base: the draw that selected its problems is 0 by construction.",
      ]),
]
