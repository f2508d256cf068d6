/** Dependencies are pinned exactly, and docs/decisions/0004 says of each what it is for. */
import * as fs from "node:fs"
import * as path from "node:path"
import { describe, expect, test } from "vitest"

const root = path.resolve(import.meta.dirname, "../..")
const decision = fs.readFileSync(path.join(root, "docs/decisions/0004-dependencies.md"), "utf8")

type Manifest = Readonly<Record<string, Readonly<Record<string, string>> | undefined>>

const foldersOf = (parent: string): ReadonlyArray<string> =>
  fs.readdirSync(path.join(root, parent)).map((name) => path.join(parent, name))

const manifests = [".", ...foldersOf("packages"), ...foldersOf("apps")]

/** What a manifest depends on, the repository's own packages aside. */
const dependenciesOf = (folder: string): ReadonlyArray<readonly [string, string]> => {
  const manifest = JSON.parse(fs.readFileSync(path.join(root, folder, "package.json"), "utf8")) as Manifest
  return ["dependencies", "devDependencies", "peerDependencies", "optionalDependencies"]
    .flatMap((kind) => Object.entries(manifest[kind] ?? {}))
    .filter(([name]) => !name.startsWith("@rapo/"))
}

describe.each(manifests)("the dependencies of %s", (folder) => {
  test("have exact versions", () => {
    expect(dependenciesOf(folder).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([])
  })
  test("are explained", () => {
    expect(dependenciesOf(folder).filter(([name]) => !decision.includes(`\`${name}\``))).toEqual([])
  })
})

test("what is explained is there", () => {
  const all = new Set(manifests.flatMap(dependenciesOf).map(([name]) => name))
  const rows = decision.split("\n").filter((line) => line.startsWith("| `"))
  const named = rows.flatMap((row) =>
    [...(row.split("|")[1] ?? "").matchAll(/`([^`]+)`/g)].map(([, name]) => name),
  )
  expect(named.length).toBeGreaterThan(20)
  expect(named.filter((name) => name === undefined || !all.has(name))).toEqual([])
})
