/**
 * Difficulty-targeted selection: prompts are drawn by how near to one half the policy's accuracy on them is predicted to be.
 *
 *     p̂(x) = σ( logit( Σ_i softmax_i(q·k_i/√d) a_i ) / T + b )
 *     P(x) ∝ exp( -|p̂(x) - target| / τ ),      drawn without replacement
 *
 * Every μ = 2 steps some reference prompts are answered; their accuracies a_i, and embeddings k_i, predict the accuracy of
 * every other prompt from its embedding q. A batch is a fresh share σ, and for the rest groups replayed (`ReplayBuffer`).
 *
 * | default | value | from |
 * |---|---|---|
 * | τ | 1e-3 | [code] |
 * | target | 0.5 | [code] |
 * | fresh share σ | 0.5 | [code] |
 * | reference prompts, every μ steps | 256, 2 | [code] |
 * | T, b | 1, 0: no calibration | [ours]; the code fits them |
 * | bound of p̂ before logit | 1e-6 | [ours]: logit(0) is infinite |
 * | draw by Gumbel noise | | [ours]; the code draws by the same probabilities |
 *
 * Laws (`StrategyLaws`, [S5]): P sums to 1; P(x) > P(y) where p̂(x) is nearer to the target, and as τ → 0 all mass goes to the
 * nearest; τ → ∞ is uniform; p̂ without calibration lies between the least and the greatest a_i.
 *
 * Source: DOTS+RR, arXiv 2506.05316, code ASTRAL-Group @59df918.
 */
import { LogSpace, Sampling, Seed } from "@rapo/distributions"
import * as Ranking from "../internal/ranking.ts"

// model

/**
 * A prompt whose accuracy was measured, and its embedding, [d].
 *
 * @category models
 * @since 0.1.0
 */
export interface Reference {
  readonly embedding: ReadonlyArray<number>
  readonly accuracy: number
}

/**
 * Platt's: σ(logit(p)/temperature + bias).
 *
 * @category models
 * @since 0.1.0
 */
export interface Calibration {
  readonly temperature: number
  readonly bias: number
}

/**
 * @category models
 * @since 0.1.0
 */
export interface Config {
  readonly target: number
  readonly temperature: number
  /** σ, the share of a batch that is freshly sampled. */
  readonly freshShare: number
  readonly referencePrompts: number
  readonly refreshEvery: number
  readonly calibration: Calibration
}

/**
 * @category constants
 * @since 0.1.0
 */
export const uncalibrated: Calibration = { temperature: 1, bias: 0 }

/**
 * DOTS+RR's, uncalibrated.
 *
 * @category constants
 * @since 0.1.0
 */
export const defaults: Config = {
  target: 0.5,
  temperature: 1e-3,
  freshShare: 0.5,
  referencePrompts: 256,
  refreshEvery: 2,
  calibration: uncalibrated,
}

/**
 * How near to 0 and 1 an accuracy may come before its logit is taken.
 *
 * @category constants
 * @since 0.1.0
 */
export const accuracyMargin = 1e-6

// combinators

/**
 * The accuracy that the references foretell for a prompt, by attention.
 *
 * **Shapes**  embedding: [d], of the references too;  result: scalar in (0, 1).
 * **Domain**  at least one reference.
 *
 * ```ts import.meta.vitest
 * import { DifficultyTargeted } from "@rapo/rapo"
 * const references = [{ embedding: [40, 0], accuracy: 0.9 }, { embedding: [0, 40], accuracy: 0.2 }]
 * DifficultyTargeted.predict(references, DifficultyTargeted.uncalibrated)([1, 1]) // ≈ 0.55
 * DifficultyTargeted.predict(references, DifficultyTargeted.uncalibrated)([2, 0]) // ≈ 0.9
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const predict =
  (references: ReadonlyArray<Reference>, calibration: Calibration) =>
  (embedding: ReadonlyArray<number>): number => {
    const scale = Math.sqrt(Math.max(embedding.length, 1))
    const logWeights = LogSpace.logSoftmax(
      references.map((reference) => inner(embedding, reference.embedding) / scale),
    )
    const raw = references.reduce(
      (total, { accuracy }, i) => total + Math.exp(logWeights[i] ?? NaN) * accuracy,
      0,
    )
    return calibrate(calibration)(raw)
  }

/**
 * σ(logit(p)/temperature + bias).
 *
 * ```ts import.meta.vitest
 * import { DifficultyTargeted } from "@rapo/rapo"
 * DifficultyTargeted.calibrate({ temperature: 2, bias: 0 })(0.8) // ≈ 0.66667
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const calibrate =
  ({ temperature, bias }: Calibration) =>
  (accuracy: number): number => {
    const held = Math.min(Math.max(accuracy, accuracyMargin), 1 - accuracyMargin)
    return 1 / (1 + Math.exp(-(Math.log(held / (1 - held)) / temperature + bias)))
  }

/**
 * The probability of each prompt to be drawn first.
 *
 * **Shapes**  predicted: [P];  result: [P].
 *
 * ```ts import.meta.vitest
 * import { DifficultyTargeted } from "@rapo/rapo"
 * const config = { ...DifficultyTargeted.defaults, temperature: 0.1 }
 * DifficultyTargeted.selectionProbabilities(config)([0.5, 0.6])[0] // ≈ 0.731059
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const selectionProbabilities =
  (config: Pick<Config, "target" | "temperature">) =>
  (predicted: ReadonlyArray<number>): ReadonlyArray<number> =>
    LogSpace.logSoftmax(scores(config, predicted)).map(Math.exp)

/**
 * Positions of `count` prompts, drawn by `selectionProbabilities` without replacement (Gumbel-top-k).
 *
 * @category combinators
 * @since 0.1.0
 */
export const select =
  (config: Pick<Config, "target" | "temperature">, count: number, seed: Seed.Seed) =>
  (predicted: ReadonlyArray<number>): ReadonlyArray<number> => {
    const { uniform } = Seed.generator(seed)
    return Ranking.largest(
      scores(config, predicted).map((score) => score + gumbel(uniform())),
      count,
    )
  }

/**
 * How many groups of a batch are fresh, how many replayed. With too little to replay, the batch is made fresh instead.
 *
 * ```ts import.meta.vitest
 * import { DifficultyTargeted } from "@rapo/rapo"
 * DifficultyTargeted.shares(DifficultyTargeted.defaults)(64, 512) // => { fresh: 32, replayed: 32 }
 * DifficultyTargeted.shares(DifficultyTargeted.defaults)(64, 5) // => { fresh: 59, replayed: 5 }
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const shares =
  ({ freshShare }: Pick<Config, "freshShare">) =>
  (groups: number, remembered: number): { readonly fresh: number; readonly replayed: number } => {
    const replayed = Math.min(groups - Math.round(freshShare * groups), remembered)
    return { fresh: groups - replayed, replayed }
  }

// numerics

const scores = (
  { target, temperature }: Pick<Config, "target" | "temperature">,
  predicted: ReadonlyArray<number>,
): ReadonlyArray<number> => predicted.map((accuracy) => -Math.abs(accuracy - target) / temperature)

const gumbel = (u: number): number => -Math.log(-Math.log(Math.max(u, Sampling.smallestUniform)))

const inner = (a: ReadonlyArray<number>, b: ReadonlyArray<number>): number =>
  a.reduce((total, x, i) => total + x * (b[i] ?? NaN), 0)
