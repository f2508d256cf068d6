import { Seed } from "@rapo/distributions"
import * as fc from "fast-check"
import { Countdown } from "../src/tasks/Countdown.ts"
import { tasks } from "../src/tasks/Registry.ts"
import type { Kind, Task } from "../src/tasks/Task.ts"

export const seed: fc.Arbitrary<Seed.Seed> = fc.maxSafeInteger().map(Seed.fromInteger)

export const kind: fc.Arbitrary<Kind> = fc.constantFrom("typical", "rare")

/** A task of the registry, and one of its levels. */
export const taskAndLevel: fc.Arbitrary<readonly [Task, string]> = fc
  .constantFrom(...tasks)
  .chain((task) => fc.constantFrom(...task.levels).map((level) => [task, level] as const))

/** Texts out of a task's own tokens: what an untrained policy says. */
export const babble = (task: Task): fc.Arbitrary<string> =>
  fc
    .array(fc.constantFrom(...task.alphabet), { maxLength: task.maxResponseTokens })
    .map((tokens) => tokens.join(""))

/** The numbers of a Countdown problem, few enough to try all chains. */
export const countdownNumbers: fc.Arbitrary<ReadonlyArray<number>> = fc.array(
  fc.integer({ min: 2, max: 9 }),
  {
    minLength: 2,
    maxLength: 4,
  },
)

export const countdownLevel: fc.Arbitrary<string> = fc.constantFrom(...Countdown.levels)
