/** verl's penalties, entropies and log-probabilities of tokens, from the formulas of this package. */
import { Dual, Float64, Real, Softmax } from "@rapo/distributions"
import { Estimator } from "@rapo/divergences"
import { Aggregation } from "../../src/index.ts"
import type { Case, Matrix } from "./cases.ts"
import { at, differs, reproduced, weightedSum } from "./cases.ts"

/** Inputs are printed with 4 digits and computed with in float64, and verl adds 1e-8 to some denominators. */
const tolerance = 5e-8

export interface KlPenalty {
  readonly logprob: ReadonlyArray<number>
  readonly ref_logprob: ReadonlyArray<number>
  readonly k1: Pair
  readonly abs: Pair
  readonly k2: Pair
  readonly k3: Pair
  readonly "k1+": Pair
  readonly "k3+": Pair
}

interface Pair {
  readonly value: ReadonlyArray<number>
  readonly grad: ReadonlyArray<number>
}

/** |l|, with derivative 0 at l = 0. */
const absolute: Estimator.Estimator = (R) => (l) => R.add(R.max(l, R.zero), R.max(Real.neg(R)(l), R.zero))

/** verl's k3: the log-ratio held within ±20, the value within ±10. */
const heldK3: Estimator.Estimator = (R) => (l) =>
  Real.clamp(R)(Estimator.k3(R)(Estimator.clampLogRatio(20)(R)(l)), R.of(-10), R.of(10))

/** The value of one estimator with the gradient of k2: verl's names with a trailing "+". */
const straightThrough =
  (estimator: Estimator.Estimator): Estimator.Estimator =>
  (R) =>
  (l) => {
    const smooth = Estimator.k2(R)(l)
    return R.add(smooth, R.stopGradient(R.sub(estimator(R)(l), smooth)))
  }

/** Sums of a few exponentials up to e⁴. */
const exact = 1e-12

export const penalties = (data: KlPenalty): ReadonlyArray<Case> => {
  const values = (estimator: Estimator.Estimator): ReadonlyArray<number> =>
    data.logprob.map((l, i) => estimator(Float64.Real)((data.ref_logprob[i] ?? NaN) - l))
  const gradients = (estimator: Estimator.Estimator): ReadonlyArray<number> =>
    data.logprob.map((l, i) =>
      Dual.derivative((x) =>
        estimator(Dual.Real)(Dual.Real.sub(Dual.constant(data.ref_logprob[i] ?? NaN), x)),
      )(l),
    )
  const same = (name: keyof KlPenalty & keyof typeof estimators): ReadonlyArray<Case> => [
    reproduced(`kl_penalty ${name}`, values(estimators[name]), data[name].value, exact),
    reproduced(`kl_penalty ${name} gradient`, gradients(estimators[name]), data[name].grad, exact),
  ]
  const estimators = {
    k1: Estimator.k1,
    abs: absolute,
    k2: Estimator.k2,
    "k1+": straightThrough(Estimator.k1),
  }
  const why = "verl holds k3's value at 10, where its gradient stops; ours is held by its log-ratio alone"
  const ours = { k3: Estimator.k3, "k3+": straightThrough(Estimator.k3) }
  const explained = { k3: heldK3, "k3+": straightThrough(heldK3) }
  return [
    ...same("k1"),
    ...same("abs"),
    ...same("k2"),
    ...same("k1+"),
    ...(["k3", "k3+"] as const).map((name) =>
      differs(
        `kl_penalty ${name}`,
        why,
        { ours: values(ours[name]), explained: values(explained[name]), theirs: data[name].value },
        exact,
      ),
    ),
    differs(
      "kl_penalty k3 gradient",
      why,
      { ours: gradients(ours.k3), explained: gradients(explained.k3), theirs: data.k3.grad },
      exact,
    ),
    reproduced("kl_penalty k3+ gradient", gradients(ours["k3+"]), data["k3+"].grad, exact),
  ]
}

export interface EntropyLogprob {
  readonly logits: ReadonlyArray<Matrix>
  readonly labels: Matrix
  readonly entropy: Matrix
  readonly entropy_grad: ReadonlyArray<Matrix>
  readonly logprobs: Matrix
  readonly logprobs_grad: ReadonlyArray<Matrix>
  readonly mask: Matrix
  readonly entropy_loss_token_mean: number
  readonly entropy_loss_seq_mean_token_mean: number
}

const entropy =
  <A>(R: Real.Real<A>) =>
  (logits: ReadonlyArray<A>): A =>
    Real.neg(R)(Real.sum(R)(Softmax.logProbs(R)(logits).map((l) => R.mul(R.exp(l), l))))

export const entropies = (data: EntropyLogprob): ReadonlyArray<Case> => {
  const chosen =
    <A>(R: Real.Real<A>) =>
    (b: number, t: number) =>
    (logits: ReadonlyArray<A>): A =>
      Softmax.logProbs(R)(logits)[at(data.labels, b, t)] ?? R.of(NaN)
  const each = <B>(f: (logits: ReadonlyArray<number>, b: number, t: number) => B): Array<Array<B>> =>
    data.logits.map((row, b) => row.map((logits, t) => f(logits, b, t)))
  const counts = Aggregation.countsOf(data.mask)
  const total = (aggregation: Aggregation.Aggregation): number =>
    weightedSum(Aggregation.weights(aggregation, data.mask, counts), each(entropy(Float64.Real)))
  return [
    reproduced("entropy", each(entropy(Float64.Real)), data.entropy, exact),
    reproduced("entropy gradient", each(Dual.gradient(entropy(Dual.Real))), data.entropy_grad, exact),
    reproduced(
      "logprobs",
      each((logits, b, t) => chosen(Float64.Real)(b, t)(logits)),
      data.logprobs,
      exact,
    ),
    reproduced(
      "logprobs gradient",
      each((logits, b, t) => Dual.gradient(chosen(Dual.Real)(b, t))(logits)),
      data.logprobs_grad,
      exact,
    ),
    reproduced(
      "entropy loss token-mean",
      total({ _tag: "TokenMean" }),
      data.entropy_loss_token_mean,
      tolerance,
    ),
    reproduced(
      "entropy loss seq-mean-token-mean",
      total({ _tag: "SequenceMean" }),
      data.entropy_loss_seq_mean_token_mean,
      tolerance,
    ),
  ]
}
