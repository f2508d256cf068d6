/** What is published works without its sources: every entry of every built package is imported by plain Node. */
import { execFile, execFileSync } from "node:child_process"
import * as fs from "node:fs"
import * as path from "node:path"
import { promisify } from "node:util"
import { beforeAll, describe, expect, test } from "vitest"

const root = path.resolve(import.meta.dirname, "../..")
const packages = fs.readdirSync(path.join(root, "packages")).map((name) => path.join("packages", name))

const entries = packages.flatMap((folder) =>
  fs.existsSync(path.join(root, folder, "src/tensor"))
    ? [`@rapo/${path.basename(folder)}`, `@rapo/${path.basename(folder)}/tensor`]
    : [`@rapo/${path.basename(folder)}`],
)

describe("the built packages", () => {
  beforeAll(() => {
    const tsc = path.join(root, "node_modules/typescript/bin/tsc")
    execFileSync(process.execPath, [tsc, "-b", ...packages], { cwd: root })
  })
  test.concurrent.each(entries)("%s is imported by plain Node", async (entry) => {
    const program = `console.log(Object.keys(await import("${entry}")).join(" "))`
    const { stdout, stderr } = await promisify(execFile)(
      process.execPath,
      ["--input-type=module", "--eval", program],
      // From where the application would resolve it.
      { cwd: path.join(root, "apps/train") },
    )
    expect(stderr).toBe("")
    expect(stdout.trim().length).toBeGreaterThan(0)
  })
})
