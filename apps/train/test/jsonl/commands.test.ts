/** `rapo tokenize`, `rapo score` and `rapo sample` as a user starts them, with good lines and broken ones. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Seed } from "@rapo/distributions"
import { Effect } from "effect"
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import * as path from "node:path"
import { beforeAll, describe, expect, it, vi } from "vitest"
import { writeCheckpoint } from "../../src/model/Checkpoint.ts"
import { toHost } from "../../src/model/DeviceParameters.ts"
import { configOf } from "../configs.ts"
import { freeing } from "../engine.ts"
import { byteTokenizer, chatMl } from "../evaluate/byteTokenizer.ts"
import { talkativeParameters } from "../models.ts"
import { type Finished, rapo, scratchFolder } from "../rapo.ts"
import { chatOfCompletions, expectRefused, isCivil } from "../refused.ts"
import { describeWith } from "../sharedData.ts"

// Each test starts processes, which take seconds on a busy machine.
vi.setConfig({ testTimeout: 180_000 })

const scratch = scratchFolder("rapo-jsonl-")
const model = path.join(scratch, "model")
const bare = path.join(scratch, "without-tokenizer")
const untemplated = path.join(scratch, "without-chat-template")
beforeAll(async () => {
  const { tokenizer, tokenizerConfig } = byteTokenizer()
  const config = configOf({ vocab_size: 259, num_hidden_layers: 1, max_position_embeddings: 192 })
  await Effect.runPromise(
    writeCheckpoint(model, {
      config,
      parameters: freeing(() => toHost(talkativeParameters(config, Seed.fromInteger(11)))),
      tokenizerJson: tokenizer,
      tokenizerConfig: { ...tokenizerConfig, chat_template: chatMl },
    }).pipe(Effect.provide(NodeServices.layer)),
  )
  cpSync(model, untemplated, { recursive: true })
  writeFileSync(path.join(untemplated, "tokenizer_config.json"), JSON.stringify(tokenizerConfig))
  cpSync(model, bare, { recursive: true })
  for (const file of ["tokenizer.json", "tokenizer_config.json", "generation_config.json"])
    rmSync(path.join(bare, file), { force: true })
  rmSync(path.join(bare, "config.json"))
  const { eos_token_id: _, ...own } = JSON.parse(
    readFileSync(path.join(model, "config.json"), "utf8"),
  ) as Record<string, unknown>
  writeFileSync(path.join(bare, "config.json"), JSON.stringify(own))
})

const jsonl = (rows: ReadonlyArray<unknown>): string =>
  rows.map((row) => (typeof row === "string" ? `${row}\n` : `${JSON.stringify(row)}\n`)).join("")

const rowsOf = ({ stdout }: Finished): ReadonlyArray<Record<string, unknown>> =>
  stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Record<string, unknown>)

/** A command, a line for each row on its standard input. */
const run = (args: ReadonlyArray<string>, rows: ReadonlyArray<unknown> = []): Promise<Finished> =>
  rapo(args, { cwd: scratch, stdin: jsonl(rows) })

const bytes = (text: string): ReadonlyArray<number> => [...new TextEncoder().encode(text)]

const wasm = ["--engine", "wasm", "--workers", "1"]

describe("rapo tokenize", () => {
  it("prints ids, names broken lines with their number, and goes on", async () => {
    const user = { role: "user", content: "Hi<|im_end|>" }
    const finished = await run(
      ["tokenize", "--model", model],
      [
        { id: "a", text: "é<|im_end|>" },
        "",
        "not json",
        { id: "b", messages: [user] },
        { id: "c", messages: [user], add_generation_prompt: false },
        { id: "d", text: 3 },
        { id: "e", messages: "Hi" },
        { id: true, text: "x" },
        '{"id": "f", "text": "\\ud800"}',
        ["text"],
        { text: "" },
      ],
    )
    const turn = [257, ...bytes("user\nHi"), 258, 258, 10]
    expect(rowsOf(finished)).toEqual([
      { id: "a", ids: [195, 169, 258] },
      { id: "b", ids: [...turn, 257, ...bytes("assistant\n")] },
      { id: "c", ids: turn },
      { id: 11, ids: [] },
    ])
    expect(finished.code).toBe(1)
    for (const part of [
      "standard input: line 3: is not JSON",
      "line 6: text: is not a string",
      "line 7: messages: is not a list",
      "line 8: id: is neither",
      "line 9: text: holds half a surrogate pair",
      "line 10: is not an object",
      "error: standard input: line 3: this line and 5 more are broken",
    ])
      expect(finished.stderr).toContain(part)
    expect(isCivil(finished)).toBe(true)
  })

  it("spells control tokens out with --literal, and leaves the generation prompt out when told to", async () => {
    const finished = await run(
      ["tokenize", "--model", model, "--literal", "--no-generation-prompt"],
      [
        { id: 1, messages: [{ role: "user", content: "<|im_end|>" }] },
        { id: 2, text: "<|im_end|>" },
      ],
    )
    expect(rowsOf(finished)).toEqual([
      { id: 1, ids: [257, ...bytes("user\n<|im_end|>"), 258, 10] },
      { id: 2, ids: bytes("<|im_end|>") },
    ])
    expect([finished.code, finished.stderr]).toEqual([0, ""])
  })

  it.each([
    ["a folder without a tokenizer", ["--model", scratch], ["tokenizer.json", "no such path"]],
    ["no such file", ["--model", model, "--input", "nowhere.jsonl"], ["nowhere.jsonl", "no such file"]],
  ] as const)("refuses %s", async (_, args, parts) => {
    const finished = await run(["tokenize", ...args])
    expect([finished.code, finished.stdout, isCivil(finished)]).toEqual([1, "", true])
    for (const part of parts) expect(finished.stderr).toContain(part)
  })
})

describe("rapo score", () => {
  it("prints what a model says of ids and of completions, which are the same thing", async () => {
    const finished = await run(
      ["score", "--model", model, "--entropy", ...wasm],
      [
        { id: "ids", ids: [...bytes("1+1="), ...bytes("2"), 258] },
        { id: "text", prompt: "1+1=", completion: "2<|im_end|>" },
        { id: "far", ids: [1, 259] },
        { id: "none", ids: [] },
        { id: "one", ids: [5] },
        { id: "empty", prompt: "", completion: "2" },
        { id: "half", prompt: "1" },
        { id: "long", ids: Array.from({ length: 193 }, () => 1) },
        { id: "mixed", prompt: bytes("1+1="), completion: bytes("2") },
        { id: "neither" },
      ],
    )
    const [ids, text, one, mixed] = rowsOf(finished) as ReadonlyArray<{
      readonly id: string
      readonly logprobs: ReadonlyArray<number>
      readonly entropy: ReadonlyArray<number>
    }>
    expect([ids?.id, text?.id, one?.id, mixed?.id]).toEqual(["ids", "text", "one", "mixed"])
    expect([ids?.logprobs.length, ids?.entropy.length, one?.logprobs]).toEqual([5, 5, []])
    const near = (a: number | undefined, b: number | undefined): boolean =>
      Math.abs((a ?? NaN) - (b ?? NaN)) < 1e-4
    expect(text?.logprobs.every((each, i) => near(each, ids?.logprobs[3 + i]))).toBe(true)
    expect(near(mixed?.logprobs[0], text?.logprobs[0])).toBe(true)
    expect(ids?.entropy.every((each) => each > 0 && each <= Math.log(259) + 1e-6)).toBe(true)
    expect(finished.code).toBe(1)
    for (const part of [
      "line 3: ids[1]: 259 is not a token id: they are whole numbers from 0 to 258",
      "line 4: ids: is empty",
      "line 6: prompt: is empty",
      "line 7: completion: is missing",
      "line 8: has 193 tokens, more than the model's 192",
      "line 10: has neither ids, nor a prompt or messages",
    ])
      expect(finished.stderr).toContain(part)
    expect(isCivil(finished)).toBe(true)
  })

  it("needs no tokenizer for ids, and says that text does", async () => {
    const finished = await run(
      ["score", "--model", bare, ...wasm],
      [
        { id: 1, ids: [1, 2, 3] },
        { id: 2, prompt: "1", completion: "2" },
      ],
    )
    const [row] = rowsOf(finished)
    expect(Object.keys(row ?? {})).toEqual(["id", "logprobs"])
    expect(finished.code).toBe(1)
    expect(finished.stderr).toContain("line 2: prompt: the model's folder has no tokenizer: give token ids")
  })
})

describe("rapo sample", () => {
  const asked = [
    { id: "p", prompt: "1+1=<|im_end|>" },
    { id: "m", messages: [{ role: "user", content: "<|im_end|>" }] },
    { id: "i", ids: [49] },
    { id: "q", problem: "what is it, and why?" },
  ]
  const sample = (folder: string): ReadonlyArray<string> => ["sample", "--model", folder, "--input", "-"]
  const flags = ["--n", "3", "--max-tokens", "8", "--seed", "5"]

  it("prints ids, text and log-probabilities: the same whatever the batch, the order and the workers", async () => {
    const together = await run([...sample(model), ...flags, ...wasm], asked)
    expect([together.code, together.stderr]).toEqual([0, ""])
    const rows = rowsOf(together)
    expect(rows.map(({ id }) => id)).toEqual(["p", "m", "i", "q"].flatMap((id) => [id, id, id]))
    for (const row of rows) {
      expect(Object.keys(row)).toEqual(["id", "ids", "text", "logprobs"])
      expect((row["logprobs"] as ReadonlyArray<number>).length).toBe(
        (row["ids"] as ReadonlyArray<number>).length,
      )
    }
    const apart = await run(
      [...sample(model), ...flags, "--engine", "wasm", "--workers", "2", "--batch", "2"],
      asked.toReversed(),
    )
    // To the last digit of the log-probabilities.
    const lines = (these: ReadonlyArray<Record<string, unknown>>): ReadonlyArray<string> =>
      these.map((row) => JSON.stringify(row)).toSorted()
    expect(lines(rowsOf(apart))).toEqual(lines(rows))
    expect(new Set(rows.map(({ text }) => text)).size).toBeGreaterThan(6)
  })

  it("goes on with ids where there is no tokenizer, and names what it cannot ask", async () => {
    const finished = await run(
      [...sample(bare), "--max-tokens", "4", "--greedy", "--details", ...wasm],
      [
        { id: 1, ids: [49, 50] },
        { id: 2, prompt: "1" },
        { id: 3, ids: [-1] },
        { id: 4, ids: [] },
        { id: 5 },
        { id: 6, ids: Array.from({ length: 192 }, () => 1) },
      ],
    )
    const [row, ...others] = rowsOf(finished)
    expect(others).toEqual([])
    expect(row).toMatchObject({ id: 1, text: "", sample: 0, finish: "length", promptTokens: 2 })
    expect(row).toHaveProperty("ids.length", 4)
    expect(finished.code).toBe(1)
    for (const part of [
      "line 2: prompt: the model's folder has no tokenizer",
      "line 3: ids[0]: -1 is not a token id",
      "line 4: has no tokens",
      "line 5: has no ids, prompt, messages or problem",
      "line 6: has 192 tokens, and the model's 192 leave no room",
    ])
      expect(finished.stderr).toContain(part)
    expect(isCivil(finished)).toBe(true)
  })

  it("puts a problem in the model's own chat template, as messages are put, and says so where there is none", async () => {
    const problem = "1+1<|im_end|>?"
    const boxed = `${problem}\nPlease reason step by step, and put your final answer within \\boxed{}.`
    const own = ["--greedy", "--max-tokens", "8", "--template", "chat", ...wasm]
    const [inForm, asMessages] = rowsOf(
      await run(
        [...sample(model), ...own],
        [
          { id: 1, problem },
          { id: 1, messages: [{ role: "user", content: boxed }] },
        ],
      ),
    )
    expect(inForm).toEqual(asMessages)
    const none = await run([...sample(untemplated), ...own], [{ id: 1, problem }])
    expect([none.code, isCivil(none)]).toEqual([1, true])
    expect(none.stderr).toContain("line 1: problem: the tokenizer has no chat template")
  })

  it.each([
    ["nothing to ask", ["--model", "model"], ["there is nothing to ask", "--input"]],
    ["--min-p above 1", ["--model", "model", "--min-p", "2"], ["--min-p must be from 0 to 1"]],
    ["--top-k 0", ["--model", "model", "--top-k", "0"], ["--top-k must be at least 1"]],
    [
      "a form that the server would not render",
      [...chatOfCompletions, "--prompt", "1"],
      ["--template chat: the server has the model's chat template, and does not apply it to completions"],
    ],
    [
      "an unknown template",
      ["--model", "model", "--prompt", "1", "--template", "nowhere.txt"],
      ["--template nowhere.txt: is none of chat, qwen-boxed, plain, r1, and as a file it"],
    ],
  ] as const)("refuses %s", async (_, args, parts) => {
    expectRefused(await run(["sample", ...args, ...wasm]), parts)
  })
})

describeWith("tokenizer", "the golden files through the command", (folder) => {
  it.each(["golden-encodings-published.jsonl", "golden-chat-template.jsonl"])("%s", async (file) => {
    const input = path.join(folder, file)
    const finished = await run(["tokenize", "--model", folder, "--input", input])
    const wanted = readFileSync(input, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { readonly id: string; readonly ids: ReadonlyArray<number> })
      .map(({ id, ids }) => ({ id, ids }))
    expect(rowsOf(finished)).toEqual(wanted)
    expect([finished.code, finished.stderr]).toEqual([0, ""])
  })
})
