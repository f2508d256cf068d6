/** Where two JSON values differ: nowhere exactly when they are equal. */
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { type Json, jsonDifference } from "../../src/storage/jsonDifference.ts"

const json = fc.jsonValue({ noUnicodeString: false, maxDepth: 3 }) as fc.Arbitrary<Json>

/** The same value, the fields of its objects the other way round. */
const turned = (value: Json): Json => {
  if (Array.isArray(value)) return value.map((each: Json) => turned(each))
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([name, each]) => [name, turned(each)]),
  )
}

/** Its text with the fields in one order. */
const canonical = (value: Json): string =>
  JSON.stringify(value, (_, each: unknown) =>
    typeof each === "object" && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  )

describe("jsonDifference", () => {
  it("finds none in equal values, whatever the order of fields", () => {
    fc.assert(fc.property(json, (value) => jsonDifference(value, turned(value)) === undefined))
  })

  it("finds one in values that differ", () => {
    fc.assert(
      fc.property(
        json,
        json,
        (a, b) => (jsonDifference(a, b) === undefined) === (canonical(a) === canonical(b)),
      ),
    )
  })

  it("names the field, and shows both values", () => {
    const [a, b] = [{ training: { steps: 3 }, arms: [{ alpha: [0.1] }] }, { training: { steps: 4 } }]
    expect(jsonDifference(a, { ...b, arms: a.arms })).toEqual({
      field: "training.steps",
      before: "3",
      now: "4",
    })
    expect(jsonDifference(a, { ...a, arms: [{ alpha: [0.2] }] })).toEqual({
      field: "arms[0].alpha[0]",
      before: "0.1",
      now: "0.2",
    })
    expect(jsonDifference({ a: 1 }, {})).toEqual({ field: "a", before: "1", now: "nothing" })
  })
})
