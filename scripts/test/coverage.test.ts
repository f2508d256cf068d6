/** The study of docs/coverage.md, light: the default intervals hold their level where the docs say so. */
import { Seed } from "@rapo/distributions"
import { expect, test } from "vitest"
import { meanCoverage, populations, posteriorCoverage, truth } from "../coverageStudy.ts"

const root = Seed.fromInteger(7)

test("truths are those of known populations", () => {
  // E[1 - (1-u)^k] = k/(k+1); the grid's midpoint sum is within 1e-6 of the integral
  const uniform = populations.find(({ name }) => name === "uniform")
  for (const k of [1, 8, 64]) expect(uniform && truth(uniform, k)).toBeCloseTo(k / (k + 1), 5)
})

test("the default interval holds pass@1 of 60 problems 95 % of the time, few or many of them easy", () => {
  const repetitions = 300
  // three Monte-Carlo standard errors of 95 % at 300 repetitions are 3.8 %; two kinds of problems cover 96 to 97 %
  const slack = 0.04
  for (const population of populations.filter((_, index) => index % 2 === 0)) {
    const [adjusted, percentile] = meanCoverage(population, 60, 256, [1], repetitions, 200, root)
    const shares = [adjusted, percentile].map((cell) =>
      cell === undefined ? 0 : cell.covered / cell.repetitions,
    )
    console.log(
      `coverage at 60 problems, ${population.name}: ${shares.map((x) => (100 * x).toFixed(1)).join(" / ")}`,
    )
    expect(shares[0], population.name).toBeGreaterThanOrEqual(0.94 - slack)
    expect(shares[0], population.name).toBeLessThanOrEqual(0.96 + slack)
  }
})

test("a posterior covers rates that come from its own prior", () => {
  const [uniform] = populations
  const repetitions = 3000
  const cell = uniform && posteriorCoverage(uniform, 64, repetitions, root)
  // exact in expectation: three standard errors of 95 % at 3,000 repetitions are 1.2 %
  expect(Math.abs((cell?.covered ?? 0) / repetitions - 0.95)).toBeLessThan(0.012)
})
