/** Every page's links within the repository lead somewhere, their anchors too; so do the paths that it writes as code. */
import { execFileSync } from "node:child_process"
import * as fs from "node:fs"
import * as path from "node:path"
import { describe, expect, test } from "vitest"

const root = path.resolve(import.meta.dirname, "../..")
const pages = execFileSync("git", ["ls-files", "-co", "--exclude-standard", "*.md"], {
  cwd: root,
  encoding: "utf8",
})
  .split("\n")
  .filter((page) => page !== "" && fs.existsSync(path.join(root, page)))

/** A page without its fences, in which nothing is a link or a heading. */
const proseOf = (page: string): string =>
  fs.readFileSync(path.join(root, page), "utf8").replaceAll(/^( *)```.*?^\1```$/gms, "")

/** GitHub's anchors: lower case, no punctuation, a dash for a space; from the second of its name on with a number. */
const anchorsOf = (page: string): ReadonlySet<string> => {
  const seen = new Map<string, number>()
  return new Set(
    [...proseOf(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => {
      const anchor = heading
        .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\p{M} _-]/gu, "")
        .replaceAll(" ", "-")
      const before = seen.get(anchor) ?? 0
      seen.set(anchor, before + 1)
      return before === 0 ? anchor : `${anchor}-${before}`
    }),
  )
}

/** What is wrong with a link from a page; undefined: nothing. */
const problemOf = (page: string, link: string): string | undefined => {
  if (/^[a-z]+:/.test(link)) return undefined
  const [file = "", anchor] = decodeURIComponent(link).split("#")
  const target = file === "" ? page : path.join(path.dirname(page), file)
  if (!fs.existsSync(path.join(root, target))) return `${link}: there is no ${target}`
  if (anchor === undefined || !target.endsWith(".md")) return undefined
  return anchorsOf(target).has(anchor) ? undefined : `${link}: ${target} has no such heading`
}

const linksOf = (page: string): ReadonlyArray<string> =>
  [...proseOf(page).matchAll(/\]\(([^()\s]+(?:\([^()]*\))?[^()\s]*)\)/g)].map(([, link = ""]) => link)

/** Code that is a path of the repository: from its root, with an ending. What `<…>`, `*` or `…` stands in is a pattern. */
const pathsOf = (page: string): ReadonlyArray<string> =>
  [...proseOf(page).matchAll(/`((?:apps|bench|docs|examples|packages|scripts)\/[\w./-]*\.[a-z]+)`/g)].map(
    ([, named = ""]) => named,
  )

test("there are pages, links and paths to look at", () => {
  expect(pages).toContain("README.md")
  expect(pages.flatMap(linksOf).length).toBeGreaterThan(100)
  expect(pages.flatMap(pathsOf).length).toBeGreaterThan(10)
})

describe.each(pages)("%s", (page) => {
  test("its links lead somewhere", () => {
    expect(linksOf(page).flatMap((link) => problemOf(page, link) ?? [])).toEqual([])
  })
  test("its paths are there", () => {
    expect(pathsOf(page).filter((named) => !fs.existsSync(path.join(root, named)))).toEqual([])
  })
})

test("a link to nothing, and an anchor of no heading, are found", () => {
  expect(problemOf("README.md", "docs/nothing.md")).toContain("there is no docs/nothing.md")
  expect(problemOf("README.md", "docs/engines.md#nothing")).toContain("no such heading")
  expect(problemOf("README.md", "#two-commands")).toBeUndefined()
})
