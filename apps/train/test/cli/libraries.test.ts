/** The libraries that the command's program has joined: each exports what it exports where npm has put it. */
import { execFile } from "node:child_process"
import * as path from "node:path"
import { promisify } from "node:util"
import { expect, test } from "vitest"
import { executable } from "../rapo.ts"

/** Prints how many libraries the program has, and those that export something else. */
const comparing = `
  const { program } = await import("./bin/bundle.mjs")
  const fs = await import("node:fs")
  const path = await import("node:path")
  const main = await program("main")
  const [name] = /\\.rapo-libraries-[0-9a-f]+/.exec(fs.readFileSync(main, "utf8"))
  const folder = path.resolve(main, "../..", name)
  const names = async (module) => Object.keys(await import(module)).sort().join()
  const files = fs.readdirSync(folder).filter((file) => !/^chunk-|-[0-9A-Z]{8}\\.mjs$/.test(file))
  const others = []
  for (const file of files)
    if ((await names(path.join(folder, file))) !== (await names(path.basename(file, ".mjs").replaceAll("--", "/"))))
      others.push(file)
  console.log(JSON.stringify({ count: files.length, others }))
`

test("each joined library exports what it exports in its own place", async () => {
  const app = path.resolve(executable, "../..")
  const args = ["--input-type=module", "--eval", comparing]
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: app })
  const { count, others } = JSON.parse(stdout) as { readonly count: number; readonly others: unknown }
  expect(others).toEqual([])
  expect(count).toBeGreaterThan(20)
})
