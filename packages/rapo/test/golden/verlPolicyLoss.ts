/** verl's policy losses and aggregations, from the formulas of this package. */
import { Dual, Float64, Real } from "@rapo/distributions"
import { Advantage, Aggregation, PolicyGradient, Tokenwise, TrustRegion } from "../../src/index.ts"
import type { Case, Matrix } from "./cases.ts"
import { at, differs, mapMatrix, reproduced, sumOf, weightedSum } from "./cases.ts"
import { constants, observedOf } from "./observed.ts"

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

/** How a response's ratio depends on its tokens: by their mean, or, in verl's gradient, each token by itself. */
type Dependence = "mean" | "straight-through"

const regionOf = ({ loss_fn, clip_ratio_low, clip_ratio_high, clip_ratio_c }: LossCase): Clip => ({
  _tag: "Clip",
  low: clip_ratio_low,
  high: clip_ratio_high,
  ...(loss_fn === "vanilla" ? { dual: clip_ratio_c } : {}),
})

type Clip = Extract<TrustRegion.TrustRegion, { readonly _tag: "Clip" }>

const surrogateOf = (one: LossCase, region: Clip): PolicyGradient.PolicyGradient => ({
  ...PolicyGradient.of(Advantage.groupStandardised, region),
  ratio: one.loss_fn === "gspo" ? "sequence" : "token",
  demonstrations: { _tag: "None" },
})

/** The positions of each response's tokens. */
const positionsOf = (mask: Matrix): Matrix => mask.map((row) => [...row.keys()].filter((t) => row[t] === 1))

/** The elements at those positions. */
const pick = (positions: Matrix, values: Matrix): Matrix =>
  positions.map((row, b) => row.map((t) => at(values, b, t)))

/** What is maximised at each token, by the objectives' own interpreter where the case is one of theirs. */
const gains =
  <A>(W: Tokenwise.Tokenwise<Tokenwise.Rows<A>>) =>
  (one: LossCase, dependence: Dependence, { logProb, logWeight, advantage }: Seen<A>): Tokenwise.Rows<A> => {
    const surrogate = surrogateOf(one, regionOf(one))
    switch (one.loss_fn) {
      case "gpg":
        return W.mul(advantage, logProb)
      case "cispo": {
        const ratio = W.exp(logWeight)
        return W.mul(
          W.mul(W.stopGradient(TrustRegion.clipRatio(W)(regionOf(one), ratio)), advantage),
          logProb,
        )
      }
      case "vanilla":
      case "gspo": {
        if (dependence === "mean") {
          return PolicyGradient.gain(W)(surrogate, observedOf(W)(logProb, logWeight, advantage), advantage)
            .gain
        }
        const byItself = W.sub(logWeight, W.stopGradient(logWeight))
        const straight = W.add(W.stopGradient(Tokenwise.mean(W)(logWeight)), byItself)
        return PolicyGradient.gain(W)(
          { ...surrogate, ratio: "token" },
          observedOf(W)(logProb, straight, advantage),
          advantage,
        ).gain
      }
    }
  }

interface Seen<A> {
  readonly logProb: Tokenwise.Rows<A>
  readonly logWeight: Tokenwise.Rows<A>
  readonly advantage: Tokenwise.Rows<A>
}

/** The aggregated loss as a function of the log-probabilities at all positions, row by row. */
const lossOf =
  <A>(R: Real.Real<A>) =>
  ({ inputs }: PolicyLoss, one: LossCase, dependence: Dependence) =>
  (logProbs: ReadonlyArray<A>): A => {
    const mask = inputs.response_mask
    const width = mask[0]?.length ?? 0
    const positions = positionsOf(mask)
    const W = Tokenwise.ofRows(R)(lengthsOf(positions), 1)
    const logProb = positions.map((row, b) => row.map((t) => logProbs[b * width + t] ?? R.zero))
    const rows = constants(R)
    const logWeight = W.sub(logProb, rows(pick(positions, inputs.old_log_prob)))
    const advantage = rows(pick(positions, inputs.advantages))
    const weights = Aggregation.weights(aggregationOf(one), mask, Aggregation.countsOf(mask))
    const weighted = W.mul(
      rows(pick(positions, weights)),
      gains(W)(one, dependence, { logProb, logWeight, advantage }),
    )
    return Real.neg(R)(Real.sum(R)(weighted.flat()))
  }

const lengthsOf = (positions: Matrix): ReadonlyArray<number> => positions.map((row) => row.length)

const aggregationOf = ({ loss_agg_mode }: LossCase): Aggregation.Aggregation => ({
  _tag: loss_agg_mode === "token-mean" ? "TokenMean" : "SequenceMean",
})

/** The fractions that verl reports, as means over tokens. */
const metricsOf = ({ inputs }: PolicyLoss, one: LossCase): Readonly<Record<string, number>> => {
  const positions = positionsOf(inputs.response_mask)
  const W = Tokenwise.ofRows(Float64.Real)(lengthsOf(positions), 1)
  const logProb = pick(positions, inputs.log_prob)
  const logWeight = W.sub(logProb, pick(positions, inputs.old_log_prob))
  const advantage = pick(positions, inputs.advantages)
  const { dual, ...clip } = regionOf(one)
  const { gain, clipped } = PolicyGradient.gain(W)(
    surrogateOf(one, clip),
    observedOf(W)(logProb, logWeight, advantage),
    advantage,
  )
  const mean = (rows: Matrix): number => sumOf(rows.flat()) / rows.flat().length
  // cispo counts every ratio that it holds, the others only where that lowers the surrogate
  const held = mapMatrix(W.exp(logWeight), (r) => Number(TrustRegion.clipRatio(Float64.Real)(clip, r) !== r))
  const lowered = mapMatrix(clipped ?? W.zero, (gap) => Number(gap > 0))
  const heldBelow = mapMatrix(gain, (g, b, t) =>
    Number(dual !== undefined && g < dual * Math.min(at(advantage, b, t), 0)),
  )
  return {
    "actor/pg_clipfrac": mean(one.loss_fn === "cispo" ? held : lowered),
    "actor/pg_clipfrac_lower": mean(heldBelow),
    "actor/ppo_kl": -mean(logWeight),
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
