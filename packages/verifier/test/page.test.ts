/** The pairs of docs/verifier.md: each verdict and rule on the page is what the package says. */
import { readFileSync } from "node:fs"
import * as path from "node:path"
import { expect, test } from "vitest"
import { Verdict, Verify } from "@rapo/verifier"

const page = readFileSync(path.resolve(import.meta.dirname, "../../../docs/verifier.md"), "utf8")

/** A row of the table: two texts in code, two words. */
const rows = [...page.matchAll(/^\| +`(.+?)` +\| +`(.+?)` +\| +(\w+) +\| +([\w-]+) +\|/gm)].map(
  ([, gold = "", response = "", verdict = "", rule = ""]) => [gold, response, verdict, rule] as const,
)

test("the page has its pairs", () => {
  expect(rows.length).toBeGreaterThanOrEqual(20)
})

test.each(rows)("%s and %s: %s by %s", (gold, response, verdict, rule) => {
  const given = Verify.verify(gold, response)
  expect([given._tag, Verdict.ruleOf(given) ?? "-"]).toEqual([verdict, rule])
})
