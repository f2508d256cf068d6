/**
 * Results that arrive in any order, given on in theirs: prompt by prompt, and of each in the order of its samples.
 */

/** What arrives: where it belongs, and what it is. */
export interface Placed<A> {
  readonly prompt: number
  readonly sample: number
  readonly value: A
}

/** Takes results of prompts with `n` samples each; gives back those whose turn has come. */
export const inOrder = <A>(n: number): ((arrived: Placed<A>) => ReadonlyArray<Placed<A>>) => {
  const waiting = new Map<number, Placed<A>>()
  let next = 0
  return (arrived) => {
    waiting.set(arrived.prompt * n + arrived.sample, arrived)
    const ready: Array<Placed<A>> = []
    for (let found = waiting.get(next); found !== undefined; found = waiting.get(next)) {
      ready.push(found)
      waiting.delete(next)
      next++
    }
    return ready
  }
}
