/**
 * A moving reference (T7): optimise, make the optimum the new reference, and again.
 *
 *     π_0 = p,    π_{n+1} = argmax_π E_π[r] - α D(π, π_n)
 *
 * With binary reward and a small correct mass q, one step multiplies q by α/(α-1) under forward KL (α > 1) and by e^{1/α}
 * under reverse KL. From q = 0 reverse KL never leaves; forward KL leaves if and only if α < 1.
 *
 * RAPO does this: π_ref ← π_θ after each outer iteration (arXiv 2510.03865). The steps are *derived* (theory T7).
 */
import type { Categorical } from "@rapo/distributions"
import * as E from "fp-ts/lib/Either.js"
import type { Optimum } from "./Certificate.ts"
import type { Problem, ProblemError } from "./Optimal.ts"

// combinators

/**
 * π_0, π_1, …, π_steps.
 *
 * **Domain** steps a whole number, at least 0.
 * **Fails with** what `optimum` fails with.
 *
 * ```ts import.meta.vitest
 * import * as E from "fp-ts/lib/Either.js"
 * import { pipe } from "fp-ts/lib/function.js"
 * import { Categorical } from "@rapo/distributions"
 * import { MovingReference, Optimal, OptimalForward } from "@rapo/rapo"
 * const correct = pipe(
 *   Categorical.fromWeights([1e-4, 1 - 1e-4]),
 *   E.flatMap((reference): E.Either<unknown, Optimal.Problem> => Optimal.problem(reference, [1, 0])),
 *   E.flatMap((problem) => MovingReference.policies((p) => OptimalForward.optimum(p, 0.5))(problem, 2)),
 *   E.match(() => [], (policies) => policies.map((policy) => Categorical.prob(policy, 0))),
 * )
 * correct[1] // ≈ 0.5001
 * correct[2] // ≈ 0.80906
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const policies =
  (optimum: (problem: Problem) => E.Either<ProblemError, Optimum>) =>
  (problem: Problem, steps: number): E.Either<ProblemError, ReadonlyArray<Categorical.Categorical>> => {
    const visited = [problem.reference]
    for (let step = 0; step < steps; step++) {
      const reference = visited[step] ?? problem.reference
      const next = optimum({ ...problem, reference })
      if (E.isLeft(next)) return next
      visited.push(next.right.policy)
    }
    return E.right(visited)
  }
