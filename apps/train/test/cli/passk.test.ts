/** `rapo passk` and `rapo compare` as a user starts them: what they print, and how they refuse. */
import { type SpawnSyncReturns, spawnSync } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import * as path from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, describe, expect, it } from "vitest"

const rapo = fileURLToPath(new URL("../../bin/rapo.mjs", import.meta.url))
const scratch = mkdtempSync(path.join(tmpdir(), "rapo-passk-"))
afterAll(() => rmSync(scratch, { recursive: true }))

const command = (args: ReadonlyArray<string>, input = ""): SpawnSyncReturns<string> =>
  spawnSync(process.execPath, [rapo, ...args], { cwd: scratch, input, encoding: "utf8" })

const write = (name: string, lines: ReadonlyArray<object>): string => {
  writeFileSync(path.join(scratch, name), lines.map((line) => `${JSON.stringify(line)}\n`).join(""))
  return name
}

describe("rapo passk", () => {
  it("prints pass@k with intervals, from a file and from the standard input alike", () => {
    const counts = [
      { id: "a", n: 4, c: 1 },
      { id: "b", n: 4, c: 3 },
    ]
    const file = write("counts.jsonl", counts)
    const { status, stdout } = command(["passk", "--input", file, "--k", "1,2"])
    expect(status).toBe(0)
    const answer: unknown = JSON.parse(stdout)
    expect(answer).toMatchObject({ problems: 2, k: { 1: { mean: 0.5 }, 2: { mean: 0.75 } } })
    const text = counts.map((line) => JSON.stringify(line)).join("\n")
    expect(command(["passk", "--input", "-", "--k", "1,2"], text).stdout).toBe(stdout)
  })

  it("refuses with the file, the line, the problem and the remedy, and no stack trace", () => {
    const file = write("bad.jsonl", [
      { id: "a", n: 4, c: 1 },
      { id: "a", n: 4, c: 1 },
    ])
    const { status, stdout, stderr } = command(["passk", "--input", file])
    expect([status, stdout]).toEqual([1, ""])
    expect(stderr).toBe(
      "error: bad.jsonl: line 2: id: problem a stands in line 1 too\n  Leave one of the lines out.\n",
    )
  })
})

describe("rapo compare", () => {
  it("compares two files of counts, and refuses other problems", () => {
    const base = write("base.jsonl", [
      { id: "a", n: 4, c: 0 },
      { id: "b", n: 4, c: 1 },
    ])
    const tuned = write("tuned.jsonl", [
      { id: "b", n: 4, c: 0 },
      { id: "a", n: 4, c: 2 },
    ])
    const { status, stdout } = command(["compare", base, tuned])
    expect(status).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ base: "base.jsonl", newlySolved: ["a"], newlyLost: ["b"] })
    const refused = command(["compare", base, write("fewer.jsonl", [{ id: "a", n: 4, c: 0 }])])
    expect(refused.status).toBe(1)
    expect(refused.stderr).toContain('fewer.jsonl: has no problem "b", which base.jsonl has')
  })
})
