/**
 * The circles are law: the lint rule refuses what they forbid, and nothing else.
 *
 * It is tried on files of its own in a temporary folder with the repository's configuration, so that nothing in the
 * working tree changes.
 */
import { spawnSync } from "node:child_process"
import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"
import { beforeAll, describe, expect, test } from "vitest"

const root = path.resolve(import.meta.dirname, "../..")
const oxlint = path.join(root, "node_modules/oxlint/bin/oxlint")

const pure = "packages/rapo/src"
const kernel = "packages/rapo/src/tensor"
const deep = "packages/rapo/src/objectives"

interface Import {
  readonly folder: string
  readonly it: string
}

/** By folder, what a file in it imports. */
const imports = (byFolder: Readonly<Record<string, ReadonlyArray<string>>>): ReadonlyArray<Import> =>
  Object.entries(byFolder).flatMap(([folder, specifiers]) => specifiers.map((it) => ({ folder, it })))

const forbidden = imports({
  [pure]: [
    "node:fs",
    "fs",
    "effect",
    "effect/Effect",
    "@effect/platform-node",
    "lodash",
    "fp-ts",
    "fp-ts/Either",
    "fp-ts/es6/Either.js",
    "@tensorflow/tfjs-core",
    "@rapo/distributions/tensor",
    "@rapo/train",
    "@rapo/eval/src/PassAtK.ts",
    "./tensor/Loss.ts",
    "../../eval/src/PassAtK.ts",
    "../test/arbitraries.ts",
  ],
  [deep]: ["../tensor/Loss.ts", "../../../eval/src/PassAtK.ts"],
  [kernel]: [
    "node:fs",
    "effect",
    "fp-ts/Either",
    "@tensorflow/tfjs",
    "@tensorflow/tfjs-backend-wasm",
    "@rapo/train",
    "../../../eval/src/PassAtK.ts",
  ],
})

const allowed = imports({
  [pure]: [
    "./Loss.ts",
    "./internal/numbers.ts",
    "fp-ts/lib/Either.js",
    "pure-rand/generator/xoroshiro128plus",
    "@rapo/distributions",
    "vega-lite",
  ],
  [deep]: ["../Loss.ts"],
  [kernel]: [
    "../Loss.ts",
    "./Loss.ts",
    "fp-ts/lib/Either.js",
    "@tensorflow/tfjs-core",
    "@rapo/distributions",
    "@rapo/distributions/tensor",
  ],
})

interface Finding {
  readonly filename: string
  readonly code: string
}

/** The rules that each file breaks, by file; one run of the linter for all. */
const lint = (files: ReadonlyMap<string, string>): ReadonlyMap<string, ReadonlyArray<string>> => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "rapo-circles-"))
  try {
    // Types are not needed here, and would want the packages' tsconfig files.
    const configuration = fs.readFileSync(path.join(root, ".oxlintrc.json"), "utf8")
    fs.writeFileSync(
      path.join(folder, ".oxlintrc.json"),
      configuration.replace(`"typeAware": true`, `"typeAware": false`),
    )
    for (const [file, text] of files) {
      fs.mkdirSync(path.dirname(path.join(folder, file)), { recursive: true })
      fs.writeFileSync(path.join(folder, file), text)
    }
    const { stdout } = spawnSync(process.execPath, [oxlint, "--format", "json"], {
      cwd: folder,
      encoding: "utf8",
    })
    const { diagnostics } = JSON.parse(stdout) as { readonly diagnostics: ReadonlyArray<Finding> }
    return new Map(
      [...files.keys()].map((file) => [
        file,
        diagnostics.filter(({ filename }) => filename === file).map(({ code }) => code),
      ]),
    )
  } finally {
    fs.rmSync(folder, { recursive: true, force: true })
  }
}

const importing = (specifier: string): string =>
  `import * as it from "${specifier}"\nexport const that = it\n`
const numbered = (
  kind: string,
  imported: ReadonlyArray<Import>,
): ReadonlyArray<Import & { readonly file: string }> =>
  imported.map(({ folder, it }, i) => ({ folder, it, file: `${folder}/${kind}${i}.ts` }))

describe("the circles, as the lint rule draws them", () => {
  const refused = numbered("forbidden", forbidden)
  const accepted = numbered("allowed", allowed)
  const globals = ["process.pid", "Date.now()", "performance.now()", "fetch('x')", "console.log(1)"].map(
    (it, i) => ({
      it,
      file: `${kernel}/global${i}.ts`,
    }),
  )
  const outside = ["apps/train/src/a.ts", "packages/rapo/test/a.ts"]
  let found: ReadonlyMap<string, ReadonlyArray<string>> = new Map()
  beforeAll(() => {
    found = lint(
      new Map([
        ...[...refused, ...accepted].map(({ file, it }): [string, string] => [file, importing(it)]),
        ...globals.map(({ file, it }): [string, string] => [file, `export const that = ${it}\n`]),
        ...outside.map((file): [string, string] => [file, importing("node:fs")]),
      ]),
    )
  })

  test.each(refused)("$folder may not import $it", ({ file }) => {
    expect(found.get(file)).toEqual(["eslint(no-restricted-imports)"])
  })
  test.each(accepted)("$folder may import $it", ({ file }) => {
    expect(found.get(file)).toEqual([])
  })
  test.each(globals)("packages may not use $it", ({ file }) => {
    expect(found.get(file)).toEqual(["eslint(no-restricted-globals)"])
  })
  test.each(outside)("%s is outside and may import node:fs", (file) => {
    expect(found.get(file)).toEqual([])
  })
})
