/** A batch of nested arrays as rows of its responses' tokens, masked positions left out: what `Loss` computes with. */
import type { Real } from "@rapo/distributions"
import { LogSpace, Softmax } from "@rapo/distributions"
import type { Batch } from "../Batch.ts"
import type * as Objective from "../Objective.ts"
import type { Observed } from "../Observed.ts"
import type { Reference } from "../Regulariser.ts"
import * as ReweightedReference from "../ReweightedReference.ts"
import type { Rows, Tokenwise } from "../Tokenwise.ts"
import { ofRows } from "../Tokenwise.ts"
import { at } from "./at.ts"
import { missing } from "./missing.ts"
import * as Vocabulary from "./vocabulary.ts"

/** A batch as rows, with the algebra over them. */
export interface Observation<A> {
  readonly W: Tokenwise<Rows<A>>
  readonly observed: Observed<Rows<A>>
  /** The policy's entropy at each token. */
  readonly entropy: Rows<A>
  /** The rows' elements of a matrix [B, T]. */
  readonly rowsOf: <X>(matrix: ReadonlyArray<ReadonlyArray<X>>) => Rows<X>
}

export const observe =
  <A>(R: Real.Real<A>) =>
  (objective: Objective.Objective, batch: Batch<A>): Observation<A> => {
    const places = batch.mask.map((row) => row.flatMap((m, t) => (m === 0 ? [] : [t])))
    const each = <X>(f: (b: number, t: number) => X): Rows<X> =>
      places.map((row, b) => row.map((t) => f(b, t)))
    const rowsOf = <X>(matrix: ReadonlyArray<ReadonlyArray<X>>): Rows<X> =>
      each((b, t) => at(at(matrix, b), t))
    const constants = (matrix: ReadonlyArray<ReadonlyArray<number>>): Rows<A> =>
      rowsOf(matrix).map((row) => row.map(R.of))
    const given = (values: ReadonlyArray<number>): Rows<A> => each((b) => R.of(at(values, b)))
    const W = ofRows(R)(
      places.map(({ length }) => length),
      batch.groupSize ?? Math.max(batch.mask.length, 1),
    )

    const logProbs = each((b, t) => Softmax.logProbs(R)(at(at(batch.logits, b), t)))
    const over = (f: (distribution: ReadonlyArray<A>, b: number, t: number) => A): Rows<A> =>
      places.map((row, b) => row.map((t, i) => f(at(at(logProbs, b), i), b, t)))
    const logProb = over((l, b, t) => at(l, at(at(batch.tokens, b), t)))
    const oldLogProb =
      batch.oldLogProbs === undefined ? W.stopGradient(logProb) : constants(batch.oldLogProbs)
    const reference = (to: Reference, b: number, t: number): ReadonlyArray<number> => {
      if (batch.referenceLogits === undefined) throw missing(objective, "reference", "referenceLogits")
      const logits = at(at(batch.referenceLogits, b), t)
      return to._tag === "Plain"
        ? LogSpace.logSoftmax(logits)
        : ReweightedReference.tokenLevel(to.phi, at(batch.rewards, b), logits)
    }

    return {
      W,
      rowsOf,
      entropy: over(Vocabulary.entropy(R)),
      observed: {
        isOnPolicy: batch.oldLogProbs === undefined,
        logProb,
        logWeight: W.sub(logProb, oldLogProb),
        logCorrection:
          batch.behaviourLogProbs === undefined
            ? undefined
            : W.sub(oldLogProb, constants(batch.behaviourLogProbs)),
        meanLogWeight: () => {
          if (batch.oldMeanLogProbs === undefined)
            throw missing(objective, "mean-log-probs", "oldMeanLogProbs")
          return W.sub(over(Vocabulary.mean(R)), constants(batch.oldMeanLogProbs))
        },
        advantage: given(batch.advantages),
        klWeight: batch.klWeights && given(batch.klWeights),
        isDemonstration: batch.isDemonstration && given(batch.isDemonstration),
        partition: () => {
          if (batch.partition === undefined) throw missing(objective, "partition", "partition")
          return W.of(batch.partition)
        },
        logRatio: (to) =>
          W.sub(
            each((b, t) => R.of(at(reference(to, b, t), at(at(batch.tokens, b), t)))),
            logProb,
          ),
        divergence: (direction, to) => {
          const kl = direction === "forward" ? Vocabulary.forwardKL : Vocabulary.reverseKL
          return over((l, b, t) => kl(R)(reference(to, b, t), l))
        },
      },
    }
  }
