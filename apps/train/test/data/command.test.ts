/** `rapo data` as a user starts it. */
import { writeFileSync } from "node:fs"
import * as path from "node:path"
import { fileURLToPath } from "node:url"
import { describe, expect, it } from "vitest"
import { rapo, scratchFolder } from "../rapo.ts"

const fixtures = fileURLToPath(new URL("fixtures/", import.meta.url))
const scratch = scratchFolder("rapo-data-command-")

describe.concurrent("rapo data", () => {
  it("counts problems and names what is left out, file by file", async ({ expect: expecting }) => {
    const own = path.join(scratch, "own.jsonl")
    writeFileSync(own, '{"text": "1+1?", "result": 2}\n{"text": "1+2?", "result": ""}\n')
    const { code, stdout } = await rapo(["data", own, "--fields", "problem=text,answer=result"], {
      cwd: scratch,
    })
    expecting([code, stdout.trimEnd().split("\n")]).toEqual([
      0,
      [`${own}: 1 of 2 problems; 1 left out`, `${own}: left out: line 2: result: is empty`],
    ])
  })

  it("prints JSON for programs", async ({ expect: expecting }) => {
    const { code, stdout } = await rapo(["data", "gsm8k.parquet", "simplerl.parquet", "--json"], {
      cwd: fixtures,
    })
    const lines = stdout
      .trimEnd()
      .split("\n")
      .map((line): unknown => JSON.parse(line))
    expecting([code, lines]).toMatchObject([
      0,
      [
        { path: "gsm8k.parquet", problems: 2, leftOut: [] },
        {
          path: "simplerl.parquet",
          problems: 2,
          leftOut: [{ place: expect.stringMatching(/^row 2/) as unknown }, {}, {}],
        },
      ],
    ])
  })

  it.each<readonly [string, ReadonlyArray<string>, ReadonlyArray<string>]>([
    ["a missing file", ["nowhere.jsonl"], ["nowhere.jsonl", "no such path"]],
    [
      "other columns",
      [path.join(fixtures, "other.parquet")],
      ["row 1", "the record has text, label", "--fields"],
    ],
    ["fields that say nothing", ["x.jsonl", "--fields", "answer"], ["--fields", "does not name a field"]],
    ["a folder", [fixtures], ["cannot be read"]],
  ])("%s: one message, exit code 1", async (_, args, parts) => {
    const { code, stderr, stdout } = await rapo(["data", ...args], { cwd: scratch })
    expect(code).toBe(1)
    for (const part of parts) expect(stderr).toContain(part)
    expect(`${stdout}${stderr}`).not.toMatch(/^ {4}at |bug in rapo/m)
  })
})
