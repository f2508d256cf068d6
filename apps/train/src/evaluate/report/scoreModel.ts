/**
 * From tallies, and the samples behind them where they are known, to the score of a model.
 */
import { Seed } from "@rapo/distributions"
import { Bootstrap, GPassAtK, Majority, PassAtK, PassCurve, Posterior } from "@rapo/eval"
import type { BootstrapSettings, ModelScore } from "../EvaluationSummary.ts"
import { type Accumulated, answerEntropy, votesOf } from "./Accumulated.ts"
import { orBug } from "./orBug.ts"

// constants

/** maj@k is exact, at a cost that grows with k³: up to this k, and at all samples. */
const largestMajority = 32

// constructors

/** The score of a model from checked tallies, at least one problem with at least one sample each. */
export const scoreTallies = (
  name: string,
  tallies: ReadonlyArray<PassAtK.Tally>,
  bootstrap: BootstrapSettings,
): ModelScore => {
  const { level, resamples } = bootstrap
  const seed = Seed.fromInteger(bootstrap.seed)
  const pass = orBug(PassCurve.fromTallies(tallies, seed, level, resamples), PassCurve.showError)
  const all = pass.k.map((k) =>
    tallies.map(({ samples, correct }) => orBug(GPassAtK.allOfK(samples, correct, k), PassAtK.showError)),
  )
  const average = pass.points[0]
  if (average === undefined) throw new Error("bug: a curve without pass@1")
  return {
    name,
    problems: tallies.map(({ id, samples, correct }) => ({
      id,
      samples,
      correct,
      rate: orBug(Posterior.rate(samples, correct, level), PassAtK.showError),
      answers: null,
    })),
    pass,
    allOfK: {
      k: pass.k,
      points: orBug(Bootstrap.intervals(all, seed, level, resamples), Bootstrap.showError),
    },
    average,
    details: null,
  }
}

/** The score of a model from its samples. */
export const scoreSamples = (
  name: string,
  problems: ReadonlyArray<Accumulated>,
  bootstrap: BootstrapSettings,
): ModelScore => {
  const score = scoreTallies(name, problems.map(tallyOf), bootstrap)
  const samples = sum(problems.map((problem) => problem.samples))
  const known = (total: number): number | null => (Number.isFinite(total) ? total / samples : null)
  return {
    ...score,
    problems: score.problems.map((problem, p) => {
      const own = problems[p]
      return own === undefined
        ? problem
        : {
            ...problem,
            answers: {
              distinct: own.answers.size,
              entropy: answerEntropy(own),
              unparseable: own.verdicts.Unparseable,
            },
          }
    }),
    details: {
      majority: majorityCurve(problems, bootstrap),
      distinctAnswers: sum(problems.map(({ answers }) => answers.size)) / problems.length,
      answerEntropy: sum(problems.map(answerEntropy)) / problems.length,
      verdicts: {
        Correct: sum(problems.map(({ verdicts }) => verdicts.Correct)),
        Wrong: sum(problems.map(({ verdicts }) => verdicts.Wrong)),
        Unparseable: sum(problems.map(({ verdicts }) => verdicts.Unparseable)),
        TimedOut: sum(problems.map(({ verdicts }) => verdicts.TimedOut)),
      },
      finish: {
        stop: sum(problems.map(({ finish }) => finish.stop)),
        length: sum(problems.map(({ finish }) => finish.length)),
        other: sum(problems.map(({ finish }) => finish.other)),
      },
      characters: sum(problems.map(({ characters }) => characters)) / samples,
      tokens: known(sum(problems.map(({ tokens }) => tokens))),
      promptTokens: known(sum(problems.map(({ promptTokens }) => promptTokens))),
    },
  }
}

/** Correct of all. */
export const tallyOf = ({ id, samples, verdicts }: Accumulated): PassAtK.Tally => ({
  id,
  samples,
  correct: verdicts.Correct,
})

// numerics

const majorityCurve = (
  problems: ReadonlyArray<Accumulated>,
  { level, resamples, seed }: BootstrapSettings,
): PassCurve.PassCurve => {
  const fewest = problems.reduce((least, { samples }) => Math.min(least, samples), Infinity)
  const k = [...new Set([...PassAtK.powersOfTwo(Math.min(fewest, largestMajority)), fewest])]
  const columns = k.map((each) =>
    problems.map((problem) => majorityOf(problem, each === fewest ? Infinity : each)),
  )
  return {
    k,
    points: orBug(
      Bootstrap.intervals(columns, Seed.fromInteger(seed), level, resamples),
      Bootstrap.showError,
    ),
  }
}

/** Of k samples with an answer, or of all of them; a problem without any answer is not solved. */
const majorityOf = (problem: Accumulated, k: number): number => {
  const votes = votesOf(problem)
  const all = sum(votes.map(({ count }) => count))
  if (all === 0) return 0
  const found = Majority.majorityAtK(votes, Math.min(k, all))
  return orBug(found, Majority.showError)
}

const sum = (values: ReadonlyArray<number>): number => values.reduce((total, value) => total + value, 0)
