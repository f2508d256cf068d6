/** The report's data of a simulated comparison. Its numbers are of no experiment. */
import { Seed } from "@rapo/distributions"
import { type PassAtK, PassCurve, Posterior, type Report, Support } from "@rapo/eval"
import { right } from "./right.ts"

const samples = 64
const resamples = 200

/** Two models on so many problems, the same at every call. */
export const sampleEvaluation = (problems: number): Report.EvaluationData => {
  const { uniform } = Seed.generator(Seed.fromInteger(11))
  const talliesOf = (gain: number): ReadonlyArray<PassAtK.Tally> =>
    Array.from({ length: problems }, (_, p) => ({
      id: `problem-${p}`,
      samples,
      correct: Math.min(samples, Math.floor(uniform() ** 4 * gain * samples)),
    }))
  const [base, tuned] = [talliesOf(1), talliesOf(1.3)]
  const seed = Seed.fromInteger(1)
  const changes = right(Support.changes(base, tuned))
  const counts = Support.countsOf(changes.map(({ change }) => change))
  const named = (kind: Support.Change): ReadonlyArray<string> =>
    changes.filter(({ change }) => change === kind).map(({ id }) => id)
  const names = ["a base model", "a trained model"]
  return {
    report: {
      title: "Trained against base",
      summary: ["A sentence."],
      arms: [base, tuned].map((tallies, index) => ({
        name: names[index] ?? "",
        family: index === 0 ? "base" : "compared",
        label: names[index] ?? "",
        chosen: true,
        sets: [
          {
            set: "all",
            title: "All problems",
            description: "",
            problems,
            samples,
            pass: right(PassCurve.fromTallies(tallies, seed, 0.95, resamples)),
            difference:
              index === 0 ? undefined : right(PassCurve.difference(tuned, base, seed, 0.95, resamples)),
          },
        ],
        diagnostics: undefined,
      })),
      front: [],
      training: [],
      settings: [["samples", `${samples}`]],
      notes: ["A note."],
    },
    models: names,
    problems: base.map(({ id }, p) => ({
      id,
      cells: [base[p], tuned[p]].flatMap((tally) =>
        tally === undefined
          ? []
          : [
              {
                samples: tally.samples,
                correct: tally.correct,
                rate: right(Posterior.rate(tally.samples, tally.correct)),
                answers: 1 + (p % 7),
                entropy: Math.log(1 + (p % 7)),
              },
            ],
      ),
    })),
    support: {
      counts,
      ratios: [["SRR", "kept", undefined]],
      solved: named("expanded"),
      lost: named("shrunk"),
    },
    tables: [{ caption: "Scores", head: ["k", "pass@k"], rows: [["1", "0.1"]] }],
  }
}
