/** The study of docs/coverage.md, light: the default intervals hold their level where the docs say so. */
import { Seed } from "@rapo/distributions"
import { expect, test } from "vitest"
import { changes, populations, truth } from "../coverageStudy/population.ts"
import { differenceCoverage, meanCoverage, posteriorCoverage } from "../coverageStudy/studies.ts"

const root = Seed.fromInteger(7)

test("truths are those of known populations", () => {
  // E[1 - (1-u)^k] = k/(k+1); the grid's midpoint sum is within 1e-6 of the integral
  const uniform = populations.find(({ name }) => name === "uniform")
  for (const k of [1, 8, 64]) expect(uniform && truth(uniform, k)).toBeCloseTo(k / (k + 1), 5)
})

test("the default interval holds pass@1 and pass@64 of 60 problems 95 % of the time, few or many of them easy", () => {
  const repetitions = 300
  // three Monte-Carlo standard errors of 95 % at 300 repetitions are 3.8 %; the settings themselves are within 94 to 96.5 %
  const [least, most] = [0.9, 0.99]
  for (const population of populations.filter((_, index) => index % 2 === 0)) {
    const setting = { population, problems: 60, samples: 256, ks: [1, 64], repetitions, resamples: 200 }
    for (const cell of meanCoverage(setting, root).filter(({ method }) => method === "default")) {
      const share = cell.covered / cell.repetitions
      console.log(
        `coverage at 60 problems, k = ${cell.k}, ${population.name}: ${(100 * share).toFixed(1)} %, ${cell.effective.toFixed(1)} effective`,
      )
      expect(share, population.name).toBeGreaterThanOrEqual(least)
      expect(share, population.name).toBeLessThanOrEqual(most)
    }
  }
})

test("without what was not drawn, pass@256 of uniform rates is missed nearly always", () => {
  const [population] = populations
  const setting = population && {
    population,
    problems: 60,
    samples: 256,
    ks: [256],
    repetitions: 100,
    resamples: 200,
  }
  const cells = setting === undefined ? [] : meanCoverage(setting, root)
  const covered = (method: string): number =>
    cells.find((cell) => cell.method === method)?.covered ?? Number.NaN
  expect(covered("percentile")).toBeLessThan(50)
  expect(covered("default")).toBeGreaterThanOrEqual(88)
})

test("a paired difference is held where models differ on few problems", () => {
  const [change] = changes
  const [population] = populations
  const cells =
    population && change
      ? differenceCoverage(
          { population, problems: 30, samples: 64, ks: [1, 64], repetitions: 200, resamples: 200 },
          change,
          root,
        )
      : []
  const own = cells.filter(({ method }) => method === "default")
  expect(own.length).toBe(2)
  // three standard errors of 95 % at 200 repetitions are 4.6 %
  for (const { covered, repetitions } of own) expect(covered / repetitions).toBeGreaterThanOrEqual(0.9)
})

test("a posterior covers rates that come from its own prior", () => {
  const [uniform] = populations
  const repetitions = 3000
  const cell = uniform && posteriorCoverage(uniform, 64, repetitions, root)
  // exact in expectation: three standard errors of 95 % at 3,000 repetitions are 1.2 %
  expect(Math.abs((cell?.covered ?? 0) / repetitions - 0.95)).toBeLessThan(0.012)
})
