import * as NodeServices from "@effect/platform-node/NodeServices"
import { Effect } from "effect"
import { Objectives } from "@rapo/rapo"
import * as fc from "fast-check"
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import * as path from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, describe, expect, it } from "vitest"
import { GeneratedExperiment, quickened } from "../../src/config/GeneratedExperiment.ts"
import { readExperiment, readGenerated } from "../../src/config/readExperiment.ts"
import { lackOf, systems } from "../../src/config/systems.ts"
import type { ConfigError } from "../../src/errors.ts"
import { candidates } from "../../src/experiment/arms.ts"

const folder = fileURLToPath(new URL("../../experiments", import.meta.url))
const shipped = readdirSync(folder).filter((name) => name.endsWith(".toml"))
const countdown = readFileSync(path.join(folder, "countdown.toml"), "utf8")

const scratch = mkdtempSync(path.join(tmpdir(), "rapo-config-"))
afterAll(() => rmSync(scratch, { recursive: true }))

const run = <A, E>(effect: Effect.Effect<A, E, NodeServices.NodeServices>): Promise<A> =>
  Effect.runPromise(effect.pipe(Effect.provide(NodeServices.layer)))

const read = async (file: string): Promise<GeneratedExperiment> => (await run(readGenerated(file))).experiment
const failure = (file: string): Promise<ConfigError> => run(Effect.flip(readExperiment(file)))

/** countdown.toml with one text in it replaced. */
const altered = (from: string | RegExp, to: string): string => {
  const text = countdown.replace(from, to)
  if (text === countdown) throw new Error(`countdown.toml has no ${String(from)}`)
  return written(text)
}

/** countdown.toml with a field's value replaced; `undefined` leaves the field out. */
const withField = (table: string, field: string, value: string | undefined): string =>
  altered(
    new RegExp(`(?<=^\\[${table}\\]\\n(?:(?!\\[).*\\n)*?)${field} = .*\\n`, "m"),
    value === undefined ? "" : `${field} = ${value}\n`,
  )

const written = (text: string): string => {
  const file = path.join(mkdtempSync(path.join(scratch, "e-")), "mine.toml")
  writeFileSync(file, text)
  return file
}

describe("the experiments that ship", () => {
  it.each(shipped)("%s can be read, and is what it says it is", async (name) => {
    const experiment = await run(readExperiment(path.join(folder, name)))
    expect(`${experiment.name}.toml`).toBe(name)
  })

  it("are there", () => {
    expect(shipped.toSorted()).toEqual([
      "countdown.toml",
      "qwen2.5-0.5b-lora.toml",
      "qwen2.5-3b-simplerl.toml",
      "qwen2.5-7b-simplerl.toml",
    ])
  })
})

describe("a system as an arm", () => {
  const trainable = systems.filter((name) => lackOf(name) === undefined)

  it.each(trainable)("%s is one candidate, under its own name", async (name) => {
    const { arms } = await read(altered('"no-kl"', `"${name}"`))
    expect(candidates(arms)[0]).toMatchObject({ name, objective: Objectives.all[name] })
  })

  it("are all that need nothing but fresh groups", () => {
    expect(systems.filter((name) => !trainable.includes(name))).toEqual([
      "dots-rr",
      "gdc",
      "prefix-rl",
      "rl-plus",
      "rorecomp",
      "self",
    ])
    expect([...systems, "grpo", "rapo", "unregularised"].toSorted()).toEqual(Objectives.names.toSorted())
  })
})

describe("an experiment that cannot be run is refused, with file, field and remedy", () => {
  it.each<readonly [string, () => string, string, RegExp]>([
    [
      "an unknown key",
      () => withField("training", "group_size", "8\nlearning_rte = 1.0"),
      "training.learning_rte",
      /no such field/,
    ],
    ["an unknown table", () => altered("[quick]", "[quik]\nx = 1\n\n[quick]"), "quik", /no such field/],
    [
      "an unknown key of an arm",
      () => altered(/(?<=phi_min = .*)$/m, "\nphimax = 1.0"),
      "arms[3].phimax",
      /no such field/,
    ],
    [
      "a coefficient of an arm out of range",
      () => altered(/(?<=phi_min = )\[.*\]/, "[0.8, 1.8]"),
      "arms[3].phi_min[1]",
      /between 0 and 1/,
    ],
    ["an arm without an objective", () => altered('objective = "rapo"', ""), "arms[3]", /objective out of/],
    [
      "a missing field",
      () => withField("training", "group_size", undefined),
      "training.group_size",
      /missing/,
    ],
    ["a missing table", () => altered(/^\[base\]\n(?:(?!\[).*\n)*/m, ""), "base", /missing/],
    [
      "a number below its range",
      () => withField("training", "learning_rate", "-4e-4"),
      "training.learning_rate",
      /greater than 0/,
    ],
    [
      "a fraction above 1",
      () => withField("pretraining", "noise", "1.2"),
      "pretraining.noise",
      /between 0 and 1/,
    ],
    [
      "a group of one",
      () => withField("training", "group_size", "1"),
      "training.group_size",
      /greater than 1/,
    ],
    ["half a step", () => withField("pretraining", "steps", "12.5"), "pretraining.steps", /integer/],
    ["not a number", () => withField("pretraining", "epsilon", "nan"), "pretraining.epsilon", /finite/],
    [
      "an infinite rate",
      () => withField("training", "learning_rate", "inf"),
      "training.learning_rate",
      /finite/,
    ],
    [
      "a text for a number",
      () => withField("evaluation", "samples", '"256"'),
      "evaluation.samples",
      /Expected number/,
    ],
    [
      "a number for a list",
      () => altered(/alpha = \[.*\]/, "alpha = 0.1"),
      "arms[1].alpha",
      /Expected array/,
    ],
    ["no coefficient", () => altered(/alpha = \[.*\]/, "alpha = []"), "arms[1].alpha[0]", /missing/],
    [
      "an objective that is not there",
      () => altered('"reverse-kl"', '"sideways-kl"'),
      "arms[1]",
      /objective out of "no-kl"/,
    ],
    [
      "a system that trains on what is not there",
      () => altered('"no-kl"', '"rl-plus"'),
      "arms[0].objective",
      /"rl-plus" trains on responses of another policy/,
    ],
    [
      "a system that is a choice of problems",
      () => altered('"no-kl"', '"self"'),
      "arms[0].objective",
      /a selection of problems by greedy decoding/,
    ],
    [
      "a coefficient for a system with its own",
      () => altered('"no-kl"', '"gspo"\nalpha = [0.1]'),
      "arms[0].alpha",
      /no such field/,
    ],
    [
      "a level that is not there",
      () => altered(/(?<=^train = .*)"n3"/m, '"n9"'),
      "task.train[0].level",
      /no level "n9"/,
    ],
    [
      "a level of pre-training that is not there",
      () => altered(/(?<=^mixture = \[\s*\{ level = )"n3"/m, '"x"'),
      "pretraining.mixture[0].level",
      /no level "x"/,
    ],
    [
      "a coefficient twice",
      () => altered("alpha = [0.1, 0.3]", "alpha = [0.1, 0.1]"),
      "arms",
      /"reverse-kl-0.1" stands twice/,
    ],
    ["a level twice", () => altered(/(?<=^train = .*)"n4"/m, '"n3"'), "task.train", /twice/],
    ["no training problems", () => withField("task", "train", "[]"), "task.train[0]", /missing/],
    [
      "a count of 0",
      () => altered(/(?<=^validation = .*count = )\d+/m, "0"),
      "task.validation[0].count",
      /greater than 0/,
    ],
    [
      "heads that do not divide the width",
      () => withField("model", "num_attention_heads", "5"),
      "model.num_attention_heads",
      /5 heads/,
    ],
    [
      "heads of odd size",
      () => withField("model", "num_attention_heads", "64"),
      "model.num_attention_heads",
      /even/,
    ],
    [
      "shared keys that do not divide the heads",
      () => withField("model", "num_key_value_heads", "3"),
      "model.num_key_value_heads",
      /3/,
    ],
    [
      "more prompts a step than problems",
      () => withField("training", "prompts_per_step", "100000"),
      "training.prompts_per_step",
      /100000/,
    ],
    [
      "a warm-up longer than training",
      () => withField("training", "warmup_steps", "100000"),
      "training.warmup_steps",
      /more than training.steps/,
    ],
    [
      "a warm-up longer than pre-training",
      () => withField("pretraining", "warmup_steps", "100000"),
      "pretraining.warmup_steps",
      /more than pretraining.steps/,
    ],
    ["a task that is not there", () => withField("task", "name", '"chess"'), "task.name", /"chess"/],
    ["a name that is no folder's", () => altered('name = "countdown"', 'name = "../up"'), "name", /letters/],
    ["a file that is no TOML", () => written("name = = 3"), "", /not TOML/],
    ["an empty file", () => written(""), "name", /missing/],
    ["a missing file", () => path.join(scratch, "none.toml"), "", /no such file/],
    ["a directory", () => scratch, "", /cannot be read/],
  ])("%s", async (_, make, field, problem) => {
    const file = make()
    const error = await failure(file)
    expect(error).toMatchObject({ _tag: "ConfigError", path: file, field })
    expect(error.problem).toMatch(problem)
    expect(error.remedy.length).toBeGreaterThan(5)
    for (const part of [file, error.field, error.problem, error.remedy]) expect(error.message).toContain(part)
  })

  it("lists all faults of a file at once", async () => {
    const two = countdown
      .replace(/group_size = .*/, "group_size = 1")
      .replace(/\nsamples = .*/, "\nsamples = 0")
    const error = await failure(written(two))
    expect(error.message).toContain("training.group_size")
    expect(error.message).toContain("evaluation.samples")
  })
})

describe("quickened", () => {
  const count = fc.integer({ min: 1, max: 400 })

  it("keeps the stages, and makes none of them larger", async () => {
    const experiment = await read(path.join(folder, "countdown.toml"))
    fc.assert(
      fc.property(count, count, count, count, fc.boolean(), (steps, samples, validation, problems, first) => {
        const full = new GeneratedExperiment({
          ...experiment,
          quick: {
            steps: Math.min(steps, experiment.training.steps),
            samples: Math.min(samples, experiment.evaluation.samples),
            validation_samples: Math.min(validation, experiment.evaluation.validation_samples),
            problems_per_level: problems,
            first_coefficient_only: first,
          },
        })
        const small = quickened(full)
        const sets = ["train", "validation", "test", "hard"] as const
        return (
          small.training.steps === full.quick.steps &&
          small.training.warmup_steps <= small.training.steps &&
          small.evaluation.samples === full.quick.samples &&
          small.evaluation.diagnostic_samples <= full.evaluation.diagnostic_samples &&
          sets.every(
            (set) =>
              small.task[set].length === full.task[set].length &&
              small.task[set].every(
                ({ level, count: few }, i) =>
                  few >= 1 && few <= (full.task[set][i]?.count ?? 0) && level === full.task[set][i]?.level,
              ),
          ) &&
          small.arms.map(({ objective }) => objective).join() ===
            full.arms.map(({ objective }) => objective).join() &&
          small.arms.every((arm) => !("alpha" in arm) || !first || arm.alpha.length === 1)
        )
      }),
    )
  })

  it("done twice is done once", async () => {
    const once = quickened(await read(path.join(folder, "countdown.toml")))
    expect(quickened(once)).toEqual(once)
  })
})
