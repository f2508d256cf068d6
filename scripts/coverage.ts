/**
 * Writes the tables of docs/coverage.md, between its markers:
 *
 *     npm run example scripts/coverage.ts            some minutes
 *     npm run example scripts/coverage.ts -- --quick a look, printed and not written
 *
 * Each population has its own thread and its own seeds, so that the tables do not depend on their number.
 */
import * as fs from "node:fs"
import { Worker, isMainThread, parentPort, workerData } from "node:worker_threads"
import { Seed } from "@rapo/distributions"
import { type Population, changes, populations } from "./coverageStudy/population.ts"
import { differenceCoverage, meanCoverage, posteriorCoverage } from "./coverageStudy/studies.ts"
import type { Cell, Method } from "./coverageStudy/tabulate.ts"

const isQuick = process.argv.includes("--quick")
const root = Seed.fromInteger(20_251_003)
const ksOf = (samples: number): ReadonlyArray<number> => [1, 8, 64, 256, 1024].filter((k) => k <= samples)

/** The band of the goal, and the effective number of problems from which a setting counts as informative. */
const [lowest, highest, informative] = [0.93, 0.97, 5]

/** Problems and samples; whether differences are simulated too. */
const sizes: ReadonlyArray<readonly [number, number, boolean]> = isQuick
  ? [[30, 64, true]]
  : [
      [30, 64, true],
      [30, 256, false],
      [30, 1024, true],
      [60, 256, true],
      [500, 1024, false],
      [15, 256, false],
    ]
const sampleCounts = isQuick ? [64] : [64, 256, 1024]
const resamples = isQuick ? 200 : 400
const repetitionsOf = (problems: number): number => (isQuick ? 100 : problems > 100 ? 500 : 2000)

const shareOf = ({ covered, repetitions }: Cell): number => covered / repetitions
const isInside = (cell: Cell): boolean => shareOf(cell) >= lowest && shareOf(cell) <= highest

const percent = (cell: Cell): string => {
  const share = shareOf(cell)
  const error = Math.sqrt((share * (1 - share)) / cell.repetitions)
  const mark = isInside(cell) ? "" : share > highest ? " ▲" : " ▼"
  return `${(100 * share).toFixed(1)} ± ${(100 * error).toFixed(1)}${mark}`
}

/** A row a population, number of problems and of samples; a column a k; the default, the percentile and the effective number. */
const table = (cells: ReadonlyArray<Cell>): string => {
  const ks = [...new Set(cells.map(({ k }) => k))].toSorted((a, b) => a - b)
  const keyOf = ({ population, problems, samples }: Cell): string =>
    `${population} | ${problems} | ${samples}`
  const row = (key: string): string => {
    const own = cells.filter((cell) => keyOf(cell) === key)
    const of = (k: number): string => {
      const [cell, plain] = (["default", "percentile"] as const).map((method) =>
        own.find((each) => each.method === method && each.k === k),
      )
      return cell === undefined || plain === undefined
        ? ""
        : `${percent(cell)} / ${(100 * shareOf(plain)).toFixed(1)} (${cell.effective.toFixed(1)})`
    }
    return `| ${key} | ${ks.map(of).join(" | ")} |`
  }
  return [
    `| rates | problems | n | ${ks.map((k) => `k = ${k}`).join(" | ")} |`,
    `|---|---|---|${ks.map(() => "---|").join("")}`,
    ...[...new Set(cells.map(keyOf))].map(row),
  ].join("\n")
}

/** How many settings are inside, below and above the band, for each method, of all and of the informative ones. */
const counts = (cells: ReadonlyArray<Cell>): string => {
  const line = (title: string, some: ReadonlyArray<Cell>, method: Method): string => {
    const own = some.filter((cell) => cell.method === method)
    const shares = own.map(shareOf)
    const [least, most] = [Math.min(...shares), Math.max(...shares)]
    return own.length === 0
      ? ""
      : `| ${title} | ${method} | ${own.filter(isInside).length} of ${own.length} | ${shares.filter((x) => x < lowest).length} | ${
          shares.filter((x) => x > highest).length
        } | ${(100 * least).toFixed(1)} to ${(100 * most).toFixed(1)} |`
  }
  const groups: ReadonlyArray<readonly [string, (cell: Cell) => boolean]> = [
    ["30 problems and more", ({ problems }) => problems >= 30],
    [
      `of these, ${informative} effective problems and more`,
      ({ problems, effective }) => problems >= 30 && effective >= informative,
    ],
    ["15 problems", ({ problems }) => problems < 30],
  ]
  return [
    "| settings | method | within 93–97 % | below | above | coverage, % |",
    "|---|---|---|---|---|---|",
    ...groups.flatMap(([title, belongs]) =>
      (["default", "adjusted", "percentile"] as const)
        .map((method) => line(title, cells.filter(belongs), method))
        .filter((text) => text !== ""),
    ),
  ].join("\n")
}

/** All cells of one population. */
interface Part {
  readonly means: ReadonlyArray<Cell>
  /** For each change. */
  readonly differences: ReadonlyArray<ReadonlyArray<Cell>>
  readonly posteriors: ReadonlyArray<Cell>
}

const partOf = (population: Population): Part => {
  const settings = sizes.map(([problems, samples, withDifferences]) => ({
    withDifferences,
    setting: {
      population,
      problems,
      samples,
      ks: ksOf(samples),
      repetitions: repetitionsOf(problems),
      resamples,
    },
  }))
  return {
    means: settings.flatMap(({ setting }) => meanCoverage(setting, root)),
    differences: changes.map((change) =>
      settings
        .filter(({ withDifferences }) => withDifferences)
        .flatMap(({ setting }) => differenceCoverage(setting, change, root)),
    ),
    posteriors: sampleCounts.map((samples) =>
      posteriorCoverage(population, samples, isQuick ? 500 : 4000, root),
    ),
  }
}

const inThread = (index: number): Promise<Part> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: index, argv: process.argv.slice(2) })
    worker.once("message", (part: Part) => resolve(part))
    worker.once("error", reject)
  })

const tablesOf = (parts: ReadonlyArray<Part>): string => {
  const means = parts.flatMap((part) => part.means)
  return [
    `### Mean pass@k over problems\n`,
    counts(means),
    "",
    table(means),
    ...changes.flatMap(({ name }, c) => {
      const cells = parts.flatMap(({ differences }) => differences[c] ?? [])
      return [`\n### Paired difference of two models: ${name}\n`, counts(cells), "", table(cells)]
    }),
    `\n### One problem's rate: the posterior with a uniform prior\n`,
    `| rates | ${sampleCounts.map((n) => `n = ${n}`).join(" | ")} |`,
    `|---|${sampleCounts.map(() => "---|").join("")}`,
    ...parts.map(
      ({ posteriors }) => `| ${posteriors[0]?.population} | ${posteriors.map(percent).join(" | ")} |`,
    ),
  ].join("\n")
}

const write = (tables: string): void => {
  const [begin, end] = ["<!-- tables: scripts/coverage.ts -->", "<!-- end of tables -->"]
  const path = new URL("../docs/coverage.md", import.meta.url)
  const text = fs.readFileSync(path, "utf8")
  const [before, after] = [text.indexOf(begin) + begin.length, text.indexOf(end)]
  fs.writeFileSync(path, `${text.slice(0, before)}\n\n${tables}\n\n${text.slice(after)}`)
}

if (isMainThread) {
  const tables = tablesOf(await Promise.all(populations.map((_, index) => inThread(index))))
  if (isQuick) console.log(tables)
  else write(tables)
} else {
  const population = populations[workerData as number]
  if (population !== undefined) parentPort?.postMessage(partOf(population))
}
