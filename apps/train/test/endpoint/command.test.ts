/** `rapo eval --endpoint` as a process, against the server that injects faults: the folder is whole, and holds no key. */
import { readFileSync, readdirSync, writeFileSync } from "node:fs"
import * as path from "node:path"
import { expect, test } from "vitest"
import { rapo, scratchFolder } from "../rapo.ts"
import { startFaultServer } from "./FaultServer.ts"

const scratch = scratchFolder("rapo-endpoint-")

const key = "sk-secret-0123456789"
const dataset = path.join(scratch, "problems.jsonl")
writeFileSync(
  dataset,
  ["a", "b", "c"].map((id) => `${JSON.stringify({ id, problem: id, answer: "1" })}\n`).join(""),
)

const evaluate = async (
  url: string,
  out: string,
): Promise<{ readonly code: number | null; readonly output: string }> => {
  const flags = ["--endpoint", url, "--served-model", "m", "--api", "completions", "--choices", "4"]
  const { code, stdout, stderr } = await rapo(
    ["eval", ...flags, "--dataset", dataset, "--template", "plain", "--n", "6", "--out", out],
    { cwd: scratch, env: { OPENAI_API_KEY: key } },
  )
  return { code, output: `${stdout}${stderr}` }
}

test("faults on the way leave no trace in the folder, and the key is nowhere", async () => {
  const server = await startFaultServer({ script: ["500", "dropped", "429 seconds", "broken JSON", "fewer"] })
  const out = path.join(scratch, "run")
  const { code, output } = await evaluate(server.url, out).finally(server.close)
  expect([code, [...server.keys]], output).toEqual([0, [`Bearer ${key}`]])
  const samples = readFileSync(path.join(out, "samples.ndjson"), "utf8").trimEnd().split("\n")
  const indices = samples.map((line) => {
    const { problem, sample } = JSON.parse(line) as { readonly problem: string; readonly sample: number }
    return `${problem}${sample}`
  })
  expect(indices.toSorted()).toEqual(
    ["a", "b", "c"].flatMap((id) => [0, 1, 2, 3, 4, 5].map((i) => `${id}${i}`)),
  )
  const files = readdirSync(out, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  expect(files.map(({ name }) => name)).toContain("evaluation.json")
  for (const { parentPath, name } of files)
    expect(readFileSync(path.join(parentPath, name)).includes(key), name).toBe(false)
  expect(output).not.toContain(key)
})

test("a refused key: one message, exit code 1, no stack trace, no key", async () => {
  const server = await startFaultServer({ script: [], always: 401 })
  const { code, output } = await evaluate(server.url, path.join(scratch, "refused")).finally(server.close)
  expect(code).toBe(1)
  expect(output).toContain(
    `error: ${server.url}/v1/completions: answered with status 401: no, with Bearer ***`,
  )
  expect(output).toContain("--api-key-env")
  expect(output).not.toMatch(/^ +at /m)
  expect(output).not.toContain(key)
})
