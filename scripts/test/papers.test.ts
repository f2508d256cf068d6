/** docs/papers.md names functions and tests that exist, and tests that use the functions' modules. */
import * as distributions from "@rapo/distributions"
import * as divergences from "@rapo/divergences"
import * as evaluation from "@rapo/eval"
import * as rapo from "@rapo/rapo"
import * as fs from "node:fs"
import * as path from "node:path"
import { describe, expect, test } from "vitest"

const root = path.resolve(import.meta.dirname, "../..")
const packages: Readonly<Record<string, object>> = { distributions, divergences, eval: evaluation, rapo }

/** Rows of the page: an equation, functions, tests. */
const rows = fs
  .readFileSync(path.join(root, "docs/papers.md"), "utf8")
  .split("\n")
  .filter((line) => line.startsWith("|") && line.includes(".test.ts)"))
  .map((line) => ({
    line,
    functions: [...line.matchAll(/`(\w+)\.(\w+)\.(\w+)`/g)].map(([, pack, module, name]) => ({
      pack,
      module,
      name,
    })),
    tests: [...line.matchAll(/\]\(\.\.\/([^)]+)\)/g)].map(([, file]) => file ?? ""),
  }))

const field = (value: unknown, name: string | undefined): unknown =>
  typeof value === "object" && value !== null && name !== undefined
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined

/** The names under which the registry has an objective. */
const keysOf = (objective: unknown): ReadonlyArray<string> =>
  Object.entries(rapo.Objectives.all).flatMap(([key, value]) => (value === objective ? [key] : []))

describe("papers", () => {
  test("there is a row for every objective", () => {
    const all = Object.values(rapo.Objectives.all)
    const named = rows.flatMap(({ functions }) =>
      functions.map(({ module, name }) => field(field(rapo, module), name)),
    )
    const missing = all.filter((objective) => !named.includes(objective))
    expect(missing.map(({ name }) => name)).toEqual([])
  })

  test.each(rows)("$line", ({ functions, tests }) => {
    expect(functions.length).toBeGreaterThan(0)
    expect(tests.length).toBeGreaterThan(0)
    for (const { pack, module, name } of functions)
      expect(field(field(packages[pack ?? ""], module), name), `${pack}.${module}.${name}`).toBeDefined()
    const text = tests.map((file) => fs.readFileSync(path.join(root, file), "utf8")).join("\n")
    const uses = ({ module, name }: (typeof functions)[number]): boolean =>
      new RegExp(`\\b${module}`, "i").test(text) ||
      keysOf(field(field(rapo, module), name)).some((key) => text.includes(`"${key}"`))
    expect(functions.some(uses)).toBe(true)
  })
})
