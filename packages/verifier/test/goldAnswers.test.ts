/**
 * The reference answers of MATH and its relatives, against the values that Math-Verify 0.8 reads in them.
 *
 * The file stands beside the repository, never in it.
 */
import { existsSync, readFileSync } from "node:fs"
import * as E from "fp-ts/lib/Either.js"
import { expect, test } from "vitest"
import { Parse } from "@rapo/verifier"
import type { Expression } from "@rapo/verifier"
import { approximate } from "./parse/approximate.ts"

const file = new URL("../../../../shared/data/golden/math-gold-answers-parsed.jsonl", import.meta.url)

interface Row {
  readonly answer: string
  readonly value: number | null
}

/** Doubles on both sides, a dozen operations each. */
const relativeTolerance = 1e-12

/** An equation has the value of its last side, `k = 6` that of 6. */
const valueOf = (e: Expression.Expression): number =>
  approximate(e._tag === "Relation" ? (e.operands.at(-1) ?? e) : e)

/** What the oracle misreads: as two seconds, and as 2. */
const misread: ReadonlySet<string> = new Set(["2s", "2007 + \\frac\\pi 2"])

const agrees = ({ answer, value }: Row & { readonly value: number }): boolean => {
  const parsed = Parse.parse(answer)
  return (
    E.isRight(parsed) &&
    Math.abs(valueOf(parsed.right.expression) - value) <= relativeTolerance * Math.abs(value)
  )
}

const rows = (): ReadonlyArray<Row> | undefined =>
  existsSync(file)
    ? readFileSync(file, "utf8")
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line) as Row)
    : undefined

const hasValue = (row: Row): row is Row & { readonly value: number } =>
  row.value !== null && !misread.has(row.answer)

test("every reference answer is read, and has the value that the oracle states", () => {
  const all = rows()
  if (all === undefined) {
    console.log("reference answers: no data beside the repository, nothing compared")
    return
  }
  const stated = all.filter(hasValue)
  const unread = all.filter(({ answer }) => E.isLeft(Parse.parse(answer))).map(({ answer }) => answer)
  const different = stated.filter((row) => !agrees(row))
  console.log(
    `reference answers: ${all.length - unread.length} of ${all.length} read, ` +
      `${stated.length - different.length} of ${stated.length} stated values equal`,
  )
  expect(unread).toEqual([""])
  expect(different).toEqual([])
})
