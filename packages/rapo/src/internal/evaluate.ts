/** An objective read over any `Tokenwise`: the one place where its parts meet, for numbers and for tensors alike. */
import * as PolicyGradient from "../surrogates/PolicyGradient.ts"
import type { Objective } from "../Objective.ts"
import type { Observed } from "../Observed.ts"
import * as Regulariser from "../Regulariser.ts"
import * as Surrogate from "../Surrogate.ts"
import type { Tokenwise } from "../Tokenwise.ts"
import { penaltyOf } from "./penalty.ts"

/** One number a token, before weights and coefficients. Undefined is nothing: 0 everywhere. */
export interface Evaluated<A> {
  readonly gain: A
  readonly cost: A | undefined
  /** Above 0 where clipping lowered the surrogate. */
  readonly clipped: A | undefined
  /** Above 0 where ln ρ is outside its bound. */
  readonly clamped: A | undefined
}

export const evaluate =
  <A>(W: Tokenwise<A>) =>
  (objective: Objective, observed: Observed<A>): Evaluated<A> => {
    const penalty = penaltyOf(W)(objective.regulariser, observed)
    const rest = { cost: penalty?.cost, clamped: penalty?.excess }
    const { surrogate, regulariser } = objective
    if (surrogate._tag !== "PolicyGradient") {
      return { gain: Surrogate.gain(W)(surrogate, observed), clipped: undefined, ...rest }
    }
    const shaped = PolicyGradient.shaped(W)(surrogate, observed)
    const advantage =
      penalty?.logRatio !== undefined && Regulariser.shapesAdvantage(regulariser)
        ? Regulariser.shapedAdvantage(W)(regulariser, shaped, penalty.logRatio)
        : shaped
    return { ...PolicyGradient.gain(W)(surrogate, observed, advantage), ...rest }
  }

/** The coefficient of the KL as a loss: 0 where there is none, or where it has already entered through the advantage. */
export const lossCoefficient = ({ regulariser }: Objective): number =>
  Regulariser.holds(regulariser) && !Regulariser.shapesAdvantage(regulariser) ? regulariser.coefficient : 0
