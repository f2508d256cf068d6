/**
 * Turns every documented example into a test.
 *
 * A fence opened by "```ts import.meta.vitest" in a source file's doc comment or in a Markdown page becomes one
 * test in `.doctests/`. In it, `expression // => value` asserts deep equality, and
 * `expression // ≈ 0.693` asserts agreement to the digits shown. Imports are written as a reader would write them.
 */
import * as fs from "node:fs"
import * as path from "node:path"

const root = path.resolve(import.meta.dirname, "..")
const output = path.join(root, ".doctests")
const fence = /```ts import\.meta\.vitest\n([\s\S]*?)```/g

const walk = (folder: string): ReadonlyArray<string> =>
  fs
    .readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !["node_modules", "dist", "test", ".git", ".doctests", "runs"].includes(entry.name))
    .flatMap((entry) => {
      const file = path.join(folder, entry.name)
      if (entry.isDirectory()) return walk(file)
      return /\.(ts|md)$/.test(entry.name) ? [file] : []
    })

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

interface Example {
  readonly line: number
  readonly imports: ReadonlyArray<string>
  readonly body: ReadonlyArray<string>
}

/** The examples of one file, with the line where each starts. */
export const examplesOf = (text: string): ReadonlyArray<Example> =>
  [...text.matchAll(fence)].map((match) => {
    const lines = (match[1] ?? "").split("\n").map((line) => line.replace(/^\s*\* ?/, ""))
    return {
      line: text.slice(0, match.index).split("\n").length,
      imports: lines.filter((line) => line.startsWith("import ")),
      body: lines.filter((line) => !line.startsWith("import ")).map(assertion),
    }
  })

const testFile = (source: string, examples: ReadonlyArray<Example>): string =>
  [
    `import { expect, test } from "vitest"`,
    ...new Set(examples.flatMap((example) => example.imports)),
    ...examples.map(
      (example) => `test("${source}:${example.line}", async () => {\n${example.body.join("\n")}\n})`,
    ),
    "",
  ].join("\n")

/** Writes `.doctests/`, one test file for each file that has examples. */
export const writeDoctests = (): void => {
  fs.rmSync(output, { recursive: true, force: true })
  for (const file of ["packages", "apps", "docs", "README.md"].flatMap((entry) => {
    const full = path.join(root, entry)
    if (!fs.existsSync(full)) return []
    return fs.statSync(full).isDirectory() ? walk(full) : [full]
  })) {
    const examples = examplesOf(fs.readFileSync(file, "utf8"))
    if (examples.length === 0) continue
    const source = path.relative(root, file)
    const target = path.join(output, `${source.replaceAll(/[/.]/g, "_")}.test.ts`)
    fs.mkdirSync(output, { recursive: true })
    fs.writeFileSync(target, testFile(source, examples))
  }
}
