/** `rapo verify`, as a process: what it prints where, and that nothing it prints depends on the number of threads. */
import { Verify } from "@rapo/verifier"
import { writeFileSync } from "node:fs"
import * as path from "node:path"
import { expect, test } from "vitest"
import { presets } from "../../src/cli/verify.ts"
import { type Finished, rapo, reached, scratchFolder, startRapo } from "../rapo.ts"

const scratch = scratchFolder("rapo-verify-")

const verify = (flags: ReadonlyArray<string>, stdin = "", heap = ""): Promise<Finished> =>
  rapo(["verify", ...flags], { cwd: scratch, stdin, env: heap === "" ? {} : { NODE_OPTIONS: heap } })

const jsonl = (rows: ReadonlyArray<unknown>): string => rows.map((row) => `${JSON.stringify(row)}\n`).join("")

const rowsOf = (stdout: string): ReadonlyArray<Readonly<Record<string, unknown>>> =>
  stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>)

const four = [
  { id: "a", gold: "1/2", pred: "So it is \\boxed{0.5}.", expected: true, opts: { any: 1 } },
  { id: 7, gold: "$\\frac12$", pred: "\\boxed{0.4}", expected: true },
  { id: "c", gold: "1/2", pred: "I do not know.", expected: false },
  { gold: 1, pred: `\\boxed{${"(".repeat(1000)}}` },
]

test("a line a pair, in order, with verdict, both answers and the rule", async () => {
  const { code, stdout, stderr } = await verify(["--workers", "1"], jsonl(four))
  expect(code).toBe(0)
  const [a, b, c, d, ...more] = rowsOf(stdout)
  expect(more).toEqual([])
  expect(a).toEqual({ id: "a", verdict: "correct", gold: "1/2", answer: "0.5", rule: "exact-value" })
  expect(b).toMatchObject({ id: 7, verdict: "wrong", answer: "0.4", rule: "exact-value" })
  expect(c).toMatchObject({ id: "c", verdict: "unparseable", gold: "1/2", answer: null, rule: null })
  expect(c?.["reason"]).toContain("no answer was found")
  // Without an id: the number of its line.
  expect(d).toMatchObject({ id: 4, verdict: "timeout", gold: "1", rule: null })
  expect(d?.["reason"]).toContain("nested deeper")
  expect(stderr).toMatch(/correct +1 +25\.0%\n.*wrong +1 +25\.0%\n.*unparseable +1 .*\n.*timeout +1 /)
  expect(stderr).toMatch(/\d+ pairs\/s/)
  expect(stderr).not.toContain("expected")
})

test("a broken line is reported with its number, the rest is judged, and the exit code is 1", async () => {
  const file = path.join(scratch, "broken.jsonl")
  const [first, ...others] = four
  writeFileSync(
    file,
    `\uFEFF${jsonl([first])}\r\n{"id":\n[1]\n{"id": 1, "gold": "1"}\n{"gold": null, "pred": ""}\n{"id": {}, "gold": "1", "pred": "1"}\n` +
      jsonl(others).trimEnd(),
  )
  const { code, stdout, stderr } = await verify(["--input", file])
  expect(code).toBe(1)
  expect(rowsOf(stdout).map(({ id }) => id)).toEqual(["a", 7, "c", 10])
  expect(stderr).toContain(`${file}: line 3: is not JSON`)
  expect(stderr).toContain(`${file}: line 4: is not an object`)
  expect(stderr).toContain(`${file}: line 5: pred: is missing`)
  expect(stderr).toContain(`${file}: line 6: gold: is not a string`)
  expect(stderr).toContain(`${file}: line 7: id: is neither a string nor a number`)
  expect(stderr).toContain("broken lines")
  expect(stderr).toContain(`error: ${file}: line 3: this line and 4 more are broken`)
})

test("--expected: a confusion matrix and every disagreement", async () => {
  const { code, stderr } = await verify(["--expected"], jsonl(four))
  expect(code).toBe(0)
  expect(stderr).toContain('line 2, id 7: expected correct, is wrong (exact-value): gold "$\\\\frac12$"')
  expect(stderr).not.toContain("line 1, id a")
  expect(stderr).toMatch(
    /expected +correct +wrong +unparseable +timeout\ncorrect +1 +1 +0 +0\nwrong +0 +0 +1 +0\n/,
  )
  expect(stderr).toContain(
    "agreement 2/3 (66.7%), false positives 0, false negatives 1; 1 pairs expect nothing",
  )
})

test("--preset chooses the conventions", async () => {
  const pair = jsonl([{ id: 1, gold: "1/2", pred: "\\boxed{2/4}" }])
  const verdictOf = async (preset: string): Promise<unknown> =>
    rowsOf((await verify(["--preset", preset], pair)).stdout)[0]?.["verdict"]
  const verdicts = await Promise.all(["mathematician", "prm800k", "strict-text"].map(verdictOf))
  expect(verdicts).toEqual(["correct", "wrong", "wrong"])
  expect([...presets].toSorted()).toEqual(Object.keys(Verify.presets).toSorted())
})

test("the same output whatever the number of threads", async () => {
  // Several batches of 64 KiB.
  const rows = Array.from({ length: 3000 }, (_, i) => ({
    id: i,
    gold: `${i % 7}`,
    pred: `${"Let us see. ".repeat(i % 13)}So \\boxed{${i % 5}}.`,
  }))
  const [one, three] = await Promise.all(
    ["1", "3"].map((workers) => verify(["--workers", workers], jsonl(rows))),
  )
  expect(rowsOf(one?.stdout ?? "").map(({ id }) => id)).toEqual(rows.map(({ id }) => id))
  expect(three?.stdout).toBe(one?.stdout)
  expect([one?.code, three?.code]).toEqual([0, 0])
})

test("an input larger than the heap is no trouble", async () => {
  const line = `${JSON.stringify({ id: 1, gold: "42", pred: `${"Let us compute. ".repeat(200)}\\boxed{42}` })}\n`
  const lines = 15_000
  const { code, stdout } = await verify(["--workers", "1"], line.repeat(lines), "--max-old-space-size=40")
  expect(line.length * lines).toBeGreaterThan(40 * 2 ** 20)
  expect(code).toBe(0)
  expect(stdout.split("\n").length - 1).toBe(lines)
})

test("a pipe is answered as it comes, and what stops reading stops the work", async () => {
  const running = startRapo(["verify", "--workers", "1"], { cwd: scratch })
  const { stdin, stdout } = running.child
  stdin.write(jsonl([four[0]]))
  // The input has not ended.
  expect(await reached(running, () => running.written.stdout.endsWith("\n"))).toBe(true)
  expect(rowsOf(running.written.stdout)).toHaveLength(1)
  stdout.destroy()
  stdin.write(jsonl(four))
  stdin.end(jsonl(four))
  expect((await running.finished).code).toBe(0)
})

test("Ctrl-C ends it while it waits for input", async () => {
  const running = startRapo(["verify", "--workers", "2"], { cwd: scratch })
  running.child.stdin.write(jsonl([four[0]]))
  expect(await reached(running, () => running.written.stdout.endsWith("\n"))).toBe(true)
  running.child.kill("SIGINT")
  const { stderr } = await running.finished
  expect(stderr).not.toContain("bug")
})

test.each([
  ["no such file", "nowhere.jsonl", "nowhere.jsonl: there is no such file"],
  ["a folder", ".", "cannot be read"],
])("%s is refused in words", async (_, input, part) => {
  const { code, stdout, stderr } = await verify(["--input", input])
  expect([code, stdout]).toEqual([1, ""])
  expect(stderr).toContain(part)
  expect(stderr).not.toContain(" at ")
})

test("no input is no pairs", async () => {
  const { code, stdout, stderr } = await verify(["--expected"], "")
  expect([code, stdout]).toEqual([0, ""])
  expect(stderr).toMatch(/pairs +0/)
})
