/**
 * Surrogates: what an objective maximises besides its regulariser, as data.
 *
 * | surrogate | a response's credit A_b | what is differentiated |
 * |---|---|---|
 * | PolicyGradient | its advantage | r A within a trust region |
 * | Classification | its signed class weight | - BCE of the policy's log-ratio as a logit |
 * | BellmanRegression | its advantage | - (Q - one-step target)² |
 * | DistributionMatching | e^{r/β}, or r | sg[P/q - Z π/q] ln π |
 *
 * `Credit` makes A_b from rewards; each surrogate's formula stands in its own file in `surrogates/`.
 */
import * as BellmanRegression from "./surrogates/BellmanRegression.ts"
import * as Classification from "./surrogates/Classification.ts"
import * as DistributionMatching from "./surrogates/DistributionMatching.ts"
import type { PolicyGradient } from "./surrogates/PolicyGradient.ts"
import type { Observed } from "./Observed.ts"
import type { Tokenwise } from "./Tokenwise.ts"

// model

/**
 * A surrogate that has one number a response, so that an objective with it is a mean over responses.
 *
 * @category models
 * @since 0.1.0
 */
export type OfResponses = Classification.Classification | DistributionMatching.DistributionMatching

/**
 * @category models
 * @since 0.1.0
 */
export type Surrogate = PolicyGradient | BellmanRegression.BellmanRegression | OfResponses

// combinators

/**
 * What is maximised, one number a token, for the surrogates that have no ratio to trust.
 *
 * @category combinators
 * @since 0.1.0
 */
export const gain =
  <A>(W: Tokenwise<A>) =>
  (surrogate: Exclude<Surrogate, PolicyGradient>, observed: Observed<A>): A => {
    switch (surrogate._tag) {
      case "Classification":
        return Classification.gain(W)(surrogate, observed)
      case "BellmanRegression":
        return BellmanRegression.gain(W)(surrogate, observed)
      case "DistributionMatching":
        return DistributionMatching.gain(W)(surrogate, observed)
    }
  }
