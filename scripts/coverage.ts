/**
 * Writes the tables of docs/coverage.md, between its markers:
 *
 *     npm run example scripts/coverage.ts            some minutes
 *     npm run example scripts/coverage.ts -- --quick a look, printed and not written
 */
import * as fs from "node:fs"
import { Seed } from "@rapo/distributions"
import {
  type Cell,
  differenceCoverage,
  meanCoverage,
  populations,
  posteriorCoverage,
} from "./coverageStudy.ts"

const isQuick = process.argv.includes("--quick")
const root = Seed.fromInteger(20_251_003)
const ksOf = (samples: number): ReadonlyArray<number> => [1, 8, 64, 256, 1024].filter((k) => k <= samples)

interface Size {
  readonly problems: number
  readonly samples: number
  /** As many as their cost allows. */
  readonly repetitions: number
  readonly resamples: number
  readonly withDifferences: boolean
}

const size = (
  problems: number,
  samples: number,
  repetitions: number,
  resamples: number,
  withDifferences: boolean,
): Size => ({ problems, samples, repetitions, resamples, withDifferences })

const sizes: ReadonlyArray<Size> = isQuick
  ? [size(30, 64, 200, 200, true)]
  : [
      size(30, 64, 400, 400, true),
      size(30, 256, 400, 400, false),
      size(30, 1024, 400, 400, true),
      size(60, 256, 400, 400, true),
      size(500, 1024, 100, 300, false),
    ]
const sampleCounts = isQuick ? [64] : [64, 256, 1024]

const percent = ({ covered, repetitions }: Cell): string => {
  const share = covered / repetitions
  const error = Math.sqrt((share * (1 - share)) / repetitions)
  const mark = share >= 0.93 && share <= 0.97 ? "" : share > 0.97 ? " ▲" : " ▼"
  return `${(100 * share).toFixed(1)} ± ${(100 * error).toFixed(1)}${mark}`
}

/** A row a population, number of problems and of samples; a column a k; adjusted over percentile. */
const meanTable = (cells: ReadonlyArray<Cell>): string => {
  const ks = [...new Set(cells.map(({ k }) => k))].toSorted((a, b) => a - b)
  const keys = [
    ...new Set(cells.map(({ population, problems, samples }) => `${population}|${problems}|${samples}`)),
  ]
  const row = (key: string): string => {
    const [population, problems, samples] = key.split("|")
    const of = (method: string, k: number): string => {
      const cell = cells.find(
        (each) =>
          `${each.population}|${each.problems}|${each.samples}` === key &&
          each.method === method &&
          each.k === k,
      )
      return cell === undefined ? "" : percent(cell)
    }
    return `| ${population} | ${problems} | ${samples} | ${ks
      .map((k) => [of("adjusted", k), of("percentile", k)].filter((text) => text !== "").join(" / "))
      .join(" | ")} |`
  }
  return [
    `| rates | problems | n | ${ks.map((k) => `k = ${k}`).join(" | ")} |`,
    `|---|---|---|${ks.map(() => "---|").join("")}`,
    ...keys.map(row),
  ].join("\n")
}

const share = (cells: ReadonlyArray<Cell>, method: string): string => {
  const own = cells.filter((cell) => cell.method === method)
  const inside = own.filter(
    ({ covered, repetitions }) => covered / repetitions >= 0.93 && covered / repetitions <= 0.97,
  )
  return `${inside.length} of ${own.length}`
}

const means: Array<Cell> = []
const differences: Array<Cell> = []
const posteriors: Array<Cell> = []
for (const population of populations) {
  for (const { problems, samples, repetitions, resamples, withDifferences } of sizes) {
    const ks = ksOf(samples)
    means.push(...meanCoverage(population, problems, samples, ks, repetitions, resamples, root))
    if (withDifferences)
      differences.push(...differenceCoverage(population, problems, samples, ks, repetitions, resamples, root))
    console.error(`${population.name}, ${problems} problems, n = ${samples}`)
  }
  for (const samples of sampleCounts)
    posteriors.push(posteriorCoverage(population, samples, isQuick ? 500 : 4000, root))
}

const tables = [
  `### Mean pass@k over problems (adjusted / percentile)\n`,
  meanTable(means),
  `\nWithin 93–97 %: adjusted ${share(means, "adjusted")}, percentile ${share(means, "percentile")}.\n`,
  `### Paired difference of two models (adjusted / percentile)\n`,
  meanTable(differences),
  `\nWithin 93–97 %: adjusted ${share(differences, "adjusted")}, percentile ${share(differences, "percentile")}.\n`,
  `### One problem's rate: the posterior with a uniform prior\n`,
  `| rates | ${sampleCounts.map((n) => `n = ${n}`).join(" | ")} |`,
  `|---|${sampleCounts.map(() => "---|").join("")}`,
  ...populations.map(
    ({ name }) =>
      `| ${name} | ${posteriors
        .filter(({ population }) => population === name)
        .map(percent)
        .join(" | ")} |`,
  ),
].join("\n")

if (isQuick) console.log(tables)
else {
  const [begin, end] = ["<!-- tables: scripts/coverage.ts -->", "<!-- end of tables -->"]
  const path = new URL("../docs/coverage.md", import.meta.url)
  const text = fs.readFileSync(path, "utf8")
  const [before, after] = [text.indexOf(begin) + begin.length, text.indexOf(end)]
  fs.writeFileSync(path, `${text.slice(0, before)}\n\n${tables}\n\n${text.slice(after)}`)
}
