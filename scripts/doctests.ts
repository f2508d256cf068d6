/**
 * Turns every documented example into a test.
 *
 * A fence opened by "```ts import.meta.vitest" in a source file's doc comment or in a Markdown page becomes one
 * test in `.doctests/`. In it, `expression // => value` asserts deep equality, and
 * `expression // ≈ 0.693` asserts agreement to the digits shown. Imports are written as a reader would write them;
 * those of one file are merged, so that each of its examples can name what it uses. One file in `.doctests/` holds the
 * examples of a whole package, which then loads once.
 *
 * Files in `.doctests/` are replaced only when their content changes, and those of vanished examples are removed: two
 * test runs at the same time do not disturb each other.
 */
import * as fs from "node:fs"
import * as path from "node:path"

const fence = /```ts import\.meta\.vitest\n([\s\S]*?)```/g
const skipped = new Set(["node_modules", "dist", "test", ".git", ".doctests", "runs", "checkpoints"])

const walk = (entry: string): ReadonlyArray<string> => {
  if (!fs.existsSync(entry)) return []
  if (!fs.statSync(entry).isDirectory()) return /\.(ts|md)$/.test(entry) ? [entry] : []
  return fs
    .readdirSync(entry)
    .filter((name) => !skipped.has(name))
    .flatMap((name) => walk(path.join(entry, name)))
}

/** `a // => b` to an equality, `a // ≈ 1.23` to closeness within half a unit of the last digit shown. */
const assertion = (line: string): string => {
  const equal = /^(\s*)(.+?)\s*\/\/ => (.+)$/.exec(line)
  if (equal !== null) return `${equal[1]}expect(${equal[2]}).toEqual(${equal[3]})`
  const close = /^(\s*)(.+?)\s*\/\/ ≈ (\S+)$/.exec(line)
  if (close !== null) {
    const digits = close[3]?.split(".")[1]?.length ?? 0
    return `${close[1]}expect(${close[2]}).toBeCloseTo(${close[3]}, ${digits})`
  }
  return line
}

/** One fence: the line where it starts, its import lines, and the rest as assertions. */
export interface Example {
  readonly line: number
  readonly imports: ReadonlyArray<string>
  readonly body: ReadonlyArray<string>
}

/** The examples of one file. */
export const examplesOf = (text: string): ReadonlyArray<Example> =>
  [...text.matchAll(fence)].map((match) => {
    const lines = (match[1] ?? "").split("\n").map((line) => line.replace(/^\s*\* ?/, ""))
    return {
      line: text.slice(0, match.index).split("\n").length,
      imports: lines.filter((line) => line.startsWith("import ")),
      body: lines.filter((line) => !line.startsWith("import ")).map(assertion),
    }
  })

/** One import line a module for the named imports of all lines, each name once; other imports as they are, once. */
export const mergeImports = (lines: ReadonlyArray<string>): ReadonlyArray<string> => {
  const named = new Map<string, Set<string>>()
  const others = new Set<string>()
  for (const line of lines) {
    const parts = /^(import(?: type)?) \{(.*)\} from (".+?")/.exec(line)
    if (parts === null) others.add(line)
    else {
      const [, keyword = "", names = "", module = ""] = parts
      const key = `${keyword} {} from ${module}`
      const known = named.get(key) ?? new Set<string>()
      for (const name of names.split(",")) if (name.trim() !== "") known.add(name.trim())
      named.set(key, known)
    }
  }
  return [...[...named].map(([key, names]) => key.replace("{}", `{ ${[...names].join(", ")} }`)), ...others]
}

/** An import as an expression, which may stand in a block: files that import one name from two places do not clash. */
export const dynamicImport = (line: string): string =>
  line.startsWith("import type ")
    ? ""
    : line
        .replace(/^import \* as (\S+) from (".+?").*/, "const $1 = await import($2)")
        .replace(
          /^import (\{.*\}) from (".+?").*/,
          (_, names: string, module: string) =>
            `const ${names.replaceAll(" as ", ": ")} = await import(${module})`,
        )
        .replace(/^import (".+?").*/, "await import($1)")

const block = (source: string, examples: ReadonlyArray<Example>): string =>
  [
    `describe("${source}", async () => {`,
    ...mergeImports(examples.flatMap((example) => example.imports)).map(dynamicImport),
    ...examples.map(
      (example) => `test("line ${example.line}", async () => {\n${example.body.join("\n")}\n})`,
    ),
    "})",
    "",
  ].join("\n")

/** The test file that holds a source's examples: one for each package or application, one for each other folder. */
const targetOf = (source: string): string => {
  const [place = "", name = ""] = source.split(path.sep)
  return `${(["packages", "apps"].includes(place) ? `${place}_${name}` : place).replaceAll(".", "_")}.test.ts`
}

/** Where examples are looked for, from the root of the repository. */
const places = ["packages", "apps", "docs", "README.md", "CONTRIBUTING.md"]

/** Brings `.doctests/` of the repository at `root` up to date. */
export const writeDoctests = (root: string): void => {
  const output = path.join(root, ".doctests")
  fs.mkdirSync(output, { recursive: true })
  const wanted = new Map<string, string>()
  for (const file of places.flatMap((place) => walk(path.join(root, place)))) {
    const examples = examplesOf(fs.readFileSync(file, "utf8"))
    if (examples.length === 0) continue
    const source = path.relative(root, file)
    const target = targetOf(source)
    const before = wanted.get(target) ?? `import { describe, expect, test } from "vitest"\n`
    wanted.set(target, before + block(source, examples))
  }
  for (const [name, text] of wanted) replace(path.join(output, name), text)
  for (const name of fs.readdirSync(output))
    if (name.endsWith(".test.ts") && !wanted.has(name)) fs.rmSync(path.join(output, name), { force: true })
}

/** Writes a file unless it has this text already; it is never seen half written. */
const replace = (file: string, text: string): void => {
  if (fs.existsSync(file) && fs.readFileSync(file, "utf8") === text) return
  const part = `${file}.${process.pid}.part`
  fs.writeFileSync(part, text)
  fs.renameSync(part, file)
}
