/**
 * The one loop that trains, whatever a step is: an arm's by a team, or pre-training's by a member alone.
 *
 *     (step → save?)* → keep → leave
 *
 * A step is done whole or not at all: whoever is interrupted finishes the one under way, saves, and lets go of the members. Who
 * fails, fails the training. A replica that is left is freed when its worker begins another, or ends.
 *
 * Law (tests)  n steps, saved, and m more = n + m steps, where a step depends on nothing but what is saved and its number.
 */
import { Clock, Effect, Fiber } from "effect"
import type { WorkerError } from "../errors.ts"
import { isDue } from "../training/save/due.ts"
import { type Team, byAll } from "./Team.ts"

// model

/** Where a training stays. */
export interface Keeping {
  /** The folder of what is learnt. */
  readonly folder: string
  /** What an adapter calls its base. */
  readonly baseName: string
  /** The saves on the way, one at a time in a file; absent, there are none. */
  readonly saves?: {
    readonly file: string
    /** See `SaveLabel`. */
    readonly of: string
    /** See `isDue`. */
    readonly every: number | undefined
  }
  /** The steps of the save to go on from. */
  readonly from?: number
}

/** Who hears of a save that could not be made: training goes on, and tries again. */
export type OnUnsaved = (error: WorkerError) => Effect.Effect<void>

// combinators

/** See the module header. The members have begun. A step that ends the training gives why, which is the result. */
export const stepByStep = Effect.fn("stepByStep")(function* <A, E>(
  team: Team,
  steps: number,
  { folder, baseName, saves, from }: Keeping,
  step: (step: number) => Effect.Effect<A | undefined, E>,
  onUnsaved: OnUnsaved,
): Effect.fn.Return<A | undefined, WorkerError | E> {
  const [first] = team
  if (first === undefined) throw new Error("bug: a team has a member")
  let done = from ?? 0
  let saved = { steps: done, at: yield* Clock.currentTimeMillis, took: 0 }
  const save = Effect.gen(function* () {
    if (saves === undefined || saved.steps === done) return
    const start = yield* Clock.currentTimeMillis
    yield* first
      .run({ _tag: "Save", file: saves.file, label: { of: saves.of, steps: done } })
      .pipe(Effect.catch(onUnsaved))
    const at = yield* Clock.currentTimeMillis
    saved = { steps: done, at, took: at - start }
  })
  const stepAndSave = Effect.fnUntraced(function* (at: number) {
    const end = yield* step(at)
    if (end !== undefined) return end
    done = at + 1
    const sinceLast = (yield* Clock.currentTimeMillis) - saved.at
    if (done < steps && isDue(saves?.every, done, sinceLast / 1000, saved.took / 1000)) yield* save
    return undefined
  })
  return yield* Effect.gen(function* () {
    let end: A | undefined
    for (let at = done; at < steps && end === undefined; at++) end = yield* whole(stepAndSave(at))
    yield* whole(first.run({ _tag: "Keep", folder, baseName }))
    return end
  }).pipe(
    Effect.onInterrupt(() => save),
    Effect.tap(() => byAll(team, (member) => member.run({ _tag: "Leave" }))),
  )
})

// numerics

/**
 * An interruption waits for the end. Within, whatever waits for one that has failed is given up as ever: that is why it is a fiber
 * of its own.
 */
const whole = <A, E>(effect: Effect.Effect<A, E>): Effect.Effect<A, E> =>
  Effect.uninterruptible(Effect.flatMap(Effect.forkChild(effect), Fiber.join))
