/** `rapo passk` and `rapo compare` as a user starts them: what they print, and how they refuse. */
import { writeFileSync } from "node:fs"
import * as path from "node:path"
import { describe, expect, it } from "vitest"
import { type Finished, rapo, scratchFolder } from "../rapo.ts"

const scratch = scratchFolder("rapo-passk-")

const command = (args: ReadonlyArray<string>, stdin = ""): Promise<Finished> =>
  rapo(args, { cwd: scratch, stdin })

const write = (name: string, lines: ReadonlyArray<object>): string => {
  writeFileSync(path.join(scratch, name), lines.map((line) => `${JSON.stringify(line)}\n`).join(""))
  return name
}

describe("rapo passk", () => {
  it("prints pass@k with intervals, from a file and from the standard input alike", async () => {
    const counts = [
      { id: "a", n: 4, c: 1 },
      { id: "b", n: 4, c: 3 },
    ]
    const file = write("counts.jsonl", counts)
    const { code, stdout } = await command(["passk", "--input", file, "--k", "1,2"])
    expect(code).toBe(0)
    const answer: unknown = JSON.parse(stdout)
    expect(answer).toMatchObject({ problems: 2, k: { 1: { mean: 0.5 }, 2: { mean: 0.75 } } })
    const text = counts.map((line) => JSON.stringify(line)).join("\n")
    expect((await command(["passk", "--input", "-", "--k", "1,2"], text)).stdout).toBe(stdout)
  })

  it("refuses with the file, the line, the problem and the remedy, and no stack trace", async () => {
    const file = write("bad.jsonl", [
      { id: "a", n: 4, c: 1 },
      { id: "a", n: 4, c: 1 },
    ])
    const { code, stdout, stderr } = await command(["passk", "--input", file])
    expect([code, stdout]).toEqual([1, ""])
    expect(stderr).toBe(
      "error: bad.jsonl: line 2: id: problem a stands in line 1 too\n  Leave one of the lines out.\n",
    )
  })
})

describe("rapo compare", () => {
  it("compares two files of counts, and refuses other problems", async () => {
    const base = write("base.jsonl", [
      { id: "a", n: 4, c: 0 },
      { id: "b", n: 4, c: 1 },
    ])
    const tuned = write("tuned.jsonl", [
      { id: "b", n: 4, c: 0 },
      { id: "a", n: 4, c: 2 },
    ])
    const { code, stdout } = await command(["compare", base, tuned])
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ base: "base.jsonl", newlySolved: ["a"], newlyLost: ["b"] })
    const refused = await command(["compare", base, write("fewer.jsonl", [{ id: "a", n: 4, c: 0 }])])
    expect(refused.code).toBe(1)
    expect(refused.stderr).toContain('fewer.jsonl: has no problem "b", which base.jsonl has')
  })
})
