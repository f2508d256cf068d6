/**
 * Two ways to do the same thing, timed in turn in one process: A B A B …, so that a drifting machine hurts both alike.
 */

/** Median seconds of each side, and the median of the pairwise ratios b/a with its range. */
export interface Comparison {
  readonly a: number
  readonly b: number
  readonly ratio: number
  readonly lowest: number
  readonly highest: number
}

/** Times `a` and `b` alternately, `runs` times each, after `warmups` rounds that do not count. */
export const compare = (a: () => void, b: () => void, runs = 15, warmups = 5): Comparison => {
  const time = (f: () => void): number => {
    const start = performance.now()
    f()
    return (performance.now() - start) / 1000
  }
  for (let i = 0; i < warmups; i++) {
    a()
    b()
  }
  const pairs = Array.from({ length: runs }, () => [time(a), time(b)] as const)
  const ratios = pairs.map(([first, second]) => second / first)
  return {
    a: median(pairs.map(([first]) => first)),
    b: median(pairs.map(([, second]) => second)),
    ratio: median(ratios),
    lowest: Math.min(...ratios),
    highest: Math.max(...ratios),
  }
}

/** One line: both medians and how many times as long `b` takes. */
export const report = (title: string, nameA: string, nameB: string, comparison: Comparison): void => {
  const ms = (seconds: number): string => `${(1000 * seconds).toFixed(2)} ms`
  const { a, b, ratio, lowest, highest } = comparison
  console.log(
    `${title}\n  ${nameA}: ${ms(a)}\n  ${nameB}: ${ms(b)}\n  ratio ${ratio.toFixed(2)} [${lowest.toFixed(2)}, ${highest.toFixed(2)}]\n`,
  )
}

/** The middle value; the upper of two. */
export const median = (values: ReadonlyArray<number>): number =>
  values.toSorted((x, y) => x - y)[values.length >> 1] ?? NaN
