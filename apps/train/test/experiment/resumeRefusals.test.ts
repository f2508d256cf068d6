/** What may not be gone on with: another experiment, problems, base or policy, a damaged record or save; each by its place. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Effect, Layer, ManagedRuntime } from "effect"
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs"
import * as path from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { Progress } from "../../src/cli/Progress.ts"
import { type TrainArguments, requestOf } from "../../src/experiment/request.ts"
import { runExperiment } from "../../src/experiment/runExperiment.ts"
import { Workers } from "../../src/workers/Workers.ts"
import "../engine.ts"
import { freshFolder, scratchFolder } from "../rapo.ts"
import { layOut, placeModel, randomQwen } from "../realModels.ts"
import { type TinyOptions, writeTinyExperiment } from "../tinyExperiment.ts"

const scratch = scratchFolder("rapo-refusals-")
const shipped = fileURLToPath(new URL("../../checkpoints/countdown-base", import.meta.url))

const pool = ManagedRuntime.make(
  Layer.mergeAll(Workers.on({ engine: "wasm", workers: 1 }), NodeServices.layer),
)
afterAll(() => pool.dispose())

const nothing: TrainArguments = {
  experiment: undefined,
  quick: false,
  seed: undefined,
  model: undefined,
  out: undefined,
  resume: undefined,
  engine: undefined,
}

/** `rapo train`, once its workers are there. */
const train = (asked: Partial<TrainArguments>) =>
  Effect.flatMap(requestOf({ ...nothing, ...asked }), runExperiment).pipe(
    Effect.provide(Progress.layerSilent),
  )

const small: TinyOptions = { checkpoint: "base", steps: 2, isRapoAlone: true }
const arm = "rapo-0.1-phi-0.8"

/** A finished run with its experiment and base, to be copied and spoilt. */
let original: string
beforeAll(async () => {
  original = freshFolder(scratch)
  cpSync(shipped, path.join(original, "base"), { recursive: true })
  const experiment = writeTinyExperiment(original, small)
  const run = await pool.runPromise(train({ experiment, out: original }))
  renameSync(run, path.join(original, "run"))
}, 120_000)

interface Spoilt {
  /** The experiment's folder. */
  readonly at: string
  readonly run: string
}

const spoilt = (spoil: (copy: Spoilt) => void): Spoilt => {
  const at = freshFolder(scratch)
  cpSync(original, at, { recursive: true })
  const copy = { at, run: path.join(at, "run") }
  spoil(copy)
  return copy
}

/** How going on fails; the experiment is the copy's. */
const refusal = ({ at, run }: Spoilt, asked: Partial<TrainArguments> = {}): Promise<unknown> =>
  pool.runPromise(Effect.flip(train({ experiment: path.join(at, "tiny.toml"), resume: run, ...asked })))

const replaceIn = (file: string, from: string | RegExp, to: string): void => {
  const before = readFileSync(file, "utf8")
  const after = before.replace(from, to)
  if (after === before) throw new Error(`nothing to replace in ${file}`)
  writeFileSync(file, after)
}

/** As if the arm had not been finished. */
const unfinish = (run: string): void =>
  replaceIn(path.join(run, "finished.ndjson"), new RegExp(`^.*"trained/${arm}".*\n`, "m"), "")

describe("going on with a run", () => {
  it("that is complete and unchanged changes nothing but the time", async () => {
    const { at, run } = spoilt(() => undefined)
    const before = readFileSync(path.join(run, "finished.ndjson"), "utf8")
    await pool.runPromise(train({ experiment: path.join(at, "tiny.toml"), resume: run }))
    expect(readFileSync(path.join(run, "finished.ndjson"), "utf8")).toBe(before)
  })

  it("finds the run's own experiment, where none is named", async () => {
    const { run } = spoilt(() => undefined)
    // The file that the record names is still there, too.
    await pool.runPromise(train({ resume: run }))
    expect(existsSync(path.join(run, "report.html"))).toBe(true)
  })

  it.each<readonly [string, (copy: Spoilt) => void, object]>([
    [
      "a changed experiment",
      ({ at }) => replaceIn(path.join(at, "tiny.toml"), "learning_rate = 1e-3", "learning_rate = 2e-3"),
      {
        _tag: "ConfigError",
        field: "training.learning_rate",
        problem: "the run was begun with 0.001, and the file now says 0.002",
        path: expect.stringMatching(/tiny\.toml$/) as string,
      },
    ],
    [
      "another seed",
      ({ at }) => replaceIn(path.join(at, "tiny.toml"), "seed = 5", "seed = 6"),
      { field: "seed" },
    ],
    [
      "another arm",
      ({ at }) => replaceIn(path.join(at, "tiny.toml"), "alpha = [0.1]", "alpha = [0.1, 0.2]"),
      { field: "arms[0].alpha" },
    ],
    [
      "another base",
      ({ at }) => {
        const file = path.join(at, "base", "model.safetensors")
        const bytes = readFileSync(file)
        bytes[bytes.length - 2] = (bytes[bytes.length - 2] ?? 0) ^ 1
        writeFileSync(file, bytes)
      },
      {
        _tag: "ConfigError",
        field: "model.safetensors",
        problem: expect.stringContaining("is not what the run was begun with") as string,
      },
    ],
    [
      "another description of the base",
      ({ at }) =>
        replaceIn(path.join(at, "base", "config.json"), '"rope_theta": 10000', '"rope_theta": 20000'),
      { field: "config.json, tokenizer and chat template" },
    ],
    [
      "a base that is gone",
      ({ at }) => rmSync(path.join(at, "base"), { recursive: true }),
      { _tag: "CheckpointError", problem: expect.stringContaining("there is no such folder") as string },
    ],
    [
      "a trained policy that was changed",
      ({ run }) => {
        const file = path.join(run, "checkpoints", arm, "model.safetensors")
        const bytes = readFileSync(file)
        bytes[bytes.length - 2] = (bytes[bytes.length - 2] ?? 0) ^ 1
        writeFileSync(file, bytes)
      },
      { _tag: "RunFolderError", field: "sha256", remedy: expect.stringContaining("Put it back") as string },
    ],
    [
      "another process in its folder",
      ({ run }) => writeFileSync(path.join(run, "lock.some-other-host.17.0"), ""),
      {
        _tag: "RunFolderError",
        problem: expect.stringContaining("is in use: process 17 on some-other-host") as string,
      },
    ],
    [
      "no record",
      ({ run }) => rmSync(path.join(run, "metrics.ndjson")),
      { _tag: "RunFolderError", path: expect.stringMatching(/metrics\.ndjson$/) as string },
    ],
    [
      "a record without its beginning",
      ({ run }) => replaceIn(path.join(run, "metrics.ndjson"), /^.*\n/, ""),
      { problem: "its first line does not say what the run was begun with" },
    ],
    [
      "a damaged record",
      ({ run }) => replaceIn(path.join(run, "metrics.ndjson"), '"step":0', '"step":0,,'),
      { field: "line 2", problem: "is not JSON" },
    ],
    [
      "a damaged journal",
      ({ run }) => replaceIn(path.join(run, "finished.ndjson"), '"name":', '"nam":'),
      { _tag: "RunFolderError", field: "line 1", problem: "is not an entry" },
    ],
    [
      "a damaged save",
      ({ run }) => {
        unfinish(run)
        mkdirSync(path.join(run, "saves"))
        writeFileSync(path.join(run, "saves", `${arm}.safetensors`), "this is no save")
      },
      {
        _tag: "RunFolderError",
        path: expect.stringMatching(/saves/) as string,
        remedy: expect.stringContaining("Delete it, and its training starts from the beginning") as string,
      },
    ],
  ])("is refused with %s", async (_, spoil, error) => {
    expect(await refusal(spoilt(spoil))).toMatchObject(error)
  })

  it.each<readonly [string, Partial<TrainArguments>]>([
    ["--quick", { quick: true }],
    ["--seed", { seed: 5 }],
    ["--model", { model: shipped }],
    ["--out", { out: "elsewhere" }],
    ["--engine", { engine: "native" }],
  ])("is refused with %s, which the run has settled", async (flag, asked) => {
    expect(
      await refusal(
        spoilt(() => undefined),
        asked,
      ),
    ).toMatchObject({ _tag: "ConfigError", path: flag })
  })

  it("without any of its arms' files trains the arm again, to the same policy", async () => {
    const { at, run } = spoilt(({ run: folder }) => {
      unfinish(folder)
      rmSync(path.join(folder, "checkpoints", arm), { recursive: true })
    })
    const policy = path.join("checkpoints", arm, "model.safetensors")
    const metrics = readFileSync(path.join(run, "metrics.ndjson"), "utf8").split("\n").slice(0, 3)
    await pool.runPromise(train({ experiment: path.join(at, "tiny.toml"), resume: run }))
    expect(
      readFileSync(path.join(run, policy)).equals(readFileSync(path.join(original, "run", policy))),
    ).toBe(true)
    const again = readFileSync(path.join(run, "metrics.ndjson"), "utf8")
      .split("\n")
      .filter((line) => !line.startsWith('{"resumed"'))
    expect(again.slice(0, 3)).toEqual(metrics)
  })

  it("needs an experiment or a run", async () => {
    expect(await pool.runPromise(Effect.flip(train({})))).toMatchObject({ problem: "no experiment is named" })
  })
})

describe("going on with a run that has made its base", () => {
  it("is refused with another in its place; the record names none, the journal does", async () => {
    const at = freshFolder(scratch)
    const experiment = writeTinyExperiment(at, { steps: 1, isRapoAlone: true })
    const resume = await pool.runPromise(train({ experiment, out: at }))
    const [start = ""] = readFileSync(path.join(resume, "metrics.ndjson"), "utf8").split("\n")
    expect(Object.keys(JSON.parse(start) as object)).not.toContain("base")
    expect(readFileSync(path.join(resume, "finished.ndjson"), "utf8")).toMatch(
      /^{"name":"base","result":{"source":"pretrained","weights":"[0-9a-f]{64}"/,
    )
    expect(readdirSync(resume).toSorted()).not.toContain("saves")
    const file = path.join(resume, "checkpoints", "base", "model.safetensors")
    const bytes = readFileSync(file)
    bytes[bytes.length - 2] = (bytes[bytes.length - 2] ?? 0) ^ 1
    writeFileSync(file, bytes)
    expect(await pool.runPromise(Effect.flip(train({ resume })))).toMatchObject({
      _tag: "ConfigError",
      path: path.dirname(file),
      field: "model.safetensors",
    })
  }, 60_000)
})

describe("going on with problems from files", () => {
  /** Workers that nothing may be asked of. */
  const idle = Layer.succeed(Workers, {
    size: 1,
    engine: "wasm" as const,
    run: () => Effect.die("work was begun"),
    team: () => Effect.die("work was begun"),
  })

  it("is refused with other problems, by their file", async () => {
    const at = layOut(freshFolder(scratch))
    await placeModel(path.join(at.root, "models/Qwen2.5-3B"), randomQwen())
    const experiment = at.experiment("qwen2.5-3b-simplerl")
    const runs = path.join(at.root, "runs")
    const begun = train({ experiment, quick: true, out: runs }).pipe(Effect.provide(idle), Effect.exit)
    expect(JSON.stringify(await pool.runPromise(begun))).toContain("work was begun")
    const resume = path.join(runs, readdirSync(runs)[0] ?? "")
    const start = JSON.parse(
      readFileSync(path.join(resume, "metrics.ndjson"), "utf8").split("\n")[0] ?? "",
    ) as {
      readonly data: ReadonlyArray<{ readonly file: string; readonly sha256: string }>
    }
    expect(start.data.map(({ file }) => path.basename(file))).toEqual([
      "train.parquet",
      "train-00000-of-00001.parquet",
      "train-00000-of-00001.parquet",
      "prompt.template",
    ])
    expect(start.data.every(({ sha256 }) => /^[0-9a-f]{64}$/.test(sha256))).toBe(true)
    const goingOn = Effect.flip(train({ resume }).pipe(Effect.provide(idle)))
    const exam = path.join(at.root, "data/aime_2024/data/train-00000-of-00001.parquet")
    cpSync(path.join(at.root, "data/gsm8k/main/test-00000-of-00001.parquet"), exam)
    expect(await pool.runPromise(goingOn)).toMatchObject({ _tag: "ConfigError", path: exam, field: "sha256" })
  })
})
