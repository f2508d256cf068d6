/**
 * Several workers on one arm, as the main thread sees them.
 */
import { Effect, Queue } from "effect"
import type { WorkerError } from "../errors.ts"
import type { MemberAnswers, MemberJob } from "./MemberJob.ts"

// model

/** A worker that is at this team's disposal. */
export interface Member {
  readonly run: <J extends MemberJob>(job: J) => Effect.Effect<MemberAnswers[J["_tag"]], WorkerError>
}

/** At least one. */
export type Team = ReadonlyArray<Member>

// combinators

/** The same for every member, at once; their answers in order. */
export const byAll = <A, E>(
  team: Team,
  f: (member: Member) => Effect.Effect<A, E>,
): Effect.Effect<ReadonlyArray<A>, E> => Effect.forEach(team, f, { concurrency: "unbounded" })

/**
 * Each item for whichever member is free next, in the order of the items; results in their order. So an item that waits for
 * the one before waits for something that is under way. When one fails, the others are given up.
 */
export const dealt = <A, B, E>(
  team: Team,
  items: ReadonlyArray<A>,
  f: (member: Member, item: A, index: number) => Effect.Effect<B, E>,
): Effect.Effect<ReadonlyArray<B>, E> =>
  Effect.gen(function* () {
    const free = yield* Queue.unbounded<Member>()
    yield* Queue.offerAll(free, team)
    return yield* Effect.forEach(
      items,
      (item, index) =>
        Effect.acquireUseRelease(
          Queue.take(free),
          (member) => f(member, item, index),
          (member) => Queue.offer(free, member),
        ),
      { concurrency: team.length },
    )
  })
