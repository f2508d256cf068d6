/**
 * Theorems and their tests: `docs/theory.md` states theorems under headings "### [T2] …", and a test says which it
 * proves by beginning its title with "[T2]". Under each theorem stands a line that links its tests.
 *
 *     npm run theorems      writes those lines, and prints how many tests each theorem has
 */
import * as fs from "node:fs"
import * as path from "node:path"

/** A theorem as the page states it. */
export interface Theorem {
  readonly id: string
  readonly title: string
  /** The test files that its last line links, relative to the root. */
  readonly links: ReadonlyArray<string>
}

/** A test whose title names theorems. */
export interface Named {
  readonly ids: ReadonlyArray<string>
  readonly title: string
  /** Relative to the root. */
  readonly file: string
}

const heading = /^### \[([A-Z]\d+)\] (.+)$/
const linked = /\]\(\.\.\/([^)]+\.test\.ts)\)/g
/** Begins the line of links under a theorem. */
const linksBegin = "Tests: "

/** The theorems of a page, in its order. */
export const theoremsOf = (page: string): ReadonlyArray<Theorem> =>
  sectionsOf(page).flatMap(({ id, title, lines }) =>
    id === undefined
      ? []
      : [
          {
            id,
            title,
            links: lines
              .filter((line) => line.startsWith(linksBegin))
              .flatMap((line) => [...line.matchAll(linked)].map((match) => match[1] ?? "")),
          },
        ],
  )

/** The tests of a source text that name theorems: string literals that begin with identifiers in brackets. */
export const namedTestsOf = (file: string, text: string): ReadonlyArray<Named> =>
  [...text.matchAll(/(["'`])((?:\[[A-Z]\d{1,2}\])+) (.+?)\1/g)].map((match) => ({
    ids: [...(match[2] ?? "").matchAll(/\[([A-Z]\d+)\]/g)].map((id) => id[1] ?? ""),
    title: match[3] ?? "",
    file,
  }))

/** Every test of the repository that names a theorem. */
export const namedTests = (root: string): ReadonlyArray<Named> =>
  ["packages", "apps"]
    .flatMap((folder) => fs.readdirSync(path.join(root, folder)).map((name) => `${folder}/${name}/test`))
    .filter((folder) => fs.existsSync(path.join(root, folder)))
    .flatMap((folder) =>
      fs
        .readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
        .filter((name) => name.endsWith(".test.ts"))
        .toSorted()
        .map((name) => path.posix.join(folder, name.split(path.sep).join("/"))),
    )
    .flatMap((file) => namedTestsOf(file, fs.readFileSync(path.join(root, file), "utf8")))

/** What is wrong between a page and the tests, as sentences; none when each theorem has its tests and links them. */
export const theoremProblems = (page: string, tests: ReadonlyArray<Named>): ReadonlyArray<string> => {
  const theorems = theoremsOf(page)
  const known = new Set(theorems.map(({ id }) => id))
  return [
    ...theorems
      .filter(({ id }, i) => theorems.findIndex((other) => other.id === id) !== i)
      .map(({ id }) => `docs/theory.md states [${id}] twice`),
    ...tests.flatMap(({ ids, title, file }) =>
      ids
        .filter((id) => !known.has(id))
        .map((id) => `${file}: the test "${title}" names [${id}], which docs/theory.md does not state`),
    ),
    ...theorems.flatMap(({ id, links }) => {
      const files = filesFor(id, tests)
      if (files.length === 0)
        return [`[${id}] of docs/theory.md has no test: begin a test's title with "[${id}] "`]
      return links.join() === files.join()
        ? []
        : [`[${id}] of docs/theory.md links other test files than those that name it: run npm run theorems`]
    }),
  ]
}

/** The page with each theorem's line of links as the tests have it. */
export const withLinks = (page: string, tests: ReadonlyArray<Named>): string =>
  sectionsOf(page)
    .map(({ id, lines }) => {
      if (id === undefined) return lines.join("\n")
      const kept = lines.filter((line) => !line.startsWith(linksBegin))
      const files = filesFor(id, tests)
      const end = kept.findLastIndex((line) => line.trim() !== "" && !line.startsWith("## ")) + 1
      const text = `${linksBegin}${files.map((file) => `[${nameOf(file)}](../${file})`).join(", ")}`
      return files.length === 0
        ? kept.join("\n")
        : [...kept.slice(0, end), "", text, ...withoutLeadingBlank(kept.slice(end))].join("\n")
    })
    .join("\n")

const filesFor = (id: string, tests: ReadonlyArray<Named>): ReadonlyArray<string> => [
  ...new Set(tests.filter(({ ids }) => ids.includes(id)).map(({ file }) => file)),
]

/** `packages/rapo/test/Loss.test.ts` to `rapo/Loss`. */
const nameOf = (file: string): string =>
  file
    .replace(/^(?:packages|apps)\//, "")
    .replace("/test/", "/")
    .replace(/\.test\.ts$/, "")

const withoutLeadingBlank = (lines: ReadonlyArray<string>): ReadonlyArray<string> =>
  lines.length > 1 && lines[0] === "" && lines[1] === "" ? lines.slice(1) : lines

interface Section {
  readonly id: string | undefined
  readonly title: string
  readonly lines: ReadonlyArray<string>
}

/** The page cut before every heading of a theorem, and before every heading of a chapter. */
const sectionsOf = (page: string): ReadonlyArray<Section> => {
  const sections: Array<{ id: string | undefined; title: string; lines: Array<string> }> = [
    { id: undefined, title: "", lines: [] },
  ]
  for (const line of page.split("\n")) {
    const found = heading.exec(line)
    if (found !== null) sections.push({ id: found[1], title: found[2] ?? "", lines: [] })
    else if (line.startsWith("## ")) sections.push({ id: undefined, title: "", lines: [] })
    sections.at(-1)?.lines.push(line)
  }
  return sections
}

if (process.argv[1] !== undefined && path.resolve(process.argv[1]) === import.meta.filename) {
  const root = path.resolve(import.meta.dirname, "..")
  const file = path.join(root, "docs/theory.md")
  const tests = namedTests(root)
  const page = withLinks(fs.readFileSync(file, "utf8"), tests)
  fs.writeFileSync(file, page)
  for (const { id, title } of theoremsOf(page)) {
    console.log(`${String(tests.filter(({ ids }) => ids.includes(id)).length).padStart(3)}  [${id}] ${title}`)
  }
  const problems = theoremProblems(page, tests)
  for (const problem of problems) console.error(problem)
  process.exitCode = problems.length === 0 ? 0 : 1
}
