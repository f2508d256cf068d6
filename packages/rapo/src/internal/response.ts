/** A batch of nested arrays as responses of tokens, masked positions left out: what `Loss` computes with. */
import type { Real } from "@rapo/distributions"
import { LogSpace, Softmax } from "@rapo/distributions"
import type { Batch } from "../Batch.ts"
import * as Objective from "../Objective.ts"
import * as ReweightedReference from "../ReweightedReference.ts"
import { referenceMissing } from "./referenceMissing.ts"

/** One token of a response, as the formulas see it. */
export interface Token<A> {
  readonly position: number
  /** ln π_θ(· given h), [V] */
  readonly logProbs: ReadonlyArray<A>
  /** ln p(· given h), [V]; empty without a reference */
  readonly referenceLogProbs: ReadonlyArray<number>
  /** ln r_t */
  readonly logWeight: A
  /** ln ρ_t, not clamped; 0 without a reference */
  readonly logRatio: A
}

export interface Response<A> {
  readonly advantage: number
  readonly tokens: ReadonlyArray<Token<A>>
}

/** The responses of a batch, masked positions left out. */
export const responsesOf =
  <A>(R: Real.Real<A>) =>
  (objective: Objective.Objective, batch: Batch<A>): ReadonlyArray<Response<A>> =>
    batch.tokens.map((row, b) => ({
      advantage: at(batch.advantages, b),
      tokens: row.flatMap((token, t): ReadonlyArray<Token<A>> => {
        if (at(at(batch.mask, b), t) === 0) return []
        const logProbs = Softmax.logProbs(R)(at(at(batch.logits, b), t))
        const chosen = at(logProbs, token)
        const old =
          batch.oldLogProbs === undefined ? R.stopGradient(chosen) : R.of(at(at(batch.oldLogProbs, b), t))
        const referenceLogProbs = referenceAt(objective, batch, b, t)
        const reference = referenceLogProbs[token]
        return [
          {
            position: t,
            logProbs,
            referenceLogProbs,
            logWeight: R.sub(chosen, old),
            logRatio: reference === undefined ? R.zero : R.sub(R.of(reference), chosen),
          },
        ]
      }),
    }))

const referenceAt = <A>(
  objective: Objective.Objective,
  batch: Batch<A>,
  b: number,
  t: number,
): ReadonlyArray<number> => {
  const { regulariser } = objective
  if (regulariser._tag === "None" || !Objective.needsReference(objective)) return []
  if (batch.referenceLogits === undefined) throw referenceMissing(objective)
  const logits = at(at(batch.referenceLogits, b), t)
  return regulariser.reference._tag === "Plain"
    ? LogSpace.logSoftmax(logits)
    : ReweightedReference.tokenLevel(regulariser.reference.phi, at(batch.rewards, b), logits)
}

/** An element that the batch's shapes promise. */
export const at = <A>(values: ReadonlyArray<A>, index: number): A => {
  const value = values[index]
  if (value === undefined) {
    throw new Error(`A batch's shapes disagree: no element ${index} among ${values.length}.`)
  }
  return value
}
