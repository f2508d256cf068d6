/** Laws of which prompts are chosen and how they begin, and of what is estimated from samples. */
import { Float64, LogSpace, Softmax } from "@rapo/distributions"
import * as Gae from "../../Gae.ts"
import * as Rast from "../../objectives/Rast.ts"
import * as DifficultyTargeted from "../DifficultyTargeted.ts"
import * as MassBalance from "../MassBalance.ts"
import * as PrefixedProblems from "../PrefixedProblems.ts"
import * as ReplayBuffer from "../ReplayBuffer.ts"

type Numbers = ReadonlyArray<number>

const isNear = (a: number, b: number, tolerance: number): boolean =>
  Math.abs(a - b) <= tolerance * (1 + Math.abs(a) + Math.abs(b))

const areNear = (as: Numbers, bs: Numbers, tolerance: number): boolean =>
  as.length === bs.length && as.every((a, i) => isNear(a, bs[i] ?? NaN, tolerance))

const total = (xs: Numbers): number => xs.reduce((a, b) => a + b, 0)

// selection of prompts

/** Σ P = 1, and P never prefers the prompt that is farther from the target. */
export const selectionIsDistributionByDistance =
  (tolerance: number) =>
  (config: Pick<DifficultyTargeted.Config, "target" | "temperature">, predicted: Numbers): boolean => {
    const probabilities = DifficultyTargeted.selectionProbabilities(config)(predicted)
    const distance = predicted.map((accuracy) => Math.abs(accuracy - config.target))
    return (
      isNear(total(probabilities), 1, tolerance) &&
      probabilities.every((p, x) =>
        probabilities.every((q, y) => !((distance[x] ?? NaN) < (distance[y] ?? NaN)) || p >= q),
      )
    )
  }

/** P(nearest prompts) >= 1 - P e^{-gap/τ}, with gap from the nearest distance to the next: it tends to 1 as τ → 0. */
export const selectionConcentrates =
  (tolerance: number) =>
  (config: Pick<DifficultyTargeted.Config, "target" | "temperature">, predicted: Numbers): boolean => {
    const distance = predicted.map((accuracy) => Math.abs(accuracy - config.target))
    const nearest = distance.reduce((a, b) => Math.min(a, b))
    const next = distance.filter((d) => d > nearest).reduce((a, b) => Math.min(a, b), Infinity)
    const mass = DifficultyTargeted.selectionProbabilities(config)(predicted).reduce(
      (sum, p, x) => (distance[x] === nearest ? sum + p : sum),
      0,
    )
    return mass >= 1 - predicted.length * Math.exp(-(next - nearest) / config.temperature) - tolerance
  }

/** Without calibration a prediction lies between the references' accuracies. */
export const predictionIsAverage =
  (tolerance: number) =>
  (references: ReadonlyArray<DifficultyTargeted.Reference>, embedding: Numbers): boolean => {
    const predicted = DifficultyTargeted.predict(references, DifficultyTargeted.uncalibrated)(embedding)
    const accuracies = references.map(({ accuracy }) => accuracy)
    const margin = DifficultyTargeted.accuracyMargin + tolerance
    return (
      predicted >= accuracies.reduce((a, b) => Math.min(a, b)) - margin &&
      predicted <= accuracies.reduce((a, b) => Math.max(a, b)) + margin
    )
  }

// prefixes

/** A mask is 0 on the prefix and 1 after it, and as long as the response. */
export const maskLeavesPrefixOut = (prefixLength: number, length: number): boolean => {
  const mask = PrefixedProblems.lossMask(prefixLength, length)
  return mask.length === length && mask.every((m, t) => (t < prefixLength ? m === 0 : m === 1))
}

/** No candidate is nearer to the target than the chosen one, and no shorter one as near. */
export const chosenPrefixIsNearest = (
  targetAccuracy: number,
  candidates: ReadonlyArray<PrefixedProblems.Measured>,
): boolean => {
  const chosen = PrefixedProblems.chooseLength({ targetAccuracy })(candidates)
  const miss = ({ accuracy }: PrefixedProblems.Measured): number => Math.abs(accuracy - targetAccuracy)
  return candidates.some(
    (one) =>
      one.prefixLength === chosen &&
      candidates.every(
        (other) =>
          miss(one) < miss(other) || (miss(one) === miss(other) && one.prefixLength <= other.prefixLength),
      ),
  )
}

// estimates

/** E_μ[w f] = E_π[f], by enumeration of outcomes, where all are possible. */
export const replayIsUnbiased =
  (tolerance: number) =>
  (policyLogits: Numbers, behaviourLogits: Numbers, f: Numbers): boolean => {
    const [policy, behaviour] = [LogSpace.logSoftmax(policyLogits), LogSpace.logSoftmax(behaviourLogits)]
    const at = (xs: Numbers, y: number): number => xs[y] ?? NaN
    const replayed = behaviour.map(
      (logMu, y) => Math.exp(logMu) * ReplayBuffer.importanceWeight([at(policy, y)], [logMu]) * at(f, y),
    )
    return isNear(total(replayed), total(policy.map((logPi, y) => Math.exp(logPi) * at(f, y))), tolerance)
  }

// mass balance

/** Group mean: the coupling vanishes and no sample shrinks the right mass. */
export const groupMeanNeverShrinks =
  (tolerance: number) =>
  (situation: MassBalance.Situation, counts: Numbers): boolean => {
    const balance = MassBalance.ofSample(situation, MassBalance.groupMean)(counts)
    const coupling = Math.abs(balance.sampledCoupling) + Math.abs(balance.unsampledCoupling)
    return balance.own >= 0 && coupling <= tolerance
  }

// generalised advantages

/** A_t = δ_t + γλ A_{t+1}; λ = 0 gives δ; λ = 1 gives discounted returns less values. */
export const gaeRecursionAndLimits =
  (tolerance: number) =>
  (config: Gae.Config, rewards: Numbers, values: Numbers): boolean => {
    const { gamma, lambda } = config
    const deltas = Gae.errors(config, rewards, values)
    const { advantages, returns } = Gae.estimate(config)(rewards, values)
    const discounted = rewards.map((_, t) => total(rewards.slice(t).map((reward, l) => gamma ** l * reward)))
    const full = Gae.estimate({ gamma, lambda: 1 })(rewards, values)
    return (
      areNear(
        advantages,
        deltas.map((delta, t) => delta + gamma * lambda * (advantages[t + 1] ?? 0)),
        tolerance,
      ) &&
      areNear(
        returns,
        advantages.map((advantage, t) => advantage + (values[t] ?? NaN)),
        tolerance,
      ) &&
      areNear(Gae.estimate({ gamma, lambda: 0 })(rewards, values).advantages, deltas, tolerance) &&
      areNear(full.returns, discounted, tolerance)
    )
  }

/** γ = λ = 1: A_0 is the sum of rewards less V_0, and A_t - A_{t+1} = δ_t. */
export const gaeTelescopes =
  (tolerance: number) =>
  (rewards: Numbers, values: Numbers): boolean => {
    const { advantages } = Gae.estimate({ gamma: 1, lambda: 1 })(rewards, values)
    const deltas = Gae.errors({ gamma: 1 }, rewards, values)
    const first = advantages.length === 0 ? [] : [total(rewards) - (values[0] ?? NaN)]
    return (
      areNear(advantages.slice(0, 1), first, tolerance) &&
      areNear(
        advantages.map((advantage, t) => advantage - (advantages[t + 1] ?? 0)),
        deltas,
        tolerance,
      )
    )
  }

// RAST

/** softmax(z_L + λ(z_RL - z_base)) = π_L (π_RL/π_base)^λ / Z. */
export const rastIsProductOfExperts =
  (tolerance: number) =>
  (lambda: number, { large, tuned, base }: Rast.Experts<number>): boolean => {
    const R = Float64.Real
    const combined = Softmax.probs(R)(Rast.logits(R)(lambda)({ large, tuned, base }))
    const [l, t, b] = [LogSpace.logSoftmax(large), LogSpace.logSoftmax(tuned), LogSpace.logSoftmax(base)]
    const weights = l.map((logP, v) => Math.exp(logP) * Math.exp((t[v] ?? NaN) - (b[v] ?? NaN)) ** lambda)
    return areNear(
      combined,
      weights.map((w) => w / total(weights)),
      tolerance,
    )
  }
