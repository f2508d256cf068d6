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
 * **Numerics** the worths of a tiny π change fast and those near the optimum slowly: the system is stiff. Followed by the
 * linearly implicit Euler method, whose matrix is a diagonal and a rank-one term (an outcome's worth depends on its own ln π
 * alone), in steps that move no logit by more than `stride`; near rest it becomes Newton's method. The matrix decides how
 * fast the flow is followed, never where it rests.
 *
 * Source: *derived* (theory T11-T13); the method: Hairer & Wanner, Solving ODEs II (1996), section IV.7.
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
  /** The most that a step may move a logit. */
  readonly stride: number
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
 * *Ours*: a step of 0.05 errs by 0.001 in a logit, which an attracting rest point forgets; a worth is the derivative of
 * the objective in a probability, so that 1e-10 of rest is far below any total variation that one would look at.
 *
 * @category constructors
 * @since 0.1.0
 */
export const defaults: Options = { metric: "natural", stride: 0.05, rest: 1e-10, mostSteps: 100_000 }

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
 * correct(Drift.estimated("fkl-naive", 1)) // ≈ 0.4124
 * OptimalBinary.forward(0.02, 1) // ≈ 0.1414
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const rest =
  (training: Training, options: Options = defaults) =>
  (problem: Problem): E.Either<FlowError, Arrival> => {
    let [logits, time, duration] = [problem.reference.logProbs, 0, 1]
    let unrest = Infinity
    for (let steps = 0; steps < options.mostSteps; steps++) {
      const here = velocityAt(training, options.metric, problem, logits)
      unrest = here.unrest
      if (unrest <= options.rest)
        return E.right({ policy: unsafeFromLogWeights(logits), unrest, time, steps })
      // The longest of 2h, h, h/2, … that the stride allows
      duration *= 2
      let move = implicitStep(here, duration)
      while (!(greatest(move) <= options.stride)) {
        duration /= 2
        move = implicitStep(here, duration)
      }
      logits = logits.map((z, y) => z + (move[y] ?? NaN))
      time += duration
    }
    return E.left({ _tag: "NotAtRest", unrest, steps: options.mostSteps })
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

/** The velocity of the logits at a point, what its Jacobian is made of, and how far the point is from rest. */
interface Velocity {
  readonly masses: Numbers
  readonly velocity: Numbers
  /** The derivative of each outcome's velocity in its own ln π, its mean and metric held. */
  readonly slopes: Numbers
  readonly unrest: number
}

const velocityAt = (
  training: Training,
  metric: Options["metric"],
  problem: Problem,
  logits: Numbers,
): Velocity => {
  const logPolicy = LogSpace.logSoftmax(logits)
  const masses = logPolicy.map(Math.exp)
  const worth = worths(training)(problem, logPolicy)
  const mean = LogSpace.sum(worth.map((a, y) => LogSpace.timesLog(masses[y] ?? NaN, a)))
  const excess = worth.map((a) => a - mean)
  const scale = metric === "natural" ? masses.map(() => 1) : masses
  const scaled = (xs: Numbers): Numbers => xs.map((x, y) => (scale[y] ?? NaN) * x)
  return {
    masses,
    velocity: scaled(excess),
    slopes: scaled(slopesOf(training)(problem, logPolicy)),
    unrest: greatest(excess),
  }
}

/** How far apart two values of ln π are taken for a slope: far above rounding, far below the scale on which worths bend. */
const spacing = 1e-4

/** ∂a/∂ ln π of each outcome, as a difference quotient: an outcome's worth depends on its own ln π alone. */
const slopesOf =
  (training: Training) =>
  (problem: Problem, logPolicy: Numbers): Numbers => {
    const shifted = (by: number): Numbers =>
      worths(training)(
        problem,
        logPolicy.map((l) => l + by),
      )
    const [above, below] = [shifted(spacing), shifted(-spacing)]
    return above.map((a, y) => (a - (below[y] ?? NaN)) / (2 * spacing))
  }

/**
 * (1 - h J)⁻¹ h v with J = diag(s)(1 - 1πᵀ), by the Sherman-Morrison formula. An outcome whose worth grows with ln π has
 * nothing to damp, and for long steps no finite 1/(1 - hs): its slope is left out.
 */
const implicitStep = ({ masses, velocity, slopes }: Velocity, duration: number): Numbers => {
  const damped = slopes.map((slope) => 1 / (1 - duration * Math.min(0, slope)))
  const free = velocity.map((v, y) => duration * v * (damped[y] ?? NaN))
  const pull = slopes.map((slope, y) => duration * Math.min(0, slope) * (damped[y] ?? NaN))
  const along = (xs: Numbers): number => xs.reduce((total, x, y) => total + x * (masses[y] ?? NaN), 0)
  const share = along(free) / along(damped)
  return free.map((move, y) => move - share * (pull[y] ?? NaN))
}

const greatest = (xs: Numbers): number => xs.reduce((most, x) => Math.max(most, Math.abs(x)), 0)
