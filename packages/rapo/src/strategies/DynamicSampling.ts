/**
 * Dynamic sampling: prompts are drawn until a batch is full of groups that say something.
 *
 *     keep a group  ⇔  0 < #right < G  (rewards differ);      draw again while kept < wanted and batches < maximum
 *
 * The rewards are those of the verdict alone (verl filters by its metric `acc`): a penalty for length comes after.
 * A pure state machine: `step` takes the groups that were just generated and says what is to be done.
 *
 * | default | value | from |
 * |---|---|---|
 * | groups a batch | 512 | [code] verl `run_dapo_qwen2.5_32b.sh` |
 * | prompts a generation | 3 · 512 | [code] the same |
 * | generations at most | 10 | [code] the same |
 *
 * Laws (`StrategyLaws`, [S2])
 * 1. What is kept are exactly the informative groups, in their order; those beyond the batch are dropped.
 * 2. Groups with equal rewards have advantage 0. So the expected policy gradient of a kept group is that of any group,
 *    divided by P(informative): the direction is the same, the size is not.
 * 3. Prompts are kept in proportion to P(informative | prompt) = 1 - Q^G - (1-Q)^G: a batch is unbiased among
 *    informative groups, and among prompts it is not.
 *
 * Source: DAPO, Yu et al. (2025), section 3.2, arXiv 2503.14476; code volcengine/verl, recipe/dapo.
 */
import type { JudgedGroup } from "./JudgedGroup.ts"
import { isInformative } from "./JudgedGroup.ts"

// model

/**
 * @category models
 * @since 0.1.0
 */
export interface Config {
  /** Groups that a batch has. */
  readonly groups: number
  /** Prompts generated at once, as a multiple of `groups`. */
  readonly factor: number
  /** Generations before giving up. */
  readonly maximumGenerations: number
}

/**
 * What has been kept, and seen, so far.
 *
 * @category models
 * @since 0.1.0
 */
export interface State<R> {
  readonly kept: ReadonlyArray<JudgedGroup<R>>
  readonly seen: number
  readonly generations: number
}

/**
 * What is to be done next: generate more, train, or tell the person that too few prompts are of the right difficulty.
 *
 * @category models
 * @since 0.1.0
 */
export type Outcome<R> =
  | { readonly _tag: "Continue"; readonly state: State<R> }
  | { readonly _tag: "Full"; readonly batch: ReadonlyArray<JudgedGroup<R>>; readonly state: State<R> }
  | { readonly _tag: "GivenUp"; readonly state: State<R>; readonly wanted: number }

/**
 * DAPO's.
 *
 * @category constants
 * @since 0.1.0
 */
export const defaults: Config = { groups: 512, factor: 3, maximumGenerations: 10 }

// constructors

/**
 * Nothing seen yet.
 *
 * @category constructors
 * @since 0.1.0
 */
export const initial = <R>(): State<R> => ({ kept: [], seen: 0, generations: 0 })

// combinators

/**
 * The informative ones, in order.
 *
 * @category combinators
 * @since 0.1.0
 */
export const filter = <R>(groups: ReadonlyArray<JudgedGroup<R>>): ReadonlyArray<JudgedGroup<R>> =>
  groups.filter(isInformative)

/**
 * What to do once these groups have been generated.
 *
 * ```ts import.meta.vitest
 * import { DynamicSampling, JudgedGroup } from "@rapo/rapo"
 * const config = { groups: 1, factor: 1, maximumGenerations: 2 }
 * const step = DynamicSampling.step(config)
 * const easy = JudgedGroup.ofRewards("easy", [1, 1])
 * const good = JudgedGroup.ofRewards("good", [1, 0])
 * const first = step(DynamicSampling.initial<number>(), [easy])
 * first._tag // => "Continue"
 * step(first.state, [easy, good])._tag // => "Full"
 * step(first.state, [easy])._tag // => "GivenUp"
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const step =
  (config: Config) =>
  <R>(previous: State<R>, groups: ReadonlyArray<JudgedGroup<R>>): Outcome<R> => {
    const state: State<R> = {
      kept: [...previous.kept, ...filter(groups)],
      seen: previous.seen + groups.length,
      generations: previous.generations + 1,
    }
    if (state.kept.length >= config.groups) {
      return { _tag: "Full", batch: state.kept.slice(0, config.groups), state }
    }
    return state.generations >= config.maximumGenerations
      ? { _tag: "GivenUp", state, wanted: config.groups }
      : { _tag: "Continue", state }
  }

// destructors

/**
 * How likely G responses to a prompt that is right with probability Q are informative.
 *
 *     1 - Q^G - (1-Q)^G
 *
 * ```ts import.meta.vitest
 * import { DynamicSampling } from "@rapo/rapo"
 * DynamicSampling.probabilityInformative(0.5, 2) // => 0.5
 * DynamicSampling.probabilityInformative(0.01, 16) // ≈ 0.1485
 * ```
 *
 * @category destructors
 * @since 0.1.0
 */
export const probabilityInformative = (accuracy: number, groupSize: number): number =>
  1 - accuracy ** groupSize - (1 - accuracy) ** groupSize

/**
 * Why no batch could be filled, as a sentence.
 *
 * @category destructors
 * @since 0.1.0
 */
export const showGivenUp = <R>({ state, wanted }: Extract<Outcome<R>, { _tag: "GivenUp" }>): string =>
  `After ${state.generations} generations only ${state.kept.length} of ${state.seen} groups had both right and wrong ` +
  `answers, and a batch needs ${wanted}: choose prompts nearer to the policy's ability, larger groups, or a smaller batch.`
