/**
 * The floors are law: a package depends on those below it only, and declares all that it imports. Here too is what the
 * lint rule cannot see: dynamic imports, and chance that no seed names.
 */
import * as fs from "node:fs"
import * as path from "node:path"
import { describe, expect, test } from "vitest"

const root = path.resolve(import.meta.dirname, "../..")

interface Manifest {
  readonly name: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

/** Of each package, those below it; from the ground up. */
const below: Readonly<Record<string, ReadonlyArray<string>>> = {
  distributions: [],
  divergences: ["distributions"],
  rapo: ["distributions", "divergences"],
  verifier: [],
  eval: ["distributions"],
}
const floors = Object.keys(below)

const manifest = (name: string): Manifest =>
  JSON.parse(fs.readFileSync(path.join(root, "packages", name, "package.json"), "utf8")) as Manifest

const sources = (name: string): ReadonlyArray<readonly [file: string, text: string]> => {
  const folder = path.join(root, "packages", name, "src")
  return fs
    .readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => [path.join(name, file), fs.readFileSync(path.join(folder, file), "utf8")])
}

/** Comments go first: they hold examples, which import what they like. */
const code = (text: string): string =>
  text.replaceAll(/\/\*[\s\S]*?\*\//g, "").replaceAll(/^\s*\/\/.*$/gm, "")

describe("the floors", () => {
  test("every package has its place", () => {
    expect(fs.readdirSync(path.join(root, "packages")).toSorted()).toEqual(floors.toSorted())
  })
  test.each(floors)("%s depends on the floors below it only", (name) => {
    const own = Object.keys(manifest(name).dependencies ?? {}).filter((it) => it.startsWith("@rapo/"))
    expect(own.filter((it) => !below[name]?.includes(it.replace("@rapo/", "")))).toEqual([])
    expect(below[name]?.every((it) => floors.indexOf(it) < floors.indexOf(name))).toBe(true)
  })
  test.each(floors)("%s declares every package that it imports", (name) => {
    const { dependencies, peerDependencies } = manifest(name)
    const declared = new Set(Object.keys({ ...dependencies, ...peerDependencies }))
    const undeclared = sources(name).flatMap(([file, text]) =>
      [...code(text).matchAll(/(?:from|import)\s*\(?\s*"([^".][^"]*)"/g)]
        .map((match) => match[1] ?? "")
        .map((it) =>
          it
            .split("/")
            .slice(0, it.startsWith("@") ? 2 : 1)
            .join("/"),
        )
        .filter((it) => !declared.has(it))
        .map((it) => `${file} imports ${it}`),
    )
    expect(undeclared).toEqual([])
  })
  test.each(floors)("%s has no chance that a seed does not name, and imports nothing of Node", (name) => {
    const guilty = sources(name).filter(([, text]) => /Math\.random|import\(\s*"node:/.test(code(text)))
    expect(guilty.map(([file]) => file)).toEqual([])
  })
})
