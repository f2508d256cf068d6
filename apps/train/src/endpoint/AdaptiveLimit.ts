/**
 * How many requests may be under way at once, learnt from a server's complaints.
 *
 *     limit := max(1, limit / 2)          when the server is overloaded
 *     limit := min(most, limit + 1/limit) when a request succeeds: one more for each full round
 *
 * A complaint about a request that was sent before the last cut was caused by the load before it, and cuts nothing. When the server
 * says how long it wants to be left alone, nobody sends anything until then.
 *
 * **Source**  additive increase, multiplicative decrease: Chiu & Jain, Computer Networks and ISDN Systems 17 (1989).
 */
import { Clock, Effect, Ref, Semaphore } from "effect"

/** See the module header. `E` is the error of what is limited. */
export interface AdaptiveLimit<E> {
  readonly run: <A, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
  /** How many may be under way now. */
  readonly current: Effect.Effect<number>
}

interface State {
  readonly limit: number
  /** When the limit was last cut, and until when nothing may be sent: milliseconds since 1970. */
  readonly cutAt: number
  readonly quietUntil: number
}

/** A limit that begins at `most`. `complaint` gives the quiet that an error asks for, in seconds; undefined: no overload. */
export const make = Effect.fnUntraced(function* <E>(
  most: number,
  complaint: (error: E) => number | undefined,
): Effect.fn.Return<AdaptiveLimit<E>> {
  const semaphore = yield* Semaphore.make(most)
  const state = yield* Ref.make<State>({ limit: most, cutAt: -Infinity, quietUntil: -Infinity })

  const change = (f: (before: State) => State): Effect.Effect<void> =>
    Ref.updateAndGet(state, f).pipe(Effect.flatMap(({ limit }) => semaphore.resize(Math.floor(limit))))

  const quiet: Effect.Effect<void> = Effect.gen(function* () {
    const wait = (yield* Ref.get(state)).quietUntil - (yield* Clock.currentTimeMillis)
    if (wait <= 0) return
    yield* Effect.sleep(wait)
    // It may have been prolonged meanwhile.
    yield* quiet
  })

  const grow = change((before) => ({ ...before, limit: Math.min(most, before.limit + 1 / before.limit) }))

  const cut = (seconds: number, sentAt: number, now: number): Effect.Effect<void> =>
    change(({ limit, cutAt, quietUntil }) => ({
      ...(sentAt > cutAt ? { limit: Math.max(1, limit / 2), cutAt: now } : { limit, cutAt }),
      quietUntil: Math.max(quietUntil, now + 1000 * seconds),
    }))

  return {
    run: (effect) =>
      semaphore.withPermit(
        Effect.gen(function* () {
          yield* quiet
          const sentAt = yield* Clock.currentTimeMillis
          const answer = yield* Effect.tapError(effect, (error) => {
            const seconds = complaint(error)
            return seconds === undefined
              ? Effect.void
              : Effect.flatMap(Clock.currentTimeMillis, (now) => cut(seconds, sentAt, now))
          })
          yield* grow
          return answer
        }),
      ),
    current: Ref.get(state).pipe(Effect.map(({ limit }) => Math.floor(limit))),
  }
})
