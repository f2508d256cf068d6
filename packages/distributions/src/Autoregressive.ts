/**
 * Distributions over sequences that are drawn token by token, each given those before it.
 *
 *     p(y) = Π_t p(y_t | y_<t),   y finished: it ends in a stop token, or has the maximal length
 *
 *     d_p(h) = P(y begins with h) = Π_{t < |h|} p(h_t | h_<t)   for an unfinished prefix h (a state that p visits)
 *
 * Small trees are enumerated exactly, level by level and without recursion: what is learnt there about estimators and
 * divergences of sequences is arithmetic, not statistics.
 *
 * Laws (`Laws.ts`), up to rounding
 * 1. Chain rule: `sequenceLogProb` is the sum of `stepLogProbs`, and `enumerate` agrees with it.
 * 2. The finished sequences' probabilities add up to 1.
 * 3. Total probability: P(y_t = a) = Σ_{|h| = t} d(h) p(a | h), and the rest has finished before t.
 * 4. E |y| = Σ_h d(h), and H(y) = Σ_h d(h) H(p(·|h)).
 *
 * Source: textbook facts. Which prefixes count as states, and the limit of trees, are ours.
 */

export type { Autoregressive, AutoregressiveError, Kernel } from "./autoregressive/Model.ts"
export type { Weighted } from "./autoregressive/Tree.ts"

export { indexed, isFinished, make, showError } from "./autoregressive/Model.ts"
export { sample, sequenceLogProb, stepLogProbs } from "./autoregressive/Sequence.ts"
export { enumerate, marginal, prefixWeights, treeLimit } from "./autoregressive/Tree.ts"
