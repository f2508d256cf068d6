/** `rapo eval` and `rapo sample` as a user starts them: killed, interrupted, continued, and with input that cannot be used. */
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import * as path from "node:path"
import { fileURLToPath } from "node:url"
import { describe, expect, it } from "vitest"
import { type Finished, freshFolder, rapo, reached, scratchFolder, startRapo } from "../rapo.ts"
import { chatOfCompletions, expectRefused } from "../refused.ts"

const base = fileURLToPath(new URL("../../checkpoints/countdown-base", import.meta.url))

const scratch = scratchFolder("rapo-eval-")
const fresh = (): string => freshFolder(scratch)

const command = (args: ReadonlyArray<string>): Promise<Finished> => rapo(args, { cwd: fresh() })

/** One thread, with wasm's products, which do not round by what else stands in the batch: equal lines are asked for. */
const computing = ["--engine", "wasm", "--workers", "1"]
const task = ["--model", base, "--task", "countdown", "--level", "n3", "--problems", "2", ...computing]
const evaluation = (out: string, n: number): ReadonlyArray<string> => [
  "eval",
  ...task,
  "--n",
  String(n),
  "--out",
  out,
]

const samplesOf = (out: string): string => {
  const file = path.join(out, "samples.ndjson")
  return existsSync(file) ? readFileSync(file, "utf8") : ""
}

const countOf = (out: string): number => samplesOf(out).split("\n").length - 1

/** Sends a signal as soon as the file of samples has some lines more than before. */
const stopped = async (
  args: ReadonlyArray<string>,
  out: string,
  signal: NodeJS.Signals,
): Promise<Finished> => {
  const before = countOf(out)
  const running = startRapo(args, { cwd: fresh() })
  await reached(running, () => countOf(out) >= before + 20, 5)
  running.child.kill(signal)
  return running.finished
}

describe("rapo eval", () => {
  it("killed and interrupted in the middle, ends with the samples of a run that was not", async () => {
    const n = 1000
    const [whole, torn] = [path.join(fresh(), "whole"), path.join(fresh(), "torn")]
    const first = await command(evaluation(whole, n))
    expect([first.code, first.stdout]).toEqual([0, `${whole}/report.html\n`])
    expect(first.stderr).toMatch(/sampling countdown-base: 2000\/2000 samples, .*, \d+ tokens/)
    for (const file of ["evaluation.json", "counts.jsonl", "summary.json", "report.html", "passk.png"])
      expect(readdirSync(whole)).toContain(file)

    const killed = await stopped(evaluation(torn, n), torn, "SIGKILL")
    expect(killed.signal).toBe("SIGKILL")
    const left = countOf(torn)
    expect(left).toBeLessThan(2 * n)
    // As if the machine had gone down while a line was written.
    writeFileSync(path.join(torn, "samples.ndjson"), samplesOf(torn).slice(0, -7))

    const interrupted = await stopped(evaluation(torn, n), torn, "SIGINT")
    expect(interrupted.code).toBe(130)
    expect(interrupted.stderr).toContain("the last line was cut short; its sample is drawn again")
    expect(interrupted.stderr).toContain(`new samples are kept in ${torn}; the same command goes on`)
    expect(interrupted.stderr).not.toMatch(/^ {4}at |bug in rapo/m)

    const last = await command(evaluation(torn, n))
    expect(last.code).toBe(0)
    expect(last.stderr).toContain("samples are there already")
    const sorted = (out: string): ReadonlyArray<string> => samplesOf(out).split("\n").toSorted()
    expect(sorted(torn)).toEqual(sorted(whole))
    expect(readFileSync(path.join(torn, "counts.jsonl"), "utf8")).toBe(
      readFileSync(path.join(whole, "counts.jsonl"), "utf8"),
    )

    for (const [flag, value, told] of [
      ["--temperature", "0.5", "sampling.temperature: the evaluation was begun with 1"],
      ["--min-p", "0.1", "sampling.minP: the evaluation was begun with nothing, and is now asked with 0.1"],
    ] as const) {
      const other = await command([...evaluation(torn, n), flag, value])
      expect(other.code).toBe(1)
      expect(other.stderr).toContain(`evaluation.json: ${told}`)
    }
    console.info(`killed after ${left} of ${2 * n} samples, interrupted, continued: the same ${2 * n} lines`)
  }, 180_000)

  it("of two models gives each a folder, and compares them", async () => {
    const out = path.join(fresh(), "pair")
    const { code, stdout } = await command([...evaluation(out, 8), "--base-model", base, "--seeds", "1,2"])
    expect(code).toBe(0)
    const folders = ["countdown-base", "countdown-base-2", "countdown-base-2-against-countdown-base"]
    expect(stdout.trim().split("\n")).toEqual(folders.map((name) => `${out}/${name}/report.html`))
    const [a, b] = folders.map((name) => samplesOf(path.join(out, name)).split("\n").toSorted())
    // The same model twice: the same samples.
    expect(a).toEqual(b)
    expect(a?.length).toBe(2 * 8 * 2 + 1)
  }, 120_000)
})

describe("rapo sample", () => {
  it("prints JSON lines, prompt by prompt", async () => {
    const counts = ["--n", "3", ...computing]
    const prompts = ["--prompt", "8,5,2=21=", "--prompt", "2,3=6="]
    const { code, stdout, stderr } = await command([
      "sample",
      "--model",
      base,
      "--greedy",
      "--details",
      ...prompts,
      ...counts,
    ])
    expect([code, stderr]).toEqual([0, ""])
    const lines = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(lines.map(({ id, sample }) => [id, sample])).toEqual(
      ["1", "2"].flatMap((id) => [0, 1, 2].map((sample) => [id, sample])),
    )
    for (const line of lines)
      expect(line).toMatchObject({ finish: "stop", promptTokens: expect.any(Number) as unknown })
    expect(new Set(lines.map(({ text }) => text)).size).toBe(2)
  }, 60_000)
})

describe("input that cannot be used: one message, exit code 1", () => {
  const file = path.join(scratch, "problems.jsonl")
  writeFileSync(
    file,
    ['{"id": 1, "problem": "1+1?", "answer": "2"}', '{"id": 1, "problem": "1+2?", "answer": "3"}'].join("\n"),
  )
  const out = ["--out", path.join(scratch, "never")]
  const cases: ReadonlyArray<readonly [string, ReadonlyArray<string>, ReadonlyArray<string>]> = [
    [
      "an id twice",
      ["--model", base, "--dataset", file],
      [`${file}: line 2: id: "1" stands in line 1 too`, "--skip-invalid"],
    ],
    ["no such file", ["--model", base, "--dataset", "nowhere.jsonl"], ["nowhere.jsonl", "no such path"]],
    ["no model", ["--dataset", file], ["--model", "no model is named"]],
    [
      "a second model that is not there, before the first is asked",
      [...task, "--model", "nowhere", "--n", "100000"],
      ["nowhere", "no such path"],
    ],
    ["no problems", ["--model", base], ["--dataset", "no problems are named"]],
    ["an unknown task", ["--model", base, "--task", "chess", "--level", "n3"], ["--task", "countdown"]],
    ["an unknown level", ["--model", base, "--task", "countdown", "--level", "n9"], ["--level", "n9", "n3"]],
    ["seeds twice", [...task, "--seeds", "1,1"], ["--seeds", "distinct"]],
    ["an unknown template", [...task, "--template", "mine"], ["--template mine", "qwen-boxed"]],
    ["a server without a model", ["--endpoint", "http://127.0.0.1:1", "--dataset", file], ["--served-model"]],
    [
      "an address with a password, which is not repeated",
      [
        "--endpoint",
        "http://me:hunter2@127.0.0.1:1",
        "--served-model",
        "m",
        "--dataset",
        file,
        "--skip-invalid",
      ],
      ["--endpoint http://***@127.0.0.1:1", "contains a user or password"],
    ],
    ["a top-p above 1", [...task, "--top-p", "2"], ["--top-p must be above 0 and at most 1"]],
    ["a min-p above 1", [...task, "--min-p", "1.5"], ["--min-p must be from 0 to 1"]],
    [
      "a model without a chat template",
      [...task, "--template", "chat"],
      ["--template chat", "the tokenizer has no chat template", "chat_template.jinja"],
    ],
    [
      "a chat template for completions",
      [...chatOfCompletions, "--dataset", file, "--skip-invalid"],
      ["--template chat", "does not apply it to completions", "--api chat"],
    ],
    [
      "a tokenizer without the problem's letters",
      ["--model", base, "--dataset", file, "--skip-invalid", "--template", "plain", "--workers", "1"],
      ["problem 1", "cannot write", "1+1?"],
    ],
  ]
  it.each(cases)(
    "%s",
    async (_, args, parts) => {
      const refused = await command(["eval", ...args, ...out])
      expectRefused(refused, parts)
      expect(`${refused.stdout}${refused.stderr}`).not.toContain("hunter2")
      rmSync(path.join(scratch, "never"), { recursive: true, force: true })
    },
    60_000,
  )
})
