/** Laws of what batches are made of: filters, dynamic sampling, recomposition, replay, resets. */
import * as Advantage from "../../Advantage.ts"
import * as DynamicSampling from "../DynamicSampling.ts"
import type { JudgedGroup } from "../JudgedGroup.ts"
import { isInformative, isRight, rewardsOf } from "../JudgedGroup.ts"
import * as OverlongPenalty from "../OverlongPenalty.ts"
import * as Recomposition from "../Recomposition.ts"
import * as ReferenceReset from "../ReferenceReset.ts"
import * as ReplayBuffer from "../ReplayBuffer.ts"

type Numbers = ReadonlyArray<number>

// filters and the machine of dynamic sampling

/** What a filter keeps is a subsequence of what it was given (the very same values), and all of it is kept again. */
export const filterIsIdempotentInOrder =
  <A>(filter: (items: ReadonlyArray<A>) => ReadonlyArray<A>) =>
  (items: ReadonlyArray<A>): boolean => {
    const kept = filter(items)
    const positions = kept.map((item) => items.indexOf(item))
    const again = filter(kept)
    return (
      positions.every((position, i) => position >= 0 && (i === 0 || position > (positions[i - 1] ?? NaN))) &&
      again.length === kept.length &&
      again.every((item, i) => item === kept[i])
    )
  }

/** A group is kept if and only if some group-relative advantage in it is not 0. */
export const keptExactlyIfAdvantageNonZero =
  (advantage: Advantage.Advantage) =>
  <R>(group: JudgedGroup<R>): boolean =>
    (DynamicSampling.filter([group]).length === 1) ===
    Advantage.ofGroup(advantage)(rewardsOf(group)).advantages.some((a) => a !== 0)

/** However a stream of groups is cut into generations, the batch is its first informative groups. */
export const batchIsFirstInformative = <R>(
  config: DynamicSampling.Config,
  generations: ReadonlyArray<ReadonlyArray<JudgedGroup<R>>>,
): boolean => {
  const start: DynamicSampling.Outcome<R> = { _tag: "Continue", state: DynamicSampling.initial<R>() }
  const outcome = generations.reduce<DynamicSampling.Outcome<R>>(
    (previous, groups) =>
      previous._tag === "Continue" ? DynamicSampling.step(config)(previous.state, groups) : previous,
    start,
  )
  const used = generations.slice(0, outcome.state.generations).flat()
  const informative = used.filter(isInformative)
  switch (outcome._tag) {
    case "Full":
      return (
        outcome.batch.length === config.groups &&
        outcome.batch.every((group, i) => group === informative[i]) &&
        outcome.state.seen === used.length
      )
    case "Continue":
      return informative.length < config.groups && outcome.state.generations < config.maximumGenerations
    case "GivenUp":
      return informative.length < config.groups && outcome.state.generations === config.maximumGenerations
  }
}

// rewards and lengths

/** Within [-factor, 0], not increasing, and of slope at most factor/buffer, hence continuous. */
export const penaltyIsContinuousAndMonotone =
  (tolerance: number) =>
  (config: OverlongPenalty.Config, length: number, other: number): boolean => {
    const [short, long] = [Math.min(length, other), Math.max(length, other)]
    const [less, more] = [OverlongPenalty.penalty(config)(short), OverlongPenalty.penalty(config)(long)]
    return (
      more <= less &&
      less <= 0 &&
      more >= -config.factor &&
      less - more <= (config.factor / config.buffer) * (long - short) + tolerance
    )
  }

/** Each position is in exactly one part; each part ascends. */
export const recompositionIsPartition = <R>(share: number, group: JudgedGroup<R>): boolean => {
  const { priority, compensation } = Recomposition.recompose({ share })(group)
  const ascends = (xs: Numbers): boolean => xs.every((x, i) => i === 0 || x > (xs[i - 1] ?? NaN))
  const all = new Set([...priority, ...compensation])
  return (
    ascends(priority) &&
    ascends(compensation) &&
    all.size === group.members.length &&
    priority.length + compensation.length === group.members.length &&
    [...all].every((g) => g in group.members)
  )
}

/** No right response with priority is longer than one without, no wrong one shorter. */
export const recompositionPrefersBriefTruth = <R>(share: number, group: JudgedGroup<R>): boolean => {
  const { priority, compensation } = Recomposition.recompose({ share })(group)
  const members = (positions: Numbers): JudgedGroup<R>["members"] =>
    positions.flatMap((g) => group.members.slice(g, g + 1))
  return members(priority).every((first) =>
    members(compensation)
      .filter((later) => isRight(later) === isRight(first))
      .every((later) => (isRight(first) ? first.length <= later.length : first.length >= later.length)),
  )
}

// replay

/** At most `capacity` items, which are the last that were pushed, whatever the portions. */
export const bufferIsFifo = (capacity: number, portions: ReadonlyArray<ReadonlyArray<unknown>>): boolean => {
  const { items } = portions.reduce(ReplayBuffer.push, ReplayBuffer.empty<unknown>(capacity))
  const last = portions.flat().slice(-capacity)
  return items.length === last.length && items.every((item, i) => item === last[i])
}

// resets

/** Whatever is measured, resets are at most `every` steps apart, and each leaves the initial state. */
export const resetsInTime = (
  config: ReferenceReset.Config,
  measured: ReadonlyArray<ReferenceReset.Measured>,
): boolean =>
  measured.reduce(
    ({ holds, state, since }, now) => {
      const next = ReferenceReset.observe(config)(state, now)
      const isReset = next.decision._tag === "Reset"
      const isDue = since + 1 >= config.every || now.kl > config.maximumKL
      return {
        holds: holds && (isReset ? next.state === ReferenceReset.initial : !isDue),
        state: next.state,
        since: isReset ? 0 : since + 1,
      }
    },
    { holds: true, state: ReferenceReset.initial, since: 0 },
  ).holds
