/**
 * The optimal policy of a question, as `rapo solve` prints it.
 */
import { Categorical } from "@rapo/distributions"
import { FDivergence } from "@rapo/divergences"
import type { Certificate, Optimal } from "@rapo/rapo"
import { OptimalForwardEntropy, OptimalReverse } from "@rapo/rapo"
import * as E from "fp-ts/lib/Either.js"
import type { Question } from "./Question.ts"

/** A number as JSON can say it: an infinite divergence is the string "Infinity", which Number() and float() read. */
export type JsonNumber = number | "Infinity"

/** See the module header. */
export interface Answer {
  readonly labels?: ReadonlyArray<string>
  readonly policy: ReadonlyArray<number>
  /** λ: forward, E r + α + β H - β; reverse, the value. */
  readonly lambda: number
  readonly value: number
  readonly case: "interior" | "boundary"
  /** H of the policy, in nats. */
  readonly entropy: number
  readonly expectedReward: number
  readonly kktResidual: number
  readonly identityResidual: number
  readonly dualityGap: number
  /** ln Z, where the optimum has one: reverse KL. */
  readonly logPartition?: number
  /** Of the policy and the reference. */
  readonly divergences: {
    /** KL(reference ‖ policy) */
    readonly forwardKL: JsonNumber
    /** KL(policy ‖ reference) */
    readonly reverseKL: JsonNumber
    readonly totalVariation: JsonNumber
    readonly jensenShannon: JsonNumber
    readonly squaredHellinger: JsonNumber
    /** Pearson's, Σ (π - p)²/p */
    readonly chiSquared: JsonNumber
  }
}

/** Solves a question that has been checked. */
export const answer = ({
  problem,
  divergence,
  alpha,
  entropy,
  labels,
}: Question): E.Either<string, Answer> =>
  divergence === "forward"
    ? finish(problem, labels, OptimalForwardEntropy.optimum(problem, alpha, entropy), () => ({}))
    : finish(problem, labels, OptimalReverse.optimum(problem, alpha, entropy), ({ logPartition }) => ({
        logPartition,
      }))

const finish = <A extends Certificate.Optimum>(
  { reference, rewards }: Optimal.Problem,
  labels: ReadonlyArray<string> | undefined,
  solved: E.Either<Optimal.ProblemError, A>,
  more: (optimum: A) => { readonly logPartition?: number },
): E.Either<string, Answer> =>
  E.bimap(
    ({ _tag }: Optimal.ProblemError) => _tag,
    (optimum: A): Answer => {
      const { policy, certificate } = optimum
      const between = measure(policy, reference)
      return {
        ...(labels === undefined ? {} : { labels }),
        policy: Categorical.probabilities(policy),
        lambda: optimum.multiplier,
        value: optimum.value,
        case: optimum._tag === "Boundary" ? "boundary" : "interior",
        entropy: Categorical.entropy(policy),
        expectedReward: Categorical.expectation(policy, (y) => rewards[y] ?? NaN),
        kktResidual: certificate.kktResidual,
        identityResidual: certificate.identity,
        dualityGap: certificate.dualityGap,
        ...more(optimum),
        divergences: {
          forwardKL: between(FDivergence.reverseKl),
          reverseKL: between(FDivergence.kl),
          totalVariation: between(FDivergence.totalVariation),
          jensenShannon: between(FDivergence.jensenShannon),
          squaredHellinger: between(FDivergence.squaredHellinger),
          chiSquared: between(FDivergence.pearson),
        },
      }
    },
  )(solved)

const measure =
  (policy: Categorical.Categorical, reference: Categorical.Categorical) =>
  (divergence: FDivergence.FDivergence): JsonNumber => {
    const value = FDivergence.divergence(divergence)(policy, reference)
    if (E.isLeft(value)) throw new Error("a policy is over its reference's outcomes")
    return value.right === Infinity ? "Infinity" : value.right
  }
