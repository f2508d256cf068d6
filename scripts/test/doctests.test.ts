/** What documented examples become, and that bringing them up to date touches nothing else. */
import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"
import { describe, expect, test } from "vitest"
import { dynamicImport, examplesOf, mergeImports, writeDoctests } from "../doctests.ts"

const open = "```ts import.meta.vitest"
const close = "```"
const page = (...lines: ReadonlyArray<string>): string =>
  ["# Title", "", open, ...lines, close, ""].join("\n")

describe("examplesOf", () => {
  test("turns arrows into equalities and ≈ into closeness to the digits shown", () => {
    expect(examplesOf(page(`import { a } from "a"`, "a(1) // => { b: 2 }", "a(2) // ≈ 0.693"))).toEqual([
      {
        line: 3,
        imports: [`import { a } from "a"`],
        body: ["expect(a(1)).toEqual({ b: 2 })", "expect(a(2)).toBeCloseTo(0.693, 3)", ""],
      },
    ])
  })
  test("reads doc comments as well as pages, and leaves other fences alone", () => {
    const comment = ["/**", ` * ${open}`, " * f(1) // => 1", ` * ${close}`, " */"].join("\n")
    expect(examplesOf(comment).map(({ body }) => body[0])).toEqual(["expect(f(1)).toEqual(1)"])
    expect(examplesOf("```ts\nf(1) // => 1\n```")).toEqual([])
  })
})

test("imports of a module are merged, each name once; type and namespace imports stay apart", () => {
  expect(
    mergeImports([
      `import { A, B } from "m"`,
      `import { B, C as D } from "m"`,
      `import type { T } from "m"`,
      `import * as E from "e"`,
      `import * as E from "e"`,
    ]),
  ).toEqual([`import { A, B, C as D } from "m"`, `import type { T } from "m"`, `import * as E from "e"`])
})

test.each([
  [`import { A, B as C } from "m"`, `const { A, B: C } = await import("m")`],
  [`import * as E from "e" // why`, `const E = await import("e")`],
  [`import "m"`, `await import("m")`],
  [`import type { T } from "m"`, ""],
])("%s becomes an expression", (line, expression) => {
  expect(dynamicImport(line)).toBe(expression)
})

test("an unchanged example is not written again, a vanished one is removed", () => {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), "rapo-doctests-"))
  try {
    const readme = path.join(root, "README.md")
    const written = path.join(root, ".doctests", "README_md.test.ts")
    fs.writeFileSync(readme, page("1 + 1 // => 2"))
    writeDoctests(root)
    const earlier = new Date("2001-02-03T04:05:06Z")
    fs.utimesSync(written, earlier, earlier)
    writeDoctests(root)
    expect(fs.statSync(written).mtime).toEqual(earlier)
    fs.writeFileSync(readme, page("1 + 2 // => 3"))
    writeDoctests(root)
    expect(fs.readFileSync(written, "utf8")).toContain("expect(1 + 2).toEqual(3)")
    fs.writeFileSync(readme, "# Nothing to run")
    writeDoctests(root)
    expect(fs.readdirSync(path.join(root, ".doctests"))).toEqual([])
  } finally {
    fs.rmSync(root, { recursive: true, force: true })
  }
})
