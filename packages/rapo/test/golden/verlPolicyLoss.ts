/** verl's policy losses and aggregations, from the formulas of this package. */
import { Dual, Float64, Real } from "@rapo/distributions"
import { Aggregation, Ratio, TrustRegion } from "../../src/index.ts"
import type { Case, Matrix } from "./cases.ts"
import { at, differs, mapMatrix, reproduced, weightedSum } from "./cases.ts"

/** Inputs are printed with 4 digits and computed with in float64, and verl adds 1e-8 to some denominators. */
const tolerance = 5e-8

export interface PolicyLoss {
  readonly inputs: {
    readonly old_log_prob: Matrix
    readonly log_prob: Matrix
    readonly advantages: Matrix
    readonly response_mask: Matrix
  }
  readonly cases: ReadonlyArray<{
    readonly loss_fn: "vanilla" | "gspo" | "cispo" | "gpg"
    readonly loss_agg_mode: "token-mean" | "seq-mean-token-mean"
    readonly clip_ratio_low: number
    readonly clip_ratio_high: number
    readonly clip_ratio_c: number
    readonly loss: number
    readonly grad_log_prob: Matrix
    readonly metrics: Readonly<Record<string, number>>
  }>
}

type LossCase = PolicyLoss["cases"][number]

interface Parts<A> {
  readonly ratio: A
  readonly advantage: A
  readonly logProb: A
}

/** A token's loss, given its ratio at the level of the case. */
const tokenLoss =
  <A>(R: Real.Real<A>) =>
  (one: LossCase, { ratio, advantage, logProb }: Parts<A>): A => {
    const region = regionOf(one)
    switch (one.loss_fn) {
      case "vanilla":
      case "gspo":
        return Real.neg(R)(TrustRegion.surrogate(R)(region, ratio, advantage))
      case "cispo": {
        const held = R.stopGradient(TrustRegion.clipRatio(R)(region, ratio))
        return Real.neg(R)(R.mul(R.mul(held, advantage), logProb))
      }
      case "gpg":
        return Real.neg(R)(R.mul(advantage, logProb))
    }
  }

const regionOf = ({ loss_fn, clip_ratio_low, clip_ratio_high, clip_ratio_c }: LossCase): Clip => ({
  _tag: "Clip",
  low: clip_ratio_low,
  high: clip_ratio_high,
  ...(loss_fn === "vanilla" ? { dual: clip_ratio_c } : {}),
})

type Clip = Extract<TrustRegion.TrustRegion, { readonly _tag: "Clip" }>

const aggregationOf = ({ loss_agg_mode }: LossCase): Aggregation.Aggregation => ({
  _tag: loss_agg_mode === "token-mean" ? "TokenMean" : "SequenceMean",
})

/** How a response's ratio depends on its tokens: by their mean, or, in verl's gradient, each token by itself. */
type Dependence = "mean" | "straight-through"

/** The ratios of one response's tokens. */
const ratiosOf =
  <A>(R: Real.Real<A>) =>
  (one: LossCase, dependence: Dependence, logRatios: ReadonlyArray<A>): ReadonlyArray<A> => {
    if (one.loss_fn !== "gspo") return logRatios.map(Ratio.fromLog(R))
    const lifted = Ratio.atLevel(R)("sequence", logRatios)
    if (dependence === "mean") return lifted.map(Ratio.fromLog(R))
    return lifted.map((mean, t) => {
      const own = logRatios[t] ?? R.zero
      return Ratio.fromLog(R)(R.add(R.stopGradient(mean), R.sub(own, R.stopGradient(own))))
    })
  }

/** The aggregated loss as a function of the log-probabilities at all positions, row by row. */
const lossOf =
  <A>(R: Real.Real<A>) =>
  ({ inputs }: PolicyLoss, one: LossCase, dependence: Dependence) =>
  (logProbs: ReadonlyArray<A>): A => {
    const mask = inputs.response_mask
    const width = mask[0]?.length ?? 0
    const weights = Aggregation.weights(aggregationOf(one), mask, Aggregation.countsOf(mask))
    const terms = mask.flatMap((row, b) => {
      const positions = [...row.keys()].filter((t) => row[t] === 1)
      const chosen = positions.map((t) => logProbs[b * width + t] ?? R.zero)
      const logRatios = chosen.map((l, i) => R.sub(l, R.of(at(inputs.old_log_prob, b, positions[i] ?? NaN))))
      return ratiosOf(R)(one, dependence, logRatios).map((ratio, i) => {
        const t = positions[i] ?? NaN
        const parts = {
          ratio,
          advantage: R.of(at(inputs.advantages, b, t)),
          logProb: chosen[i] ?? R.zero,
        }
        return R.mul(R.of(at(weights, b, t)), tokenLoss(R)(one, parts))
      })
    })
    return Real.sum(R)(terms)
  }

/** The fractions that verl reports, as means over tokens. */
const metricsOf = ({ inputs }: PolicyLoss, one: LossCase): Readonly<Record<string, number>> => {
  const R = Float64.Real
  const mask = inputs.response_mask
  const logRatios = mapMatrix(inputs.log_prob, (l, b, t) => l - at(inputs.old_log_prob, b, t))
  const ratios = mask.map((row, b) => {
    const positions = [...row.keys()].filter((t) => row[t] === 1)
    const lifted = ratiosOf(R)(
      one,
      "mean",
      positions.map((t) => at(logRatios, b, t)),
    )
    return row.map((m, t) => (m === 1 ? (lifted[positions.indexOf(t)] ?? NaN) : 1))
  })
  const weights = Aggregation.weights({ _tag: "TokenMean" }, mask, Aggregation.countsOf(mask))
  const mean = (value: (ratio: number, advantage: number) => number): number =>
    weightedSum(
      weights,
      mapMatrix(ratios, (ratio, b, t) => value(ratio, at(inputs.advantages, b, t))),
    )
  const { dual, ...clip } = regionOf(one)
  // cispo counts every ratio that it holds, the others only where that lowers the surrogate
  const isClipped = (ratio: number, advantage: number): boolean =>
    one.loss_fn === "cispo"
      ? TrustRegion.clipRatio(R)(clip, ratio) !== ratio
      : TrustRegion.isClipped(clip, ratio, advantage)
  const isHeldBelow = (ratio: number, advantage: number): boolean =>
    dual !== undefined && TrustRegion.surrogate(R)(clip, ratio, advantage) < dual * Math.min(advantage, 0)
  return {
    "actor/pg_clipfrac": mean((ratio, advantage) => Number(isClipped(ratio, advantage))),
    "actor/pg_clipfrac_lower": mean((ratio, advantage) => Number(isHeldBelow(ratio, advantage))),
    "actor/ppo_kl": -weightedSum(weights, logRatios),
  }
}

export const policyLosses = (data: PolicyLoss): ReadonlyArray<Case> =>
  data.cases.flatMap((one) => {
    const name = `policy_loss ${one.loss_fn} ${one.loss_agg_mode} ${one.clip_ratio_c}`
    const values = data.inputs.log_prob.flat()
    const gradient = (dependence: Dependence): ReadonlyArray<number> =>
      Dual.gradient(lossOf(Dual.Real)(data, one, dependence))(values)
    const theirs = one.grad_log_prob.flat()
    const ours = metricsOf(data, one)
    const reported = Object.keys(one.metrics)
    return [
      reproduced(name, lossOf(Float64.Real)(data, one, "mean")(values), one.loss, tolerance),
      one.loss_fn === "gspo"
        ? differs(
            `${name} gradient`,
            "verl's gradient flows to each token through itself alone (GSPO-token); through the mean of the response it is " +
              "the same where advantages are one a response, which these inputs are not",
            { ours: gradient("mean"), explained: gradient("straight-through"), theirs },
            tolerance,
          )
        : reproduced(`${name} gradient`, gradient("mean"), theirs, tolerance),
      ...reported.map((metric) =>
        reproduced(`${name} ${metric}`, ours[metric] ?? NaN, one.metrics[metric] ?? NaN, tolerance),
      ),
    ]
  })

export interface AggLoss {
  readonly loss_mat: Matrix
  readonly mask: Matrix
  readonly "token-mean": number
  readonly "seq-mean-token-sum": number
  readonly "seq-mean-token-mean": number
  readonly "seq-mean-token-sum-norm": number
}

/** verl leaves empty responses out of the count of sequences, and its normalised sum has no count at all. */
export const aggregations = (data: AggLoss): ReadonlyArray<Case> => {
  const counts = Aggregation.countsOf(data.mask)
  const sequenceCount = data.mask.filter((row) => row.includes(1)).length
  const total = (aggregation: Aggregation.Aggregation, sequences: number): number =>
    weightedSum(
      Aggregation.weights(aggregation, data.mask, { ...counts, sequenceCount: sequences }),
      data.loss_mat,
    )
  const counted = (
    mode: "seq-mean-token-sum" | "seq-mean-token-mean" | "seq-mean-token-sum-norm",
    aggregation: Aggregation.Aggregation,
    sequences: number,
    why: string,
  ): Case =>
    differs(
      `agg_loss ${mode}`,
      why,
      {
        ours: total(aggregation, counts.sequenceCount),
        explained: total(aggregation, sequences),
        theirs: data[mode],
      },
      tolerance,
    )
  const empty = "an empty response is a response to us, and is not counted by verl"
  return [
    reproduced("agg_loss token-mean", total({ _tag: "TokenMean" }, NaN), data["token-mean"], tolerance),
    counted("seq-mean-token-mean", { _tag: "SequenceMean" }, sequenceCount, empty),
    counted("seq-mean-token-sum", { _tag: "Constant", length: 1 }, sequenceCount, empty),
    counted(
      "seq-mean-token-sum-norm",
      { _tag: "Constant", length: data.mask[0]?.length ?? NaN },
      1,
      "verl divides by the width only, so its loss grows with the batch; ours is also a mean over responses",
    ),
  ]
}
