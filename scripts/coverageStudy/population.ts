/**
 * Populations of problems with known rates, and what training may do to them.
 */

// model

/** Rates of problems, by the quantile u in (0, 1). */
export interface Population {
  readonly name: string
  readonly rate: (u: number) => number
}

/** What training did to rates: kinds of change, each of a share of the problems, at random. */
export interface Change {
  readonly name: string
  readonly kinds: ReadonlyArray<{ readonly share: number; readonly rate: (q: number) => number }>
}

// constants

/** Rates on a grid of quantiles: the population is these 4,096 rates, so that its mean is an exact sum. */
export const gridSize = 4096

/** `long tail`: q = u^4, the Beta(1/4, 1) distribution. `all hard`: no rate above 1 %. */
export const populations: ReadonlyArray<Population> = [
  { name: "uniform", rate: (u) => u },
  { name: "mostly hard: 1 − (1−u²)^½", rate: (u) => 1 - Math.sqrt(1 - u * u) },
  { name: "long tail: u⁴", rate: (u) => u ** 4 },
  { name: "all hard: 0.01 u²", rate: (u) => 0.01 * u * u },
  { name: "two kinds: 0.002, 0.9", rate: (u) => (u < 0.5 ? 0.002 : 0.9) },
  { name: "uniform, a tenth never", rate: (u) => (u < 0.1 ? 0 : u) },
]

/** As many rise as fall; all rise; a few problems are learnt. */
export const changes: ReadonlyArray<Change> = [
  {
    name: "half doubled, half halved",
    kinds: [
      { share: 0.5, rate: (q) => Math.min(1, 2 * q) },
      { share: 0.5, rate: (q) => q / 2 },
    ],
  },
  { name: "all doubled", kinds: [{ share: 1, rate: (q) => Math.min(1, 2 * q) }] },
  {
    name: "15 % raised to ½",
    kinds: [
      { share: 0.15, rate: (q) => Math.max(q, 0.5) },
      { share: 0.85, rate: (q) => q },
    ],
  },
]

// destructors

/** The population mean of pass@k. */
export const truth = ({ rate }: Population, k: number): number => {
  let total = 0
  for (let i = 0; i < gridSize; i++) total += passOf(rate((i + 0.5) / gridSize), k)
  return total / gridSize
}

const passOf = (rate: number, k: number): number => -Math.expm1(k * Math.log1p(-rate))
