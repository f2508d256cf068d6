/** Experiments on data sets, from the files that ship to the report. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Effect, Layer, ManagedRuntime } from "effect"
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import * as path from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { Progress, make } from "../../src/cli/Progress.ts"
import { quickened, withValues } from "../../src/config/Experiment.ts"
import { readExperiment } from "../../src/config/readExperiment.ts"
import { runExperiment } from "../../src/experiment/runExperiment.ts"
import { readSummary } from "../../src/storage/RunFolder.ts"
import type { Summary } from "../../src/storage/Summary.ts"
import { Workers } from "../../src/workers/Workers.ts"
import "../engine.ts"
import { freshFolder, rapo, scratchFolder } from "../rapo.ts"
import { type Place, layOut, placeModel, randomQwen } from "../realModels.ts"

const scratch = scratchFolder("rapo-data-")
const place = (): Place => layOut(freshFolder(scratch))

/** One pool of two workers for all runs: starting a pool takes seconds. */
const pool = ManagedRuntime.make(
  Layer.mergeAll(Workers.on({ engine: "wasm", workers: 2 }), NodeServices.layer),
)
afterAll(() => pool.dispose())

/** What `rapo train FILE --quick [--model]` does, once its workers are there. */
const quickRun = (at: Place, name: string, model?: string) =>
  Effect.gen(function* () {
    const file = at.experiment(name)
    const experiment = quickened(
      withValues(yield* readExperiment(file), model === undefined ? {} : { base: { checkpoint: model } }),
    )
    return yield* runExperiment({
      experiment,
      file,
      replaced: { quick: true },
      place: { _tag: "New", parent: path.join(at.root, "runs") },
    })
  })

/** What is said, as it is said. */
const listening = (lines: Array<string>): Layer.Layer<Progress> =>
  Layer.succeed(
    Progress,
    make(
      (text) => lines.push(text),
      false,
      () => 0,
    ),
  )

/** Workers that nothing may be asked of. */
const idle = Layer.succeed(Workers, {
  size: 1,
  engine: "wasm" as const,
  run: () => Effect.die("work was begun"),
  team: () => Effect.die("work was begun"),
})

describe("qwen2.5-3b-simplerl.toml, as it ships, with shortened lengths", () => {
  let run: string
  let summary: Summary
  const said: Array<string> = []
  beforeAll(async () => {
    const at = place()
    await placeModel(path.join(at.root, "models/Qwen2.5-3B"), randomQwen())
    run = await pool.runPromise(quickRun(at, "qwen2.5-3b-simplerl").pipe(Effect.provide(listening(said))))
    summary = await pool.runPromise(readSummary(run))
  }, 300_000)

  it("says what is read, what is left out and why", () => {
    for (const words of [
      "train.parquet: 24 problems",
      "training: 1 problems left out, which validation or a test set has",
      "base model: the checkpoint",
      "complete:",
    ])
      expect(said.join("")).toContain(words)
  })

  it("judges the base and all arms on both exams and on Hard", () => {
    const { status, sets, arms, settings } = summary
    expect(status).toBe("complete")
    expect(arms.map(({ name }) => name)).toEqual([
      "base",
      "grpo-0.0001",
      "reverse-kl-0.001",
      "forward-kl-0.001",
      "rapo-0.001-phi-0.8",
    ])
    // Random weights solve nothing: every candidate is hard.
    expect(sets.map(({ set, problems }) => [set, problems])).toEqual([
      ["AIME 2024", 2],
      ["AIME 2025", 2],
      ["hard", 2],
    ])
    const shown = new Map(settings)
    expect(shown.get("task")).toContain("mathematics")
    expect(shown.get("training problems")).toMatch(/^21 of /)
    expect(shown.get("validation problems")).toBe("2 held out of the training problems")
    expect(shown.get("prompts")).toContain("template qwen-boxed, at most 1024 tokens, answered by at most 16")
    for (const { diagnostics } of arms)
      expect(Object.values(diagnostics).every((value) => Number.isFinite(value))).toBe(true)
  })

  it("records every step and keeps every policy", () => {
    const lines = readFileSync(path.join(run, "metrics.ndjson"), "utf8").trimEnd().split("\n")
    expect(lines).toHaveLength(1 + 4 * 2)
    for (const { name } of summary.arms.slice(1))
      expect(existsSync(path.join(run, "checkpoints", name, "model.safetensors"))).toBe(true)
    for (const file of ["report.html", "passk.png"]) expect(existsSync(path.join(run, file))).toBe(true)
  })
})

describe("qwen2.5-0.5b-lora.toml, with a model of another folder", () => {
  it("trains adapters", async () => {
    const at = place()
    const folder = path.join(at.root, "models/another")
    await placeModel(folder, randomQwen())
    const run = await pool.runPromise(
      quickRun(at, "qwen2.5-0.5b-lora", folder).pipe(Effect.provide(Progress.layerSilent)),
    )
    const { status, arms, settings } = await pool.runPromise(readSummary(run))
    expect(status).toBe("complete")
    expect(new Map(settings).has("LoRA")).toBe(true)
    for (const arm of arms.slice(1))
      expect(existsSync(path.join(run, "checkpoints", arm.name, "adapter_model.safetensors"))).toBe(true)
  }, 300_000)
})

describe("what cannot be used is named before any work is begun", () => {
  const cases: ReadonlyArray<readonly [string, (at: Place) => void, ReadonlyArray<string>]> = [
    [
      "no model folder",
      ({ root }) => rmSync(path.join(root, "models"), { recursive: true }),
      ["models/Qwen2.5-3B", "no such folder", "docs/real-models.md", "--model"],
    ],
    [
      "a model folder without a tokenizer",
      ({ root }) => rmSync(path.join(root, "models/Qwen2.5-3B/tokenizer.json")),
      ["Qwen2.5-3B", "tokenizer.json"],
    ],
    [
      "no data set",
      ({ root }) => rmSync(path.join(root, "data/aime_2024"), { recursive: true }),
      ["aime_2024/data/train-00000-of-00001.parquet", "no such path"],
    ],
    [
      "a data set with other columns",
      ({ root }) => writeFileSync(trainFile(root), '{"text": "x", "label": 1}\n'),
      ["train.parquet: line 1: problem or question", "the record has text, label", "--fields problem="],
    ],
    [
      "a broken Parquet file",
      ({ root }) => writeFileSync(trainFile(root), readFileSync(trainFile(root)).subarray(0, 700)),
      ["train.parquet", "is not a whole Parquet file"],
    ],
    [
      "a file of Git LFS in its place",
      ({ root }) =>
        writeFileSync(trainFile(root), "version https://git-lfs.github.com/spec/v1\noid sha256:0\n"),
      ["train.parquet: line 1", "is not JSON"],
    ],
    [
      "nothing left to train on",
      ({ root }) => writeFileSync(trainFile(root), '{"problem": "1+1?", "answer": "2"}\n'),
      ["data.validation", "none is left to train on"],
    ],
    [
      "a template that is not there",
      (at) => altered(at, 'template = "qwen-boxed"', 'template = "mine.txt"'),
      ["--template", "mine.txt", "qwen-boxed"],
    ],
    [
      "a chat template that the tokenizer does not have",
      (at) => altered(at, 'template = "qwen-boxed"', 'template = "chat"'),
      ["prompt.template", "no chat template"],
    ],
    [
      "more tokens than the context has",
      (at) => altered(at, "max_prompt_tokens = 1024", "max_prompt_tokens = 32768"),
      ["prompt.max_response_tokens", "32784", "context of 16384"],
    ],
    [
      "prompts that are all too long",
      (at) => altered(at, "max_prompt_tokens = 1024", "max_prompt_tokens = 8"),
      ["prompt.max_prompt_tokens", "no problem of training"],
    ],
    [
      "fields that say nothing",
      (at) => altered(at, "validation = 64", 'validation = 64\nfields = "question"'),
      ["--fields", "does not name a field"],
    ],
    [
      "a set twice",
      (at) => altered(at, 'name = "AIME 2025"', 'name = "AIME 2024"'),
      ["data.test[1].name", "twice"],
    ],
    [
      "both a task and data",
      (at) => altered(at, "[data]", '[task]\nname = "countdown"\n\n[data]'),
      ["task", "there is no such field"],
    ],
    [
      "neither a count nor files for validation",
      (at) => altered(at, "validation = 64", 'validation = "some"'),
      ["data.validation"],
    ],
  ]

  const trainFile = (root: string): string =>
    path.join(root, "data/SimpleRL-Zoo-Data/simplelr_qwen_level3to5/train.parquet")

  const altered = ({ experiment }: Place, from: string, to: string): void => {
    const file = experiment("qwen2.5-3b-simplerl")
    const text = readFileSync(file, "utf8")
    if (!text.includes(from)) throw new Error(`the experiment has no ${from}`)
    writeFileSync(file, text.replace(from, to))
  }

  it.each(cases)("%s", async (_, damage, parts) => {
    const at = place()
    await placeModel(path.join(at.root, "models/Qwen2.5-3B"), randomQwen())
    damage(at)
    const error = await Effect.runPromise(
      Effect.flip(quickRun(at, "qwen2.5-3b-simplerl")).pipe(
        Effect.provide(Layer.mergeAll(idle, Progress.layerSilent, NodeServices.layer)),
      ),
    )
    for (const part of parts) expect(error.message).toContain(part)
    expect(existsSync(path.join(at.root, "runs"))).toBe(false)
  })
})

describe("the command", () => {
  const quick = ["--quick", "--engine", "wasm", "--workers", "1", "--out", "runs"]

  it.each<readonly [string, ReadonlyArray<string>, ReadonlyArray<string>]>([
    ["an experiment without its model", ["qwen2.5-3b-simplerl"], ["models/Qwen2.5-3B", "--model"]],
    ["a model that is not there, and none is made", ["countdown", "--model", "nowhere"], ["nowhere"]],
  ])("%s: one message, exit code 1", async (_, [name = "", ...flags], parts) => {
    const { root, experiment } = place()
    const { code, stderr, stdout } = await rapo(["train", experiment(name), ...quick, ...flags], {
      cwd: root,
    })
    expect(code).toBe(1)
    for (const part of parts) expect(stderr).toContain(part)
    expect(`${stdout}${stderr}`).not.toMatch(/^ {4}at |bug in rapo|pre-training/m)
    expect(readdirSync(root)).not.toContain("runs")
  })

  it("rapo pretrain makes no base for problems in files", async () => {
    const { root, experiment } = place()
    const { code, stderr } = await rapo(["pretrain", experiment("qwen2.5-3b-simplerl"), "--out", "base"], {
      cwd: root,
    })
    expect(code).toBe(1)
    expect(stderr).toContain("its base model is not made but given")
  })
})
