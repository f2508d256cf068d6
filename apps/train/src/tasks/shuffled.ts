/**
 * Fisher and Yates' shuffle: every order is equally likely, and the generator decides.
 */
import type { Seed } from "@rapo/distributions"

/** A shuffled copy. */
export const shuffled = <A>(random: Seed.Generator, values: ReadonlyArray<A>): ReadonlyArray<A> => {
  const result = [...values]
  for (let i = result.length - 1; i > 0; i--) {
    const j = random.integer(0, i)
    const [a, b] = [result[i] as A, result[j] as A]
    result[i] = b
    result[j] = a
  }
  return result
}
