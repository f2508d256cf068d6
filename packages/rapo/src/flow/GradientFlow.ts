/**
 * Training with infinitely many samples and infinitely small steps: a differential equation, followed to rest.
 *
 *     Euclidean   ż = ∇_z J = π ⊙ (a - E_π a)       plain gradient ascent in the logits
 *     natural     ż = a - E_π a                     in Fisher's metric: the replicator equation, π̇ = π ⊙ (a - E_π a)
 *
 * with the worths a of `Drift`. Both have the same rest points inside the simplex, a = constant, and along both J rises:
 * dJ/dt = |∇_z J|² or Var_π a. The natural flow does not slow down where π is small, so it is the default.
 *
 * Laws
 * 1. T11: with an exact or a weighted penalty the flow ends at the closed form of its KL.
 * 2. T12: with the literal kF it ends at l e^l = (λ - r)/α, l = ln(p/π): another policy.
 * 3. T13: with back-propagated k3 it ends at the *forward* optimum.
 *
 * **Numerics** the embedded pair of Bogacki & Shampine, of orders 3 and 2, whose step adapts to the stiffest worth.
 *
 * Source: *derived* (theory T11-T13); Bogacki & Shampine (1989), Appl. Math. Lett. 2(4).
 */
import type { Categorical } from "@rapo/distributions"
import { LogSpace } from "@rapo/distributions"
import * as E from "fp-ts/lib/Either.js"
import { unsafeFromLogWeights } from "../internal/numbers.ts"
import type { Problem } from "../optimal/Optimal.ts"
import type { Training } from "./Drift.ts"
import { worths } from "./Drift.ts"

// model

/**
 * How a flow is followed.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options {
  readonly metric: "natural" | "euclidean"
  /** The local error in a logit that a step may make. */
  readonly tolerance: number
  /** At rest where no worth differs from the mean by more, in units of the reward. */
  readonly rest: number
  readonly mostSteps: number
}

/**
 * Where a flow has come to.
 *
 * @category models
 * @since 0.1.0
 */
export interface Arrival {
  readonly policy: Categorical.Categorical
  /** max_y |a(y) - E_π a| */
  readonly unrest: number
  readonly time: number
  readonly steps: number
}

/**
 * @category errors
 * @since 0.1.0
 */
export type FlowError = { readonly _tag: "NotAtRest"; readonly unrest: number; readonly steps: number }

// constructors

/**
 * *Ours*: an error of 1e-6 a step is forgotten on the way to an attracting rest point, and a worth is the derivative of
 * the objective in a probability, so that 1e-9 of rest is far below any total variation that one would look at.
 *
 * @category constructors
 * @since 0.1.0
 */
export const defaults: Options = { metric: "natural", tolerance: 1e-6, rest: 1e-9, mostSteps: 200_000 }

// combinators

/**
 * Follows the flow from the reference to where it rests.
 *
 * **Domain**     a reference of full support: a softmax policy cannot have another.
 * **Fails with** `NotAtRest` after `mostSteps`.
 *
 * ```ts import.meta.vitest
 * import * as E from "fp-ts/lib/Either.js"
 * import { pipe } from "fp-ts/lib/function.js"
 * import { Categorical } from "@rapo/distributions"
 * import { Drift, GradientFlow, Optimal, OptimalBinary } from "@rapo/rapo"
 * const correct = (training: Drift.Training) =>
 *   pipe(
 *     Categorical.fromProbabilities([0.02, 0.98]),
 *     E.flatMap((reference): E.Either<unknown, Optimal.Problem> => Optimal.problem(reference, [1, 0])),
 *     E.flatMap((problem) => GradientFlow.rest(training)(problem)),
 *     E.match(() => NaN, ({ policy }) => Categorical.prob(policy, 0)),
 *   )
 * correct(Drift.estimated("fkl-weighted", 1)) // ≈ 0.1414
 * correct(Drift.estimated("fkl-naive", 1)) // ≈ 0.4116
 * OptimalBinary.forward(0.02, 1) // ≈ 0.1414
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const rest =
  (training: Training, options: Options = defaults) =>
  (problem: Problem): E.Either<FlowError, Arrival> => {
    const field = fieldOf(training, options.metric, problem)
    let [logits, time, step] = [problem.reference.logProbs, 0, 0.1]
    let here = field(logits)
    for (let steps = 0; steps < options.mostSteps; steps++) {
      if (here.unrest <= options.rest) {
        return E.right({ policy: unsafeFromLogWeights(logits), unrest: here.unrest, time, steps })
      }
      const { there, next, error } = advance(field, logits, here, step)
      // Worths that grow without bound where π vanishes make an error that is not a number: far too long a step.
      const ratio = Number.isFinite(error) ? error / options.tolerance : Infinity
      if (ratio <= 1) {
        time += step
        logits = there
        here = next
      }
      step *= Math.min(4, Math.max(0.2, 0.9 * ratio ** (-1 / 3)))
    }
    return E.left({ _tag: "NotAtRest", unrest: here.unrest, steps: options.mostSteps })
  }

// destructors

/**
 * An error as a sentence.
 *
 * @category destructors
 * @since 0.1.0
 */
export const showError = ({ unrest, steps }: FlowError): string =>
  `After ${steps} steps the worths still differ by ${unrest}: allow more steps, or less rest.`

// numerics

type Numbers = ReadonlyArray<number>

/** The velocity of the logits at a point, and how far from rest it is. */
interface Velocity {
  readonly velocity: Numbers
  readonly unrest: number
}

type Field = (logits: Numbers) => Velocity

const fieldOf = (training: Training, metric: Options["metric"], problem: Problem): Field => {
  const worthsAt = worths(training)
  return (logits) => {
    const logPolicy = LogSpace.logSoftmax(logits)
    const worth = worthsAt(problem, logPolicy)
    const masses = logPolicy.map(Math.exp)
    const mean = LogSpace.sum(worth.map((a, y) => LogSpace.timesLog(masses[y] ?? NaN, a)))
    const excess = worth.map((a) => a - mean)
    return {
      velocity: metric === "natural" ? excess : excess.map((a, y) => (masses[y] ?? NaN) * a),
      unrest: excess.reduce((most, a) => Math.max(most, Math.abs(a)), 0),
    }
  }
}

/** One step of Bogacki and Shampine's pair: the third-order point, the velocity there, and the difference of the two orders. */
const advance = (
  field: Field,
  logits: Numbers,
  here: Velocity,
  step: number,
): { readonly there: Numbers; readonly next: Velocity; readonly error: number } => {
  const along = (...parts: ReadonlyArray<readonly [number, Numbers]>): Numbers =>
    logits.map((z, y) => parts.reduce((to, [weight, slope]) => to + step * weight * (slope[y] ?? NaN), z))
  const k1 = here.velocity
  const k2 = field(along([1 / 2, k1])).velocity
  const k3 = field(along([3 / 4, k2])).velocity
  const there = along([2 / 9, k1], [1 / 3, k2], [4 / 9, k3])
  const next = field(there)
  const second = along([7 / 24, k1], [1 / 4, k2], [1 / 3, k3], [1 / 8, next.velocity])
  const error = there.reduce((most, z, y) => Math.max(most, Math.abs(z - (second[y] ?? NaN))), 0)
  return { there, next, error }
}
