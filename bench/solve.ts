/**
 * Optimal policies over 100,000 outcomes, with their certificates, beside the obvious solver: bisection on λ, 100 passes.
 *
 *     npm run bench bench/solve.ts
 */
import { Categorical, Seed } from "@rapo/distributions"
import type { Certificate } from "@rapo/rapo"
import { Optimal, OptimalForward, OptimalForwardEntropy, OptimalReverse } from "@rapo/rapo"
import * as E from "fp-ts/lib/Either.js"
import { compare, report } from "./compare.ts"

const outcomes = 100_000
const alpha = 0.5
const beta = 0.1

const generator = Seed.generator(Seed.fromInteger(1))
const right = <L, A>(either: E.Either<L, A>): A => {
  if (E.isLeft(either)) throw new Error(JSON.stringify(either.left))
  return either.right
}
const reference = right(
  Categorical.fromLogits(Array.from({ length: outcomes }, () => 6 * generator.uniform())),
)
const problem = right(
  Optimal.problem(
    reference,
    Array.from({ length: outcomes }, () => generator.uniform()),
  ),
)

/** Σ π(λ) = 1 by a hundred halvings, each mass a closure's answer; no certificate. */
const bisection = (mass: (y: number, lambda: number) => number, low: number, high: number): (() => void) => {
  const solve = (): number => {
    let [a, b] = [low, high]
    for (let i = 0; i < 100; i++) {
      const lambda = (a + b) / 2
      const total = problem.rewards.reduce((sum, _, y) => sum + mass(y, lambda), 0)
      if (total > 1) a = lambda
      else b = lambda
    }
    return a
  }
  return () => {
    if (!Number.isFinite(solve())) throw new Error("the bisection found no root")
  }
}
const p = Categorical.probabilities(reference)
const r = problem.rewards

const solving = (f: () => E.Either<Optimal.ProblemError, Certificate.Optimum>) => (): void => {
  const { certificate } = right(f())
  if (!(certificate.kktResidual < 1e-12)) throw new Error("not an optimum")
}

const pairs = [
  [
    "reverse KL",
    () => OptimalReverse.optimum(problem, alpha),
    (y: number, lambda: number) => (p[y] ?? 0) * Math.exp(((r[y] ?? 0) - lambda) / alpha),
    [0, 1],
  ],
  [
    "reverse KL, entropy",
    () => OptimalReverse.optimum(problem, alpha, beta),
    (y: number, lambda: number) =>
      Math.exp(((r[y] ?? 0) + alpha * Math.log(p[y] ?? 0) - lambda) / (alpha + beta)),
    [-10, 10],
  ],
  [
    "forward KL",
    () => OptimalForward.optimum(problem, alpha),
    (y: number, lambda: number) => (alpha * (p[y] ?? 0)) / (lambda - (r[y] ?? 0)),
    [1 + 1e-12, 1 + alpha],
  ],
] as const
for (const [name, optimum, mass, [low, high]] of pairs)
  report(
    `${name} at N = ${outcomes}`,
    "solver, with certificate",
    "bisection on λ",
    compare(solving(optimum), bisection(mass, low, high), 7, 3),
  )
report(
  `forward KL, entropy, at N = ${outcomes}`,
  "without entropy",
  "with entropy (Wright's ω for each outcome)",
  compare(
    solving(() => OptimalForward.optimum(problem, alpha)),
    solving(() => OptimalForwardEntropy.optimum(problem, alpha, beta)),
    9,
    4,
  ),
)
