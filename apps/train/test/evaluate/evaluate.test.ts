/** Evaluations that are stopped, torn and continued, against one that is not. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Effect, Exit, Layer, Stream } from "effect"
import * as fc from "fast-check"
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import * as path from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import { Progress } from "../../src/cli/Progress.ts"
import { keyOf } from "../../src/evaluate/EvaluationRecord.ts"
import { type Plan, evaluate } from "../../src/evaluate/evaluate.ts"
import { readSamples, samplesFile } from "../../src/evaluate/store/readSamples.ts"
import { readEvaluation, settingsFile } from "../../src/evaluate/store/openStore.ts"
import { planOf, scriptedSampler } from "./scripted.ts"

const scratch = mkdtempSync(path.join(tmpdir(), "rapo-evaluate-"))
afterAll(() => rmSync(scratch, { recursive: true }))
const fresh = (): string => mkdtempSync(path.join(scratch, "e-"))

const services = Layer.merge(NodeServices.layer, Progress.layerSilent)

/** Evaluates into the folder; the names of the responses that were given. */
const attempt = async (plan: Plan, folder: string, patience = Infinity) => {
  const given: Array<string> = []
  const exit = await Effect.runPromiseExit(
    evaluate(plan, folder, scriptedSampler(given, patience)).pipe(Effect.provide(services)),
  )
  return { given, exit, message: Exit.isFailure(exit) ? String(exit.cause) : "" }
}

const bytesOf = (folder: string): Buffer => {
  const file = path.join(folder, samplesFile)
  return existsSync(file) ? readFileSync(file) : Buffer.alloc(0)
}

/** The lines that end, sorted: the order of arrival is nobody's promise. */
const linesOf = (folder: string): ReadonlyArray<string> =>
  bytesOf(folder).toString("utf8").split("\n").slice(0, -1).toSorted()

const samplesIn = (folder: string) =>
  Effect.runPromise(readSamples(folder).pipe(Stream.runCollect, Effect.provide(services)))

const shape = fc.record({
  problems: fc.integer({ min: 1, max: 4 }),
  n: fc.integer({ min: 1, max: 6 }),
  seeds: fc.uniqueArray(fc.integer({ min: -3, max: 9 }), { minLength: 1, maxLength: 2 }),
})

/** When an attempt breaks down, and at what share of its bytes the file is then torn, as by a power failure. */
const accidents = fc.array(
  fc.record({ patience: fc.integer({ min: 0, max: 12 }), kept: fc.double({ min: 0, max: 1, noNaN: true }) }),
  { maxLength: 4 },
)

describe("an evaluation", () => {
  it("holds every sample once, judged", async () => {
    const folder = fresh()
    const plan = planOf({ problems: 3, n: 5, seeds: [1, 2] })
    const { given } = await attempt(plan, folder)
    const samples = await samplesIn(folder)
    expect(samples.map(keyOf).toSorted()).toEqual(given.toSorted())
    expect(new Set(given).size).toBe(3 * 5 * 2)
    for (const { verdict, answer, problem } of samples)
      expect(verdict).toBe(answer === problem.slice(1) ? "Correct" : "Wrong")
    expect(new Set(samples.map(({ verdict }) => verdict))).toEqual(new Set(["Correct", "Wrong"]))
    const settings = await Effect.runPromise(readEvaluation(folder).pipe(Effect.provide(services)))
    expect(settings).toEqual(plan.evaluation)
  })

  it("that is stopped, torn and continued ends as one that is not, and asks nothing twice", async () => {
    await fc.assert(
      fc.asyncProperty(shape, accidents, async (own, events) => {
        const plan = planOf(own)
        const [whole, torn] = [fresh(), fresh()]
        await attempt(plan, whole)
        let askedTwice = false
        const check = (before: ReadonlyArray<string>, given: ReadonlyArray<string>): void => {
          const known = new Set(before.map((line) => keyOf(JSON.parse(line) as Parameters<typeof keyOf>[0])))
          askedTwice ||= given.some((key) => known.has(key)) || new Set(given).size < given.length
        }
        for (const { patience, kept } of events) {
          const before = linesOf(torn)
          check(before, (await attempt(plan, torn, patience)).given)
          const { length } = bytesOf(torn)
          if (length > 0) truncateSync(path.join(torn, samplesFile), Math.floor(kept * length))
        }
        const before = linesOf(torn)
        const last = await attempt(plan, torn)
        check(before, last.given)
        return (
          !askedTwice &&
          Exit.isSuccess(last.exit) &&
          JSON.stringify(linesOf(torn)) === JSON.stringify(linesOf(whole)) &&
          before.length + last.given.length === linesOf(whole).length
        )
      }),
      { numRuns: 60 },
    )
  }, 120_000)

  it("that is complete needs no model", async () => {
    const folder = fresh()
    const plan = planOf({ problems: 2, n: 2, seeds: [1] })
    await attempt(plan, folder)
    const { given, exit } = await attempt(plan, folder, 0)
    expect([given, Exit.isSuccess(exit)]).toEqual([[], true])
  })

  it("fails with the sampler's own error", async () => {
    const { message } = await attempt(planOf({ problems: 1, n: 2, seeds: [1] }), fresh(), 1)
    expect(message).toContain("broke")
  })
})

describe("a folder is refused", () => {
  const begun = async (): Promise<string> => {
    const folder = fresh()
    await attempt(planOf({ problems: 2, n: 2, seeds: [1] }), folder)
    return folder
  }
  const plan = planOf({ problems: 2, n: 2, seeds: [1] })
  const { evaluation } = plan
  const changed: ReadonlyArray<readonly [string, Plan]> = [
    ["n", planOf({ problems: 2, n: 3, seeds: [1] })],
    ["seeds", planOf({ problems: 2, n: 2, seeds: [2] })],
    ["problems", planOf({ problems: 1, n: 2, seeds: [1] })],
    [
      "sampling.temperature",
      { ...plan, evaluation: { ...evaluation, sampling: { ...evaluation.sampling, temperature: 0.5 } } },
    ],
    [
      "sampling.minP",
      { ...plan, evaluation: { ...evaluation, sampling: { ...evaluation.sampling, minP: 0.1 } } },
    ],
    [
      "template.ends",
      {
        ...plan,
        evaluation: { ...evaluation, template: { ...evaluation.template, ends: ["<|im_end|>"] } },
      },
    ],
    [
      "template.text",
      { ...plan, evaluation: { ...evaluation, template: { ...evaluation.template, text: "{problem}!" } } },
    ],
    [
      "model.sha256",
      {
        ...plan,
        evaluation: {
          ...evaluation,
          model: { _tag: "Checkpoint", name: "scripted", path: "nowhere", sha256: "2" },
        },
      },
    ],
    [
      "source.sha256",
      {
        ...plan,
        evaluation: { ...evaluation, source: { _tag: "File", path: "x", sha256: "3", skipped: [] } },
      },
    ],
  ]

  it.each(changed)("when %s differs, by that name", async (field, other) => {
    const folder = await begun()
    const { message, given } = await attempt(other, folder)
    expect(message).toContain(`${settingsFile}: ${field}: `)
    expect(message).toContain("--out")
    expect(given).toEqual([])
  })

  it("but not when the model's folder, the data set's path or a version differ", async () => {
    const moved: Plan = {
      ...plan,
      evaluation: {
        ...evaluation,
        model: { _tag: "Checkpoint", name: "scripted", path: "elsewhere", sha256: "0" },
        source: { _tag: "File", path: "elsewhere", sha256: "1", skipped: [] },
        versions: { rapo: "9" },
      },
    }
    const { exit } = await attempt(moved, await begun())
    expect(Exit.isSuccess(exit)).toBe(true)
  })

  it("but not when nothing has been drawn yet", async () => {
    const folder = fresh()
    await attempt(plan, folder, 0)
    const other = planOf({ problems: 1, n: 3, seeds: [4] })
    const { exit } = await attempt(other, folder)
    expect(Exit.isSuccess(exit)).toBe(true)
    expect(await Effect.runPromise(readEvaluation(folder).pipe(Effect.provide(services)))).toEqual(
      other.evaluation,
    )
  })

  it("when a line in its middle is not a sample, by the line's number", async () => {
    const folder = await begun()
    const file = path.join(folder, samplesFile)
    const [first = "", ...others] = readFileSync(file, "utf8").split("\n")
    writeFileSync(file, [first, "{}", ...others].join("\n"))
    expect((await attempt(plan, folder)).message).toContain(`${samplesFile}: line 2: is not a sample`)
  })

  it("when a sample stands in it twice, by both lines' numbers", async () => {
    const folder = await begun()
    const file = path.join(folder, samplesFile)
    appendFileSync(file, `${readFileSync(file, "utf8").split("\n")[0] ?? ""}\n`)
    const { message } = await attempt(plan, folder)
    expect(message).toContain("line 5")
    expect(message).toContain("stands in line 1 too")
  })

  it("when it has samples and no settings", async () => {
    const folder = await begun()
    rmSync(path.join(folder, settingsFile))
    expect((await attempt(plan, folder)).message).toContain(`without ${settingsFile}`)
  })
})
