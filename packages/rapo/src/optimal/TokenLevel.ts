/**
 * Sequences as trees, and what a per-token forward KL makes of them (T15).
 *
 *     sequence   max_π E_π[r] - α KL(p ‖ π)  over whole sequences: T2 on the leaves
 *     token      at every prefix h   π(·|h) = T2's optimum for p(·|h) and the rewards Q(h, a) = E_π[r | h, a]
 *
 * The second is where on-policy training with a per-token forward KL rests: states are drawn from the policy, so that the
 * penalty is Σ_h d_π(h) KL(p(·|h)‖π(·|h)), and its gradient at h is d_π(h) times that of one KL, like the reward's. Solved
 * from the leaves to the root, exactly. The sequence KL weighs prefixes by d_p instead, and only it reaches T2.
 *
 * Source: *derived* (theory E7, T15).
 */
import type { Categorical } from "@rapo/distributions"
import * as E from "fp-ts/lib/Either.js"
import { pipe } from "fp-ts/lib/function.js"
import { unsafeFromLogWeights } from "../internal/numbers.ts"
import * as Forward from "./ForwardKL.ts"
import * as Optimal from "./Optimal.ts"

// model

/**
 * A finite set of sequences: a leaf is a finished one with its reward, a branch a prefix with p(·|h) and its extensions.
 *
 * @category models
 * @since 0.1.0
 */
export type Tree = Leaf | Branch

/** @category models */
export interface Leaf {
  readonly _tag: "Leaf"
  readonly reward: number
}

/** @category models */
export interface Branch {
  readonly _tag: "Branch"
  readonly next: Categorical.Categorical
  /** One for each outcome of `next`. */
  readonly children: ReadonlyArray<Tree>
}

// constructors

/**
 * @category constructors
 * @since 0.1.0
 */
export const leaf = (reward: number): Tree => ({ _tag: "Leaf", reward })

/**
 * @category constructors
 * @since 0.1.0
 */
export const branch = (next: Categorical.Categorical, children: ReadonlyArray<Tree>): Tree => ({
  _tag: "Branch",
  next,
  children,
})

// destructors

/**
 * Every sequence, from left to right, with its log-probability and reward.
 *
 * @category destructors
 * @since 0.1.0
 */
export const leaves = (
  tree: Tree,
  logPrefix: number = 0,
): ReadonlyArray<{ readonly logProb: number; readonly reward: number }> =>
  tree._tag === "Leaf"
    ? [{ logProb: logPrefix, reward: tree.reward }]
    : tree.children.flatMap((child, a) => leaves(child, logPrefix + (tree.next.logProbs[a] ?? NaN)))

/**
 * The distribution of the sequences of a tree.
 *
 * @category destructors
 * @since 0.1.0
 */
export const distribution = (tree: Tree): Categorical.Categorical =>
  unsafeFromLogWeights(leaves(tree).map(({ logProb }) => logProb))

/**
 * The problem over whole sequences.
 *
 * **Fails with** `RewardNotFinite`, where `index` counts the leaves from the left.
 *
 * @category destructors
 * @since 0.1.0
 */
export const sequences = (tree: Tree): E.Either<Optimal.ProblemError, Optimal.Problem> =>
  Optimal.problem(
    distribution(tree),
    leaves(tree).map(({ reward }) => reward),
  )

// combinators

/**
 * Where a per-token forward KL rests: the tree with every p(·|h) replaced by π(·|h).
 *
 * **Fails with** `CoefficientNotPositive`, `SizeMismatch` at a branch with too few children, `RewardNotFinite`.
 *
 * @category combinators
 * @since 0.1.0
 */
export const tokenOptimum = (tree: Tree, alpha: number): E.Either<Optimal.ProblemError, Tree> =>
  E.map(({ tree }: Solved) => tree)(solve(tree, alpha))

// numerics

/** A subtree's rest point, and the reward expected in it. */
interface Solved {
  readonly tree: Tree
  readonly reward: number
}

const solve = (tree: Tree, alpha: number): E.Either<Optimal.ProblemError, Solved> =>
  tree._tag === "Leaf"
    ? E.right({ tree, reward: tree.reward })
    : pipe(
        tree.children,
        E.traverseArray((child) => solve(child, alpha)),
        E.bindTo("solved"),
        E.bind("rewards", ({ solved }) => E.right(solved.map(({ reward }) => reward))),
        E.bind("optimum", ({ rewards }) =>
          pipe(
            Optimal.problem(tree.next, rewards),
            E.flatMap((problem) => Forward.optimum(problem, alpha)),
          ),
        ),
        E.map(({ solved, rewards, optimum: { policy } }) => ({
          tree: branch(
            policy,
            solved.map(({ tree }) => tree),
          ),
          reward: Optimal.expectedReward(policy, rewards),
        })),
      )
