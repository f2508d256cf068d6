/**
 * From tallies, and the samples behind them where they are known, to the score of a model.
 */
import { Seed } from "@rapo/distributions"
import { Bootstrap, Diversity, Majority, PassAtK, PassCurve, Posterior, Spread } from "@rapo/eval"
import type { BootstrapSettings, ModelScore, SampleDetails } from "../EvaluationSummary.ts"
import { type Accumulated, keptCharacters, keptTexts } from "./Accumulated.ts"
import { entropyOf, votesOf } from "./Answers.ts"
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
  const columns = orBug(PassAtK.passAtKs(pass.k)(tallies), PassAtK.showError)
  const first = pass.points[0]
  if (first === undefined) throw new Error("bug: a curve without pass@1")
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
    effective: columns.map(Spread.effectiveCount),
    allOfK: orBug(PassCurve.allOfK(tallies, seed, level, resamples), PassCurve.showError),
    average: first,
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
  const votes = problems.map(votesOf)
  const entropies = votes.map(entropyOf)
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
              distinct: votes[p]?.length ?? 0,
              entropy: entropies[p] ?? 0,
              unparseable: own.verdicts.Unparseable,
            },
          }
    }),
    details: {
      majority: majorityCurve(problems, votes, bootstrap),
      distinctAnswers: average(votes.map(({ length }) => length)) ?? 0,
      answerEntropy: average(entropies) ?? 0,
      diversity: diversityOf(problems),
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
  votes: ReadonlyArray<ReadonlyArray<Majority.Votes>>,
  { level, resamples, seed }: BootstrapSettings,
): PassCurve.PassCurve => {
  const fewest = problems.reduce((least, { samples }) => Math.min(least, samples), Infinity)
  const k = [...new Set([...PassAtK.powersOfTwo(Math.min(fewest, largestMajority)), fewest])]
  const columns = k.map((each) => votes.map((own) => majorityOf(own, each === fewest ? Infinity : each)))
  return {
    k,
    points: orBug(
      Bootstrap.intervals(columns, Seed.fromInteger(seed), level, resamples),
      Bootstrap.showError,
    ),
  }
}

/** Of k samples with an answer, or of all of them; a problem without any answer is not solved. */
const majorityOf = (votes: ReadonlyArray<Majority.Votes>, k: number): number => {
  const all = sum(votes.map(({ count }) => count))
  if (all === 0) return 0
  const found = Majority.majorityAtK(votes, Math.min(k, all))
  return orBug(found, Majority.showError)
}

/** Means over problems: of the words of each problem's first samples. */
const diversityOf = (problems: ReadonlyArray<Accumulated>): SampleDetails["diversity"] => ({
  texts: keptTexts,
  characters: keptCharacters,
  distinctWords: average(problems.map(({ texts }) => Diversity.distinctN(texts, 1))) ?? 0,
  distinctPairs: average(problems.map(({ texts }) => Diversity.distinctN(texts, 2))) ?? 0,
  selfBleu: average(problems.flatMap(({ texts }) => Diversity.selfBleu(texts) ?? [])) ?? null,
})

/** Undefined of nothing. */
const average = (values: ReadonlyArray<number>): number | undefined =>
  values.length === 0 ? undefined : sum(values) / values.length

const sum = (values: ReadonlyArray<number>): number => values.reduce((total, value) => total + value, 0)
