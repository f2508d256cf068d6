/** NeMo-RL's losses, as its own tests assert them, from the formulas of this package. */
import { Dual, Float64, Real } from "@rapo/distributions"
import { Estimator } from "@rapo/divergences"
import { Advantage, Correction, PolicyGradient, Tokenwise, TrustRegion } from "../../src/index.ts"
import type { Case } from "./cases.ts"
import { differs, reproduced, sumOf } from "./cases.ts"
import { observedOf } from "./observed.ts"
import type { Clipped, Nemo, Numbers } from "./nemoData.ts"

/** Half a unit of the fourth decimal, which the reference prints; where a number has five figures, their rounding is smaller. */
const printed = 5e-5

/** Half a unit of the third decimal. */
const printedShort = 5e-4

const R = Float64.Real

const mean = (xs: Numbers): number => sumOf(xs) / xs.length

const zip = (xs: Numbers, ys: Numbers, f: (x: number, y: number) => number): Numbers =>
  xs.map((x, i) => f(x, ys[i] ?? NaN))

const minus = (x: number, y: number): number => x - y

const ratiosOf = (current: Numbers, previous: Numbers): Numbers =>
  zip(current, previous, (c, p) => Math.exp(c - p))

/** Losses of one response's tokens, by the objectives' own interpreter; the log-probabilities themselves play no part. */
const losses = (
  surrogate: PolicyGradient.PolicyGradient,
  logWeights: Numbers,
  advantages: Numbers,
  logCorrections?: Numbers,
): Numbers => {
  const W = Tokenwise.ofRows(R)([logWeights.length], 1)
  const corrections = logCorrections === undefined ? undefined : [logCorrections]
  const observed = observedOf(W)([logWeights], [logWeights], [advantages], corrections)
  return Real.neg(W)(PolicyGradient.gain(W)(surrogate, observed, [advantages]).gain).flat()
}

const within = (region: TrustRegion.TrustRegion): PolicyGradient.PolicyGradient =>
  PolicyGradient.of(Advantage.groupStandardised, region)

const clipped = (name: string, one: Clipped): ReadonlyArray<Case> => {
  const region: TrustRegion.TrustRegion = {
    _tag: "Clip",
    low: one.clip_min,
    high: one.clip_max,
    ...(one.ratio_clip_c === undefined ? {} : { dual: one.ratio_clip_c }),
  }
  const ratios = ratiosOf(one.curr_logprobs, one.prev_logprobs)
  const ours = losses(within(region), zip(one.curr_logprobs, one.prev_logprobs, minus), one.advantages)
  return [
    reproduced(`${name} ratios`, ratios, one.ratios, printed),
    reproduced(`${name} per token`, ours, one.per_token, printed),
    reproduced(`${name} loss`, mean(ours), one.loss_token_mean, printed),
  ]
}

/** The two terms under dual clipping's maximum: the free loss and the clipped one. */
const dualTerms = ({
  advantages,
  prev_logprobs,
  curr_logprobs,
  clip_min,
  clip_max,
  loss1,
  loss2,
}: Nemo["dual_clip"]): ReadonlyArray<Case> => {
  const ratios = ratiosOf(curr_logprobs, prev_logprobs)
  const region = { _tag: "Clip", low: clip_min, high: clip_max } as const
  const held = ratios.map((ratio) => TrustRegion.clipRatio(R)(region, ratio))
  const free = losses(within(TrustRegion.none), ratios.map(Math.log), advantages)
  return [
    reproduced("dual_clip free term", free, loss1, printed),
    reproduced(
      "dual_clip clipped term",
      losses(within(TrustRegion.none), held.map(Math.log), advantages),
      loss2,
      printed,
    ),
  ]
}

const reinforce = ({
  advantages,
  curr_logprobs,
  per_token,
  loss_token_mean,
}: Nemo["reinforce"]): ReadonlyArray<Case> => {
  const ours = zip(advantages, curr_logprobs, (a, l) => -a * l)
  return [
    reproduced("reinforce per token", ours, per_token, printed),
    reproduced("reinforce loss", mean(ours), loss_token_mean, printed),
  ]
}

const penalties = ({ logprobs, reference, k1, k2, k3, clamped }: Nemo["kl"]): ReadonlyArray<Case> => {
  const logRatios = zip(reference, logprobs, minus)
  const theirs = { k1, k2, k3 }
  const estimators = { k1: Estimator.k1, k2: Estimator.k2, k3: Estimator.k3 }
  return (["k1", "k2", "k3"] as const).flatMap((name) => {
    const values = logRatios.map(estimators[name](R))
    const held = logRatios.map((l) => estimators[name](R)(Estimator.clampLogRatio(clamped.input_clamp)(R)(l)))
    return [
      reproduced(`kl ${name}`, values, theirs[name], printed),
      differs(
        `kl ${name} clamped`,
        "NeMo-RL also holds an estimator's value, at 10; ours is held by its log-ratio alone",
        {
          ours: held,
          explained: held.map((x) => Math.min(Math.max(x, -clamped.output_clamp), clamped.output_clamp)),
          theirs: clamped[name],
        },
        printed,
      ),
    ]
  })
}

/** w · k3 of a held log-ratio, where w has the value 1 and the gradient of ln π. */
const inputClamp = ({
  logprobs,
  reference,
  input_clamp,
  value,
  grad,
}: Nemo["kl_k3_input_clamp_gradient"]): ReadonlyArray<Case> => {
  const cost =
    <A>(S: Real.Real<A>, p: number) =>
    (logProb: A): A => {
      const held = Estimator.clampLogRatio(input_clamp)(S)(S.sub(S.of(p), logProb))
      return Estimator.weighted(Estimator.k3)(S)(S.sub(logProb, S.stopGradient(logProb)), held)
    }
  const gradients = (stopsOutside: boolean): Numbers =>
    zip(logprobs, reference, (l, p) =>
      stopsOutside && Math.abs(p - l) > input_clamp ? 0 : Dual.derivative(cost(Dual.Real, p))(l),
    )
  return [
    reproduced(
      "k3 input clamp, value",
      zip(logprobs, reference, (l, p) => cost(R, p)(l)),
      value,
      printed,
    ),
    differs(
      "k3 input clamp, gradient",
      "NeMo-RL lets no gradient through a clamped term, not even by the importance weight; by ours it flows still, so that " +
        "in expectation the gradient is that of the value",
      { ours: gradients(false), explained: gradients(true), theirs: grad },
      printed,
    ),
  ]
}

const penaltyLoss = ({
  curr,
  reference,
  beta,
  k3,
  mean_kl,
  loss,
}: Nemo["kl_penalty_loss"]): ReadonlyArray<Case> => {
  const ours = zip(reference, curr, (r, c) => Estimator.k3(R)(r - c))
  return [
    reproduced("kl_penalty_loss k3", ours, k3, printedShort),
    reproduced("kl_penalty_loss mean", mean(ours), mean_kl, printedShort),
    reproduced("kl_penalty_loss", beta * mean(ours), loss, printed),
  ]
}

const corrected = (one: Nemo["ppo_clip_with_sampler_correction"]): ReadonlyArray<Case> => {
  const logCorrections = zip(one.prev, one.generation, minus)
  const weights = logCorrections.map((l) => Correction.factor(R)({ _tag: "Weighted" })(Math.exp(l)))
  const ours = losses(
    { ...within(TrustRegion.clip(0.2)), correction: { _tag: "Weighted" } },
    zip(one.curr, one.prev, minus),
    one.advantages,
    logCorrections,
  )
  const logRatios = zip(one.kl_reference, one.curr, minus)
  const logWeights = zip(one.curr, one.generation, minus)
  return [
    reproduced("sampler correction, weights", weights, one.actor_importance, printed),
    reproduced("sampler correction, per token", ours, one.per_token, printed),
    reproduced("sampler correction, loss", mean(ours), one.actor_loss, printed),
    reproduced("sampler correction, weights of the KL", logWeights.map(Math.exp), one.kl_importance, printed),
    reproduced("sampler correction, k3", logRatios.map(Estimator.k3(R)), one.k3, printed),
    reproduced(
      "sampler correction, weighted k3",
      zip(logWeights, logRatios, Estimator.weighted(Estimator.k3)(R)),
      one.weighted_k3,
      printed,
    ),
  ]
}

const gspo = ({ advantages, prev, curr, seq_ratio, per_token, loss }: Nemo["gspo"]): ReadonlyArray<Case> => {
  const logWeights = zip(curr, prev, minus)
  const W = Tokenwise.ofRows(R)([logWeights.length], 1)
  const ratios = W.exp(Tokenwise.mean(W)([logWeights])).flat()
  const surrogate = {
    ...within(TrustRegion.clip(0.2)),
    ratio: "sequence",
    demonstrations: { _tag: "None" },
  } as const
  const ours = losses(surrogate, logWeights, advantages)
  return [
    reproduced(
      "gspo ratio",
      ratios,
      ratios.map(() => seq_ratio),
      printed,
    ),
    reproduced("gspo per token", ours, per_token, printed),
    reproduced("gspo loss", mean(ours), loss, printed),
  ]
}

const approximateEntropy = ({ curr, generation, value }: Nemo["approx_entropy"]): ReadonlyArray<Case> => [
  reproduced(
    "approximate entropy",
    -mean(zip(ratiosOf(curr, generation), curr, (w, l) => w * l)),
    value,
    1e-12,
  ),
]

/** Without ε, as theirs. */
const standardised: Advantage.Advantage = { centre: "GroupMean", scale: { _tag: "GroupStd", epsilon: 0 } }

const advantages = (cases: Nemo["grpo_advantage"]): ReadonlyArray<Case> =>
  cases.map((one, i) => {
    const ids = [...new Set(one.group)]
    const groups = ids.map((id) => {
      const rewards = one.rewards.filter((_, b) => one.group[b] === id)
      return { rewards, lengths: rewards.map(() => 1) }
    })
    const ours = Advantage.ofBatch(standardised)(groups).flatMap((group) => group.advantages)
    return reproduced(`grpo advantage ${i}`, ours, one.advantages, 1e-12)
  })

export const nemo = (data: Nemo): ReadonlyArray<Case> => [
  ...clipped("ppo_clip", data.ppo_clip),
  ...clipped("dual_clip", data.dual_clip),
  ...dualTerms(data.dual_clip),
  ...reinforce(data.reinforce),
  ...penalties(data.kl),
  ...inputClamp(data.kl_k3_input_clamp_gradient),
  ...penaltyLoss(data.kl_penalty_loss),
  ...corrected(data.ppo_clip_with_sampler_correction),
  ...gspo(data.gspo),
  ...approximateEntropy(data.approx_entropy),
  ...advantages(data.grpo_advantage),
]
