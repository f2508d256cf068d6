/** The theorems about strategies that take an enumeration of all samples to show; of the mass balance, see its own test. */
import { Dual, Float64, LogSpace, Real, Softmax } from "@rapo/distributions"
import * as fc from "fast-check"
import { test } from "vitest"
import {
  Advantage,
  DynamicSampling,
  JudgedGroup,
  PrefixedProblems,
  ReplayBuffer,
  StrategyLaws,
} from "../../src/index.ts"
import * as arb from "../arbitraries/strategies.ts"
import { at, isNear, sequences, tolerance, total } from "./enumeration.ts"

// [S2]

/** A prompt is its accuracy; an atom is a prompt, drawn uniformly, with the rewards of G = 2 responses to it. */
const atomsOf = (
  accuracies: ReadonlyArray<number>,
): ReadonlyArray<{ readonly probability: number; readonly group: JudgedGroup.JudgedGroup<number> }> =>
  accuracies.flatMap((accuracy, prompt) =>
    sequences(2, 2).map((rewards) => ({
      probability:
        rewards.reduce((p, reward) => p * (reward === 1 ? accuracy : 1 - accuracy), 1) / accuracies.length,
      group: JudgedGroup.ofRewards(String(prompt), rewards),
    })),
  )

/** The batch of a stream that is generated one prompt at a time, if it fills. */
const batchOf = (
  groups: number,
  stream: ReadonlyArray<JudgedGroup.JudgedGroup<number>>,
): ReadonlyArray<JudgedGroup.JudgedGroup<number>> | undefined => {
  const config = { groups, factor: 1, maximumGenerations: stream.length }
  const outcome = stream.reduce<DynamicSampling.Outcome<number>>(
    (previous, group) =>
      previous._tag === "Continue" ? DynamicSampling.step(config)(previous.state, [group]) : previous,
    { _tag: "Continue", state: DynamicSampling.initial<number>() },
  )
  return outcome._tag === "Full" ? outcome.batch : undefined
}

const accuracyPair = fc.tuple(arb.double(0.05, 0.95), arb.double(0.05, 0.95))

test("[S2] a full batch is unbiased among informative groups, by enumeration of all streams", () => {
  fc.assert(
    fc.property(accuracyPair, arb.logits(8), (accuracies, f) => {
      const atoms = atomsOf(accuracies)
      const valueOf = (group: JudgedGroup.JudgedGroup<number>): number =>
        at(
          f,
          atoms.findIndex((atom) => atom.group === group),
        )
      const informative = atoms.filter(({ group }) => JudgedGroup.isInformative(group))
      const mass = total(informative.map(({ probability }) => probability))
      const wanted = total(informative.map(({ probability, group }) => probability * valueOf(group))) / mass
      const full = sequences(atoms.length, 3).flatMap((indices) => {
        const drawn = indices.flatMap((i) => atoms.slice(i, i + 1))
        const batch = batchOf(
          2,
          drawn.map(({ group }) => group),
        )
        const probability = drawn.reduce((p, atom) => p * atom.probability, 1)
        return batch === undefined ? [] : [{ probability, mean: total(batch.map(valueOf)) / batch.length }]
      })
      const given = total(full.map(({ probability }) => probability))
      return isNear(wanted, total(full.map(({ probability, mean }) => probability * mean)) / given)
    }),
    { numRuns: 20 },
  )
})

test("[S2] the policy gradient of informative groups is the whole's, divided by their probability", () => {
  fc.assert(
    fc.property(arb.double(0.01, 0.99), fc.integer({ min: 2, max: 5 }), (accuracy, size) => {
      // of a policy with one logit, that of being right: ∇ ln π is 1 - Q where right, -Q where wrong
      const gradient = (rewards: ReadonlyArray<number>): number =>
        total(
          Advantage.ofGroup(Advantage.groupCentred)(rewards).advantages.map(
            (a, g) => a * (at(rewards, g) - accuracy),
          ),
        )
      const groups = sequences(2, size).map((rewards) => ({
        rewards,
        probability: rewards.reduce((p, reward) => p * (reward === 1 ? accuracy : 1 - accuracy), 1),
      }))
      const expectation = (among: typeof groups): number =>
        total(among.map(({ probability, rewards }) => probability * gradient(rewards)))
      const informative = groups.filter(({ rewards }) =>
        JudgedGroup.isInformative(JudgedGroup.ofRewards("p", rewards)),
      )
      const mass = total(informative.map(({ probability }) => probability))
      return (
        isNear(mass, DynamicSampling.probabilityInformative(accuracy, size)) &&
        isNear(expectation(groups), mass * (expectation(informative) / mass)) &&
        // and it is the gradient of Q, (G - 1) times: Q(1 - Q) a response, less a G-th for the group's mean
        isNear(expectation(groups), (size - 1) * accuracy * (1 - accuracy))
      )
    }),
  )
})

// [S3]

test("[S3] a replayed sample's weight makes its estimate exact: E_μ[w f] = E_π[f]", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 6 }).chain((n) => fc.tuple(arb.logits(n), arb.logits(n), arb.logits(n))),
      ([policy, behaviour, f]) => StrategyLaws.replayIsUnbiased(tolerance)(policy, behaviour, f),
    ),
  )
})

/** The number of a binary prefix in a tree of logits: the empty one is 0, then those of one token, … */
const nodeOf = (prefix: ReadonlyArray<number>): number => prefix.reduce((node, y) => 2 * node + 1 + y, 0)

/** ln π of each token of a binary sequence; the policy has two logits a prefix. */
const treeLogProbs =
  <A>(R: Real.Real<A>) =>
  (logits: ReadonlyArray<A>, sequence: ReadonlyArray<number>): ReadonlyArray<A> =>
    sequence.map((y, t) => {
      const node = nodeOf(sequence.slice(0, t))
      return Softmax.logProbs(R)(logits.slice(2 * node, 2 * node + 2))[y] ?? R.zero
    })

const numbers = Float64.Real

test("[S3] over sequences the weight is the product of the tokens' ratios", () => {
  fc.assert(
    fc.property(arb.logits(14), arb.logits(14), arb.logits(8), (policy, behaviour, f) => {
      const expectation = (term: (y: ReadonlyArray<number>, i: number) => number): number =>
        total(sequences(2, 3).map(term))
      const replayed = expectation((y, i) => {
        const mu = treeLogProbs(numbers)(behaviour, y)
        const weight = ReplayBuffer.importanceWeight(treeLogProbs(numbers)(policy, y), mu)
        return Math.exp(total(mu)) * weight * at(f, i)
      })
      return isNear(
        replayed,
        expectation((y, i) => Math.exp(total(treeLogProbs(numbers)(policy, y))) * at(f, i)),
      )
    }),
  )
})

// [S4]

/** Σ over completions of π(completion | prefix), as constants, times r times the masked log-probability: REINFORCE. */
const surrogate =
  (mask: ReadonlyArray<number>, prefix: ReadonlyArray<number>, rewards: ReadonlyArray<number>) =>
  (logits: ReadonlyArray<Dual.Dual>): Dual.Dual => {
    const R = Dual.Real
    return Real.sum(R)(
      completions(prefix).map((sequence) => {
        const logProbs = treeLogProbs(R)(logits, sequence)
        const chance = R.stopGradient(R.exp(Real.sum(R)(logProbs.slice(prefix.length))))
        const masked = Real.sum(R)(logProbs.map((l, t) => R.mul(R.of(at(mask, t)), l)))
        return R.mul(R.mul(chance, R.of(at(rewards, nodeOf(sequence) - 7))), masked)
      }),
    )
  }

/** E[r] of the conditional policy π(· | prefix). */
const conditionalValue =
  <A>(R: Real.Real<A>) =>
  (prefix: ReadonlyArray<number>, rewards: ReadonlyArray<number>) =>
  (logits: ReadonlyArray<A>): A =>
    Real.sum(R)(
      completions(prefix).map((sequence) =>
        R.mul(
          R.exp(Real.sum(R)(treeLogProbs(R)(logits, sequence).slice(prefix.length))),
          R.of(at(rewards, nodeOf(sequence) - 7)),
        ),
      ),
    )

const completions = (prefix: ReadonlyArray<number>): ReadonlyArray<ReadonlyArray<number>> =>
  sequences(2, 3 - prefix.length).map((completion) => [...prefix, ...completion])

const prefix = fc.array(fc.constantFrom(0, 1), { maxLength: 2 })

test("[S4] with the prefix masked the gradient is that of the conditional policy's reward", () => {
  fc.assert(
    fc.property(arb.logits(14), arb.logits(8), prefix, (logits, rewards, given) => {
      const mask = PrefixedProblems.lossMask(given.length, 3)
      const masked = Dual.gradient(surrogate(mask, given, rewards))(logits)
      const wanted = Dual.gradient(conditionalValue(Dual.Real)(given, rewards))(logits)
      return masked.every((g, i) => isNear(g, at(wanted, i)))
    }),
  )
})

test("[S4] without the mask, E[r] times the prefix's imitation gradient is added", () => {
  fc.assert(
    fc.property(arb.logits(14), arb.logits(8), prefix, (logits, rewards, given) => {
      const R = Dual.Real
      const unmasked = Dual.gradient(surrogate([1, 1, 1], given, rewards))(logits)
      const masked = Dual.gradient(surrogate(PrefixedProblems.lossMask(given.length, 3), given, rewards))(
        logits,
      )
      const imitation = Dual.gradient((zs) => Real.sum(R)(treeLogProbs(R)(zs, given)))(logits)
      const value = conditionalValue(numbers)(given, rewards)(logits)
      return unmasked.every((g, i) => isNear(g, at(masked, i) + value * at(imitation, i)))
    }),
  )
})

test("[S4] the conditional policy's completions sum to 1", () => {
  fc.assert(
    fc.property(arb.logits(14), prefix, (logits, given) =>
      isNear(
        1,
        Math.exp(
          LogSpace.logSumExp(
            completions(given).map((y) => total(treeLogProbs(numbers)(logits, y).slice(given.length))),
          ),
        ),
      ),
    ),
  )
})
