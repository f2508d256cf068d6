/** verl's advantages, masked statistics, token rewards and adaptive coefficient, from the functions of this package. */
import { AdaptiveKL, Advantage, Gae, MaskedStatistics, TokenRewards } from "../../src/index.ts"
import type { Case, Matrix } from "./cases.ts"
import { differs, mapMatrix, reproduced } from "./cases.ts"

/** Inputs are exact and computed with in float64. */
const exact = 1e-12

/** verl's `masked_mean` adds 1e-8 to the count, which whitening and returns inherit. */
const counted = 5e-8

export interface GroupCase {
  readonly name: string
  readonly scores: ReadonlyArray<number>
  readonly group: ReadonlyArray<number>
  readonly response_mask: Matrix
  readonly grpo_std: Matrix
  readonly dr_grpo_no_std: Matrix
  readonly rloo: Matrix
}

const estimators = {
  grpo_std: Advantage.groupStandardised,
  dr_grpo_no_std: Advantage.groupCentred,
  rloo: Advantage.leaveOneOut,
} as const

/** What verl makes of a group of one: a mean of 0 and a deviation of 1, so that its reward is its advantage. */
const rawReward = (reward: number, estimator: keyof typeof estimators): number =>
  estimator === "grpo_std" ? reward / (1 + Advantage.defaultEpsilon) : reward

export const groupAdvantages = (cases: ReadonlyArray<GroupCase>): ReadonlyArray<Case> =>
  cases.flatMap((one) => {
    const ids = [...new Set(one.group)]
    const membersOf = (id: number): ReadonlyArray<number> =>
      [...one.group.keys()].filter((i) => one.group[i] === id)
    const groups = ids.map((id) => ({
      rewards: membersOf(id).map((i) => one.scores[i] ?? NaN),
      lengths: membersOf(id).map((i) =>
        MaskedStatistics.sum([one.response_mask[i] ?? []], [one.response_mask[i] ?? []]),
      ),
    }))
    return (Object.keys(estimators) as ReadonlyArray<keyof typeof estimators>).map((estimator) => {
      const computed = Advantage.ofBatch(estimators[estimator])(groups)
      const ofResponse = (i: number, singleton: (reward: number) => number): number => {
        const p = ids.indexOf(one.group[i] ?? NaN)
        const group = computed[p]
        if (group?._tag === "Singleton") return singleton(one.scores[i] ?? NaN)
        return group?.advantages[membersOf(ids[p] ?? NaN).indexOf(i)] ?? NaN
      }
      const matrix = (singleton: (reward: number) => number): Matrix =>
        mapMatrix(one.response_mask, (m, b) => (m === 1 ? ofResponse(b, singleton) : 0))
      const name = `advantages ${estimator}, ${one.name}`
      const hasSingleton = computed.some(({ _tag }) => _tag === "Singleton")
      return hasSingleton
        ? differs(
            name,
            "a group of one has nothing to be compared with: its advantage is 0 here, and its raw reward in verl",
            {
              ours: matrix(() => 0),
              explained: matrix((reward) => rawReward(reward, estimator)),
              theirs: one[estimator],
            },
            exact,
          )
        : reproduced(
            name,
            matrix(() => NaN),
            one[estimator],
            exact,
          )
    })
  })

export interface GaeCase {
  readonly gamma: number
  readonly lam: number
  readonly rewards: Matrix
  readonly values: Matrix
  readonly mask: Matrix
  readonly advantages: Matrix
  readonly returns: Matrix
}

/** Whitened over the batch's tokens, as verl's are; masked positions hold 0 before, and the value as return. */
export const gae = (cases: ReadonlyArray<GaeCase>): ReadonlyArray<Case> =>
  cases.flatMap(({ gamma, lam, rewards, values, mask, advantages, returns }) => {
    const estimates = rewards.map((row, b) => {
      const length = mask[b]?.filter((m) => m === 1).length ?? 0
      return Gae.estimate({ gamma, lambda: lam })(row.slice(0, length), values[b]?.slice(0, length) ?? [])
    })
    const raw = mapMatrix(rewards, (_, b, t) => estimates[b]?.advantages[t] ?? 0)
    const name = `gae γ = ${gamma}, λ = ${lam}`
    return [
      reproduced(`${name} advantages`, MaskedStatistics.whiten(raw, mask), advantages, counted),
      reproduced(
        `${name} returns`,
        mapMatrix(values, (value, b, t) => estimates[b]?.returns[t] ?? value),
        returns,
        exact,
      ),
    ]
  })

export interface MaskedStats {
  readonly values: Matrix
  readonly mask: Matrix
  readonly mean: number
  readonly var: number
  readonly whiten: Matrix
  readonly sum: number
}

export const maskedStatistics = (data: MaskedStats): ReadonlyArray<Case> => [
  reproduced("masked sum", MaskedStatistics.sum(data.values, data.mask), data.sum, exact),
  reproduced("masked mean", MaskedStatistics.mean(data.values, data.mask), data.mean, counted),
  reproduced("masked variance", MaskedStatistics.variance(data.values, data.mask), data.var, counted),
  reproduced("masked whitening", MaskedStatistics.whiten(data.values, data.mask), data.whiten, counted),
]

export interface ComputeRewards {
  readonly scores: Matrix
  readonly old: Matrix
  readonly ref: Matrix
  readonly kl_ratio: number
  readonly result: Matrix
}

export const tokenRewards = ({ scores, old, ref, kl_ratio, result }: ComputeRewards): ReadonlyArray<Case> => [
  reproduced(
    "compute_rewards",
    scores.map((row, b) => TokenRewards.penalised(kl_ratio)(row, old[b] ?? [], ref[b] ?? [])),
    result,
    exact,
  ),
]

export interface AdaptiveSteps {
  readonly init: number
  readonly target: number
  readonly horizon: number
  readonly steps: ReadonlyArray<{
    readonly current_kl: number
    readonly n_steps: number
    readonly value: number
  }>
}

export const adaptive = ({ init, target, horizon, steps }: AdaptiveSteps): ReadonlyArray<Case> =>
  steps.map(({ current_kl, n_steps, value }, i) =>
    reproduced(
      `adaptive_kl step ${i}`,
      AdaptiveKL.update({ target, horizon })(steps[i - 1]?.value ?? init, current_kl, n_steps),
      value,
      exact,
    ),
  )
