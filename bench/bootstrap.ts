/**
 * The bootstrap of pass@k at all k beside a naive one, which draws indices and sums them column by column, and sorts.
 *
 *     npm run bench bench/bootstrap.ts
 */
import { Seed } from "@rapo/distributions"
import { Bootstrap, PassAtK, Resample } from "@rapo/eval"
import { isLeft } from "fp-ts/lib/Either.js"
import { median } from "./compare.ts"

const problems = 30
const samples = 1024
const resamples = 10_000
const rounds = 3

const tallies = Array.from({ length: problems }, (_, p) => ({
  id: `${p}`,
  samples,
  correct: (p * p * 7) % 400,
}))
const ks = Array.from({ length: samples }, (_, i) => i + 1)

const started = performance.now()
const scored = PassAtK.passAtKs(ks)(tallies)
if (isLeft(scored)) throw new Error(PassAtK.showError(scored.left))
const columns = scored.right
console.log(`scoring ${problems} problems at ${samples} k: ${(performance.now() - started).toFixed(0)} ms`)

const naive = (): number => {
  const { integer } = Seed.generator(Seed.fromInteger(1))
  const drawn = Array.from({ length: resamples }, () =>
    Array.from({ length: problems }, () => integer(0, problems - 1)),
  )
  const ends = columns.map((column) => {
    const means = Float64Array.from(
      drawn,
      (indices) => indices.reduce((total, p) => total + (column[p] ?? 0), 0) / problems,
    ).toSorted()
    return Resample.quantile(means, 0.025)
  })
  return ends.length
}

const ours = (): number => {
  const intervals = Bootstrap.intervals(columns, Seed.fromInteger(1), 0.95, resamples)
  return isLeft(intervals) ? 0 : intervals.right.length
}

/** Processor seconds: other programs on the machine do not count. */
const secondsOf = (run: () => number): number => {
  const start = process.cpuUsage()
  run()
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1e6
}

const times = Array.from({ length: rounds }, () => [secondsOf(ours), secondsOf(naive)] as const)
const [fast, slow] = [median(times.map(([a]) => a)), median(times.map(([, b]) => b))]
console.log(`${resamples} resamples, ${samples} columns of ${problems} problems, median of ${rounds}`)
console.log(`ours  ${fast.toFixed(2)} s`)
console.log(`naive ${slow.toFixed(2)} s   ratio ${(slow / fast).toFixed(1)}`)
