/**
 * The tasks by name, as a configuration names them.
 */
import * as E from "fp-ts/lib/Either.js"
import type { Either } from "fp-ts/lib/Either.js"
import { Countdown } from "./Countdown.ts"
import { RandomCalculation } from "./RandomCalculation.ts"
import type { Task, UnknownTask } from "./Task.ts"

/** @category instances */
export const tasks: ReadonlyArray<Task> = [Countdown, RandomCalculation]

/**
 * The task of a name.
 *
 * **Fails with** `UnknownTask`.
 *
 * @category destructors
 */
export const taskByName = (name: string): Either<UnknownTask, Task> =>
  E.fromNullable<UnknownTask>({ _tag: "UnknownTask", name, known: tasks.map((task) => task.name) })(
    tasks.find((task) => task.name === name),
  )
