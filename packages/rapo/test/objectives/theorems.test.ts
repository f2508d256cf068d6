/** What is claimed of single systems, over random batches. */
import { Dual, LogSpace, Softmax } from "@rapo/distributions"
import * as fc from "fast-check"
import { test } from "vitest"
import type { Objective } from "../../src/index.ts"
import {
  Aggregation,
  Arms,
  Classification,
  DrGrpo,
  Gdc,
  Gspo,
  Loss,
  Luspo,
  Pacs,
  RlPlus,
  Rover,
  TrustRegion,
} from "../../src/index.ts"
import * as arb from "../arbitraries.ts"
import { slice } from "../arbitraries/batches.ts"
import { distance, gradientOf } from "../gradients.ts"

/** Sums of a dozen terms of size 10. */
const tolerance = 1e-10

const near = (a: number, b: number): boolean => Math.abs(a - b) <= tolerance * (1 + Math.abs(a))

const lossOf = (objective: Objective.Objective, batch: Loss.Batch<number>): number =>
  Loss.loss(objective)(batch).loss

/** Gradient ascent's direction, A ∇ ln π, summed over tokens: REINFORCE on whole responses. */
const reinforce: Objective.PolicyGradientObjective = {
  ...Arms.unregularised,
  surrogate: { ...Arms.unregularised.surrogate, trustRegion: TrustRegion.none },
  aggregation: Aggregation.sequenceSum,
}

const onPolicy = (batch: Loss.Batch<number>): Loss.Batch<number> => ({ ...batch, oldLogProbs: undefined })

/** One token a response, the rest masked. */
const short = (batch: Loss.Batch<number>): Loss.Batch<number> => ({
  ...batch,
  mask: batch.mask.map((row) => row.map((_, t) => (t === 0 ? 1 : 0))),
  tokenCount: batch.mask.length,
})

test("[A9] for responses of one token GSPO is clipped by token, and LUSPO is GSPO", () => {
  fc.assert(
    fc.property(arb.batch, (drawn) => {
      const batch = short(drawn)
      const byToken: Objective.Objective = {
        ...Gspo.gspo,
        surrogate: { ...Gspo.gspo.surrogate, ratio: "token", demonstrations: { _tag: "None" } },
      }
      const narrow: Objective.Objective = { ...Luspo.luspo, surrogate: Gspo.gspo.surrogate }
      return (
        near(lossOf(Gspo.gspo, batch), lossOf(byToken, batch)) &&
        near(lossOf(Gspo.gspo, batch), lossOf(narrow, batch))
      )
    }),
  )
})

test("[A9] LUSPO is GSPO with every response weighed by its length", () => {
  fc.assert(
    fc.property(arb.batch, (batch) => {
      const mean: Objective.Objective = { ...Luspo.luspo, aggregation: Aggregation.sequenceMean }
      const weighed = batch.mask.map(
        (row, b) => row.reduce((sum, m) => sum + m, 0) * lossOf(mean, slice(batch, b, b + 1)),
      )
      return near(
        lossOf(Luspo.luspo, batch),
        weighed.reduce((sum, x) => sum + x, 0),
      )
    }),
  )
})

const logistic = (x: number): number => 1 / (1 + Math.exp(-x))

/** The advantage that PACS' gradient has as a policy gradient, computed apart from the loss. */
const implicitAdvantages = (beta: number, batch: Loss.Batch<number>): ReadonlyArray<number> => {
  const size = batch.groupSize ?? 1
  if (size === 1) return batch.advantages.map(() => 0)
  const relative = (xs: ReadonlyArray<number>): ReadonlyArray<number> =>
    xs.map((x, b) => {
      const group = xs.slice(b - (b % size), b - (b % size) + size)
      return (size / (size - 1)) * (x - group.reduce((sum, y) => sum + y, 0) / size)
    })
  const scores = batch.logits.map((rows, b) =>
    rows.reduce((sum, logits, t) => {
      const logProb = LogSpace.logSoftmax(logits)[batch.tokens[b]?.[t] ?? 0] ?? NaN
      const old = batch.oldLogProbs?.[b]?.[t] ?? logProb
      return sum + (batch.mask[b]?.[t] ?? 0) * beta * (logProb - old)
    }, 0),
  )
  const credits = relative(scores).map((logit, b) => {
    const credit = batch.advantages[b] ?? NaN
    return credit * logistic(-Math.sign(credit) * logit)
  })
  return relative(credits).map((c) => beta * c)
}

test("[A10] PACS' gradient is a policy gradient with the advantage β G/(G-1) (c - mean c), c = A σ(-s ψ)", () => {
  fc.assert(
    fc.property(arb.batch, fc.double({ min: 0.1, max: 3, noNaN: true }), (batch, beta) => {
      const implicit = { ...onPolicy(batch), advantages: implicitAdvantages(beta, batch) }
      return (
        distance(
          gradientOf("policyGradient")(Pacs.withBeta(beta), batch),
          gradientOf("policyGradient")(reinforce, implicit),
        ) <= tolerance
      )
    }),
    { numRuns: 60 },
  )
})

test("[A10] on-policy that advantage is β/2 G/(G-1) A in a mixed group, and 0 in a group of one class", () => {
  fc.assert(
    fc.property(arb.batch, fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }), (drawn, labels) => {
      const size = drawn.groupSize ?? 1
      const rows = drawn.mask.map((_, b) => labels[b] === true)
      const groupOf = (b: number): ReadonlyArray<boolean> => rows.slice(b - (b % size), b - (b % size) + size)
      const advantages = rows.map((_, b) => Classification.signedWeights(groupOf(b))[b % size] ?? NaN)
      const batch = { ...onPolicy(drawn), advantages }
      const expected = advantages.map((credit, b) =>
        new Set(groupOf(b)).size === 2 ? (credit / 2) * (size / (size - 1)) : 0,
      )
      return (
        distance(
          gradientOf("policyGradient")(Pacs.pacs, batch),
          gradientOf("policyGradient")(reinforce, { ...batch, advantages: expected }),
        ) <= tolerance
      )
    }),
    { numRuns: 60 },
  )
})

test("[A11] on-policy ROVER's gradient is the policy gradient of 2ρ times its advantage", () => {
  fc.assert(
    fc.property(arb.batch, fc.double({ min: 0.1, max: 3, noNaN: true }), (drawn, temperature) => {
      const batch = onPolicy(drawn)
      const rover: Objective.Objective = {
        ...Rover.rover,
        surrogate: { ...Rover.rover.surrogate, temperature },
      }
      const scaled = { ...batch, advantages: batch.advantages.map((r) => 2 * temperature * r) }
      return (
        distance(
          gradientOf("policyGradient")(rover, batch),
          gradientOf("policyGradient")(Arms.unregularised, scaled),
        ) <= tolerance
      )
    }),
    { numRuns: 60 },
  )
})

test("[A14] without demonstrations RL-PLUS is Dr. GRPO without a clip, of its own length, and an entropy", () => {
  fc.assert(
    fc.property(arb.batch, (drawn) => {
      const batch = { ...drawn, isDemonstration: drawn.mask.map(() => 0) }
      const drGrpo = DrGrpo.ofLength(8192)
      const own: Objective.Objective = {
        ...drGrpo,
        surrogate: { ...drGrpo.surrogate, trustRegion: TrustRegion.none },
        entropy: 0.001,
      }
      return distance(gradientOf("loss")(RlPlus.rlPlus, batch), gradientOf("loss")(own, batch)) <= tolerance
    }),
    { numRuns: 60 },
  )
})

// distribution matching, over all responses of two tokens out of two

/** Logits of the first token, then of the second after each first one. */
const tree = fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 6, maxLength: 6 })

const sequences: ReadonlyArray<readonly [number, number]> = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
]

/** The two rows of logits that a sequence passes. */
const path = <A>(logits: ReadonlyArray<A>, first: number): ReadonlyArray<ReadonlyArray<A>> => [
  logits.slice(0, 2),
  logits.slice(2 + 2 * first, 4 + 2 * first),
]

const tokenLogProbs = (
  logits: ReadonlyArray<number>,
  [first, second]: readonly [number, number],
): ReadonlyArray<number> =>
  path(logits, first).map((row, t) => LogSpace.logSoftmax(row)[t === 0 ? first : second] ?? NaN)

const probability = (logits: ReadonlyArray<number>, y: readonly [number, number]): number =>
  Math.exp(tokenLogProbs(logits, y).reduce((sum, l) => sum + l, 0))

test("[A12] distribution matching descends Z KL(p* ‖ π), with its baseline and without", () => {
  fc.assert(
    fc.property(
      tree,
      tree,
      tree,
      fc.array(fc.double({ min: 0, max: 2, noNaN: true }), { minLength: 4, maxLength: 4 }),
      fc.boolean(),
      (policy, old, reference, credits, hasBaseline) => {
        const masses = sequences.map((y, i) => probability(reference, y) * (credits[i] ?? NaN))
        const partition = masses.reduce((sum, mass) => sum + mass, 0)
        const objective: Objective.Objective = {
          ...Gdc.dpg,
          surrogate: { _tag: "DistributionMatching", target: { _tag: "Filtered" }, hasBaseline },
        }
        const R = Dual.Real
        const total = (terms: ReadonlyArray<Dual.Dual>): Dual.Dual => terms.reduce(R.add, R.zero)
        /** E over q of the loss of one response. */
        const expectedLoss = (logits: ReadonlyArray<Dual.Dual>): Dual.Dual =>
          total(
            sequences.map((y, i) =>
              R.mul(
                R.of(probability(old, y)),
                Loss.terms(R)(objective)({
                  logits: [path(logits, y[0])],
                  tokens: [[...y]],
                  mask: [[1, 1]],
                  advantages: [credits[i] ?? NaN],
                  rewards: [0],
                  oldLogProbs: [tokenLogProbs(old, y)],
                  referenceLogits: [path(reference, y[0])],
                  partition,
                  tokenCount: 2,
                  sequenceCount: 1,
                }).loss,
              ),
            ),
          )
        /** -Σ P ln π: Z KL(p* ‖ π), up to a constant. */
        const crossEntropy = (logits: ReadonlyArray<Dual.Dual>): Dual.Dual =>
          total(
            sequences.flatMap((y, i) =>
              path(logits, y[0]).map((row, t) =>
                R.mul(R.of(-(masses[i] ?? NaN)), Softmax.logProbs(R)(row)[y[t] ?? 0] ?? R.zero),
              ),
            ),
          )
        const expected = Dual.gradient(crossEntropy)(policy)
        return Dual.gradient(expectedLoss)(policy).every((g, i) => near(g, expected[i] ?? NaN))
      },
    ),
  )
})
