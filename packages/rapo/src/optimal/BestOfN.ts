/**
 * Best-of-N (T9): the law of the best of N draws from the reference, a policy that no gradient was needed for.
 *
 *     π_N(y) = F(y)^N - F⁻(y)^N,        F(y) = P_p(r <= r(y)),  F⁻(y) = P_p(r < r(y))
 *     KL(π_N ‖ p) <= ln N - (N-1)/N
 *
 * Outcomes of equal reward are a tie, decided by which was drawn first: together they get F^N - F⁻^N, and share it in the
 * proportion of p. N = 1 is the reference. The N need not be whole: between whole numbers the formula interpolates.
 *
 * Laws: it is a distribution; the KL bound; for binary reward the correct mass is pass@N = 1 - (1-q)^N; E r grows with N.
 *
 * **Numerics** relative precision for class masses down to 1e-300: F from below or from above, whichever is small.
 *
 * Source: Beirami et al. (2024), arXiv 2401.01879; Yang et al. (2024), arXiv 2404.01730; ties are *ours*.
 */
import type { Categorical } from "@rapo/distributions"
import * as E from "fp-ts/lib/Either.js"
import { unsafeFromLogWeights } from "../internal/numbers.ts"
import type { Problem, ProblemError } from "./Optimal.ts"

// constructors

/**
 * The law of the best of N draws.
 *
 * **Shapes**  problem: N outcomes;  policy: [N].
 * **Fails with** `DrawsFewerThanOne`.
 *
 * ```ts import.meta.vitest
 * import * as E from "fp-ts/lib/Either.js"
 * import { pipe } from "fp-ts/lib/function.js"
 * import { Categorical } from "@rapo/distributions"
 * import { BestOfN, Optimal } from "@rapo/rapo"
 * const correct = pipe(
 *   Categorical.fromProbabilities([0.25, 0.75]),
 *   E.flatMap((reference): E.Either<unknown, Optimal.Problem> => Optimal.problem(reference, [1, 0])),
 *   E.flatMap((problem) => BestOfN.policy(problem, 2)),
 *   E.match(() => NaN, (policy) => Categorical.prob(policy, 0)),
 * )
 * correct // ≈ 0.4375
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const policy = (
  { reference, rewards }: Problem,
  draws: number,
): E.Either<ProblemError, Categorical.Categorical> => {
  if (!(draws >= 1 && draws < Infinity)) return E.left({ _tag: "DrawsFewerThanOne", draws })
  const logWeights = rewards.map(() => -Infinity)
  for (const { members, mass, below, above } of classes(reference, rewards)) {
    const logRise = logPowerRise(mass, below, above, draws)
    for (const y of members) {
      const logP = reference.logProbs[y] ?? -Infinity
      if (logP > -Infinity) logWeights[y] = logRise + logP - Math.log(mass)
    }
  }
  return E.right(unsafeFromLogWeights(logWeights))
}

// destructors

/**
 * The most that best-of-N can differ from its reference, in nats: KL(π_N ‖ p) <= ln N - (N-1)/N.
 *
 * ```ts import.meta.vitest
 * import { BestOfN } from "@rapo/rapo"
 * BestOfN.klBound(1) // => 0
 * BestOfN.klBound(8) // ≈ 1.204442
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
export const klBound = (draws: number): number => Math.log(draws) - (draws - 1) / draws

// numerics

/** Outcomes of one reward, with their mass and those of the classes below and above. */
interface Class {
  readonly members: ReadonlyArray<number>
  readonly mass: number
  readonly below: number
  readonly above: number
}

const classes = (
  { logProbs }: Categorical.Categorical,
  rewards: ReadonlyArray<number>,
): ReadonlyArray<Class> => {
  const byReward = new Map<number, Array<number>>()
  // + 0 joins -0 to 0
  rewards.forEach((reward, y) => {
    const members = byReward.get(reward + 0)
    if (members === undefined) byReward.set(reward + 0, [y])
    else members.push(y)
  })
  const ascending = [...byReward].toSorted(([a], [b]) => a - b).map(([, members]) => members)
  const masses = ascending.map((members) =>
    members.reduce((total, y) => total + Math.exp(logProbs[y] ?? -Infinity), 0),
  )
  const before = (xs: ReadonlyArray<number>): ReadonlyArray<number> => {
    let total = 0
    return xs.map((x) => {
      const reached = total
      total += x
      return reached
    })
  }
  const [below, above] = [before(masses), before(masses.toReversed()).toReversed()]
  return ascending.map((members, c) => ({
    members,
    mass: masses[c] ?? NaN,
    below: below[c] ?? NaN,
    above: above[c] ?? NaN,
  }))
}

/** ln((below + mass)^N - below^N), from whichever parts are small. */
const logPowerRise = (mass: number, below: number, above: number, draws: number): number => {
  const upTo = below + mass
  const logUpTo = above < 0.5 ? Math.log1p(-above) : Math.log(upTo)
  // ln(F⁻/F)
  const logFall = mass < upTo / 2 ? Math.log1p(-mass / upTo) : Math.log(below / upTo)
  return draws * logUpTo + Math.log(-Math.expm1(draws * logFall))
}
