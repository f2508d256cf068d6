import * as fc from "fast-check"
import { expect, test } from "vitest"
import { groupsWithin, parameterGroups } from "../../src/training/parameterGroups.ts"
import { initialParameters } from "../../src/model/Parameters.ts"
import { Seed } from "@rapo/distributions"
import { configOf } from "../configs.ts"
import { freeing } from "../engine.ts"

const sizes = fc
  .array(fc.integer({ min: 1, max: 100 }), { maxLength: 30 })
  .map((all) => all.map((size, i) => [`p${i}`, size] as const))
const limit = fc.integer({ min: 0, max: 150 })

test("groups are the names in order, each within the bound or alone, and no two neighbours fit in one", () => {
  fc.assert(
    fc.property(limit, sizes, (most, all) => {
      const groups = groupsWithin(most, all)
      const sizeOf = new Map<string, number>(all)
      const total = (names: ReadonlyArray<string>): number =>
        names.reduce((sum, name) => sum + (sizeOf.get(name) ?? NaN), 0)
      return (
        groups.flat().join() === all.map(([name]) => name).join() &&
        groups.every((names) => names.length === 1 || total(names) <= most) &&
        groups.every((names, i) => {
          const next = groups[i + 1]
          return next === undefined || total([...names, next[0] ?? ""]) > most
        })
      )
    }),
  )
})

test("where nothing runs as a graph each parameter is a group", () => {
  freeing(() => {
    const parameters = initialParameters(configOf(), Seed.fromInteger(1))
    expect(parameterGroups(parameters)).toEqual(Object.keys(parameters).map((name) => [name]))
  })
})
