/** Every operation of tfjs that the sources call is one that the engines are tried on. */
import * as fs from "node:fs"
import * as path from "node:path"
import { expect, it } from "vitest"
import { notOperations, operations } from "./operations.ts"

const root = path.resolve(import.meta.dirname, "../../../..")

const sources = [
  "apps/train/src",
  ...fs.readdirSync(path.join(root, "packages")).map((name) => `packages/${name}/src`),
]
  .map((folder) => path.join(root, folder))
  .flatMap((folder) =>
    fs
      .readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => path.join(folder, name)),
  )

const called = new Set(
  sources.flatMap((file) =>
    // A type such as `tf.Tensor` begins with a capital.
    [...fs.readFileSync(file, "utf8").matchAll(/\btf\.([a-z]\w*)/g)].map(([, name]) => name ?? ""),
  ),
)

it("finds the calls", () => {
  expect(called.size).toBeGreaterThan(40)
})

it("tries every operation that is called", () => {
  const known = new Set([...Object.keys(operations), ...notOperations, "io", "util"])
  expect([...called].filter((name) => !known.has(name))).toEqual([])
})
