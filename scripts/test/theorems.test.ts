/** Every theorem of docs/theory.md has a test, every test that names a theorem names one of the page. */
import * as fs from "node:fs"
import * as path from "node:path"
import { describe, expect, test } from "vitest"
import { namedTests, namedTestsOf, theoremProblems, theoremsOf, withLinks } from "../theorems.ts"

const root = path.resolve(import.meta.dirname, "../..")
const page = fs.readFileSync(path.join(root, "docs/theory.md"), "utf8")

describe("theorems", () => {
  test("each has a test, and each named test a theorem", () => {
    expect(theoremProblems(page, namedTests(root))).toEqual([])
    expect(theoremsOf(page).length).toBeGreaterThan(0)
  })

  // The identifiers are put together here, so that this file itself names no theorem.
  const id = (letter: string): string => `[${letter}1]`
  const small = `# Theory\n\n### ${id("X")} A claim\n\n**Proof.** Clear. ∎\n\n## Next\n\n### ${id("Y")} Another\n\nClear.\n`
  const tests = namedTestsOf("packages/p/test/P.test.ts", `test("${id("X")}${id("Y")} both hold", () => {})`)

  test("a theorem without a test, a test without a theorem and a missing link are reported", () => {
    expect(theoremProblems(small, [])).toHaveLength(2)
    expect(theoremProblems("", tests)).toHaveLength(2)
    expect(theoremProblems(small, tests)).toHaveLength(2)
    expect(theoremProblems(small + small, tests).filter((problem) => problem.includes("twice"))).toHaveLength(
      2,
    )
  })

  test("links are written once, and then nothing is left to report", () => {
    const written = withLinks(small, tests)
    expect(theoremProblems(written, tests)).toEqual([])
    expect(withLinks(written, tests)).toBe(written)
    expect(written).toContain("Tests: [p/P](../packages/p/test/P.test.ts)\n\n## Next")
  })
})
