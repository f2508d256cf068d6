/** Every example runs as a reader would run it, and prints what the end of its file says. */
import { execFile } from "node:child_process"
import * as fs from "node:fs"
import * as path from "node:path"
import { promisify } from "node:util"
import { describe, expect, test } from "vitest"

const root = path.resolve(import.meta.dirname, "../..")
const folder = path.join(root, "examples")
const examples = fs.readdirSync(folder).filter((name) => name.endsWith(".ts"))

/** A lesson that needs more lines than this is two lessons. */
const longest = 60

const printed = /\n\/\* Prints\n([\s\S]*)\*\/\n$/

describe("examples", () => {
  test("are numbered without gaps", () => {
    expect(examples.map((name) => name.slice(0, 3))).toEqual(examples.map((_, i) => `0${i + 1}_`))
    expect(examples.length).toBeGreaterThan(0)
  })

  test.concurrent.each(examples)("%s prints what it says", async (name) => {
    const text = fs.readFileSync(path.join(folder, name), "utf8")
    const expected = printed.exec(text)?.[1]
    if (expected === undefined) throw new Error(`${name} does not end with its output in a comment "Prints"`)
    expect(text.replace(printed, "").split("\n").length).toBeLessThanOrEqual(longest)
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ["--import", "./apps/train/bin/source.mjs", path.join("examples", name)],
      { cwd: root },
    )
    expect(stdout).toBe(expected)
  })
})
