/**
 * n steps, saved, and m more are n + m steps: the same files and the same metrics, to the last bit, for whatever an arm is and
 * wherever it ends: by a member that dies after a save, or by an interruption.
 */
import { Grpo, Rapo } from "@rapo/rapo"
import * as tf from "@tensorflow/tfjs-core"
import { Deferred, Effect, Fiber } from "effect"
import { copyFileSync, existsSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs"
import * as path from "node:path"
import { describe, expect, it } from "vitest"
import { adapterSize } from "../../../src/model/lora/Lora.ts"
import { parameterCount } from "../../../src/model/Parameters.ts"
import type { ArmTraining } from "../../../src/team/reinforceTogether.ts"
import type { StepMetrics } from "../../../src/training/Judged.ts"
import { readSave } from "../../../src/training/save/read.ts"
import "../../engine.ts"
import { run } from "../../model/checkpoint/folders.ts"
import { freshFolder, scratchFolder } from "../../rapo.ts"
import { type Heard, armOf, lora, moving, trained } from "../../team/arms.ts"
import { teamOf } from "../../team/inProcess.ts"

const scratch = scratchFolder("rapo-save-")

const of = "an arm of a run"

/** What is left of an arm: every file of its policy, and its steps. */
interface Left {
  readonly files: ReadonlyArray<readonly [string, string]>
  readonly steps: ReadonlyArray<StepMetrics>
}

const leftIn = (folder: string, steps: ReadonlyArray<StepMetrics>): Left => ({
  files: readdirSync(folder)
    .toSorted()
    .map((name) => [name, readFileSync(path.join(folder, name)).toString("base64")]),
  steps,
})

/** What is left of an arm that one member trains to its end: the same at every call, so trained once. */
const uninterrupted = (arm: ArmTraining): Promise<Left> => {
  const key = JSON.stringify([arm.objective, arm.options])
  const known = wholes.get(key)
  if (known !== undefined) return known
  const left = trainedWhole(arm)
  wholes.set(key, left)
  return left
}

const wholes = new Map<string, Promise<Left>>()

const trainedWhole = async (arm: ArmTraining): Promise<Left> => {
  const [folder, heard]: [string, Heard] = [freshFolder(scratch), { steps: [], unsaved: [] }]
  await Effect.runPromise(trained(teamOf(1), arm, { folder }, heard))
  return leftIn(folder, heard.steps)
}

/** The rest of an arm after its save, in another process as it were: with another team. */
const rest = async (arm: ArmTraining, file: string, members: number, before: Heard): Promise<Left> => {
  const saved = await run(readSave(file, of))
  if (saved === undefined) throw new Error("there is no save")
  const [folder, heard]: [string, Heard] = [freshFolder(scratch), { steps: [], unsaved: [] }]
  const tensors = tf.memory().numTensors
  await Effect.runPromise(
    trained(teamOf(members), arm, { folder, saves: { file, of, every: 0 }, from: saved.steps }, heard),
  )
  expect(tf.memory().numTensors).toBe(tensors)
  return leftIn(folder, [...before.steps.slice(0, saved.steps), ...heard.steps])
}

const cases: ReadonlyArray<readonly [string, ArmTraining, number]> = [
  ["full fine-tuning", armOf(Rapo.rapo), 1],
  ["full fine-tuning by a team of 2", armOf(Rapo.rapo), 2],
  ["LoRA", armOf(Rapo.rapo, { lora }), 1],
  ["LoRA by a team of 2", armOf(Rapo.rapo, { lora }), 2],
  ["a moving reference, whose moves reset the optimiser", armOf(moving), 1],
  ["a moving reference of an adapter, by a team of 2", armOf(moving, { lora }), 2],
  ["two updates on a batch", armOf(Grpo.grpo, { updatesPerBatch: 2 }), 1],
]

/**
 * Trains an arm that saves after every step and dies when the step after `last` is asked for. What is left of each step is kept: a
 * copy of the save, as it stands when the next step is asked for, which is what a death then would leave.
 */
const dying = async (
  arm: ArmTraining,
  members: number,
  last: number,
): Promise<{ readonly saves: ReadonlyArray<string>; readonly heard: Heard }> => {
  const heard: Heard = { steps: [], unsaved: [] }
  const folder = path.join(freshFolder(scratch), "saves")
  const file = path.join(folder, "arm.safetensors")
  const saves: Array<string> = []
  const mortal = teamOf(members, (job, _, answer) => {
    if (job._tag !== "Step" && job._tag !== "Collect") return answer()
    if (heard.steps.length > saves.length) {
      expect(readdirSync(folder)).toEqual(["arm.safetensors"])
      const copy = path.join(freshFolder(scratch), "arm.safetensors")
      copyFileSync(file, copy)
      saves.push(copy)
    }
    if (heard.steps.length === last) throw new Error("killed")
    return answer()
  })
  const training = trained(
    mortal,
    arm,
    { folder: freshFolder(scratch), saves: { file, of, every: 1 } },
    heard,
  )
  await expect(Effect.runPromise(training)).rejects.toThrow("killed")
  expect(readdirSync(folder)).toEqual(["arm.safetensors"])
  expect(readFileSync(file).equals(readFileSync(saves.at(-1) ?? ""))).toBe(true)
  return { saves, heard }
}

describe.each(cases)("%s", (_, arm, members) => {
  it("goes on after any save as if nothing had been", async () => {
    const whole = await uninterrupted(arm)
    expect(whole.steps.length).toBe(5)
    expect(whole.steps.every(({ gradientNorm }) => gradientNorm > 0)).toBe(true)
    const { saves, heard } = await dying(arm, members, 4)
    expect(saves.length).toBe(4)
    for (const [i, file] of saves.entries()) {
      expect(await run(readSave(file, of))).toMatchObject({ steps: i + 1 })
      expect(await rest(arm, file, members, heard)).toEqual(whole)
    }
  }, 180_000)
})

describe("an interruption", () => {
  it.each([1, 2])(
    "waits for the step's end and saves; a team of %i lets go, and the rest is as ever",
    async (members) => {
      const arm = armOf(moving)
      const file = path.join(freshFolder(scratch), "saves", "arm.safetensors")
      const heard: Heard = { steps: [], unsaved: [] }
      await Effect.runPromise(
        Effect.gen(function* () {
          const isUnderWay = yield* Deferred.make<void>()
          const team = teamOf(members, (job, _, answer) => {
            if (job._tag === "Step" || job._tag === "Collect")
              if (heard.steps.length === 3) Effect.runSync(Deferred.succeed(isUnderWay, undefined))
            return answer()
          })
          const fiber = yield* Effect.forkChild(
            trained(team, arm, { folder: freshFolder(scratch), saves: { file, of, every: 0 } }, heard),
          )
          yield* Deferred.await(isUnderWay)
          yield* Fiber.interrupt(fiber)
        }),
      )
      expect(heard.steps.length).toBe(4)
      expect(await run(readSave(file, of))).toMatchObject({ steps: 4, updates: 0 })
      expect(await rest(arm, file, members, heard)).toEqual(await uninterrupted(arm))
    },
    120_000,
  )

  it("before the first step leaves no save", async () => {
    const file = path.join(freshFolder(scratch), "arm.safetensors")
    await Effect.runPromise(
      Effect.gen(function* () {
        const isJoining = yield* Deferred.make<void>()
        const team = teamOf(1, async (job, _, answer) => {
          await Effect.runPromise(Deferred.succeed(isJoining, undefined))
          return job._tag === "Join" ? new Promise(() => undefined) : answer()
        })
        const fiber = yield* Effect.forkChild(
          trained(team, armOf(Rapo.rapo), { folder: freshFolder(scratch), saves: { file, of, every: 0 } }),
        )
        yield* Deferred.await(isJoining)
        yield* Fiber.interrupt(fiber)
      }),
    )
    expect(existsSync(file)).toBe(false)
  })
})

describe("a save that cannot be made", () => {
  it("is told, and training goes on to the same end", async () => {
    const arm = armOf(Rapo.rapo)
    const folder = freshFolder(scratch)
    const heard: Heard = { steps: [], unsaved: [] }
    // A file stands where the folder should be.
    const file = path.join(folder, "not-a-folder", "arm.safetensors")
    writeFileSync(path.join(folder, "not-a-folder"), "")
    const target = freshFolder(scratch)
    await Effect.runPromise(trained(teamOf(1), arm, { folder: target, saves: { file, of, every: 2 } }, heard))
    expect(heard.unsaved.length).toBe(2)
    expect(leftIn(target, heard.steps)).toEqual(await uninterrupted(arm))
  })
})

describe("a save's size", () => {
  it.each([
    [12, "the whole model", armOf(Rapo.rapo)],
    [12, "an adapter", armOf(Rapo.rapo, { lora })],
    [16, "the whole model, the reference moving", armOf(moving)],
  ] as const)("is %i bytes for each number of %s", async (bytes, _, arm) => {
    const file = path.join(freshFolder(scratch), "arm.safetensors")
    const short = { ...arm, options: { ...arm.options, schedule: { ...arm.options.schedule, steps: 2 } } }
    await Effect.runPromise(
      trained(teamOf(1), short, { folder: freshFolder(scratch), saves: { file, of, every: 1 } }),
    )
    const numbers =
      arm.options.lora === undefined
        ? parameterCount(arm.model.config)
        : adapterSize(arm.model.config, arm.options.lora)
    const header = Number(readFileSync(file).readBigUInt64LE())
    expect(statSync(file).size).toBe(8 + header + bytes * numbers)
  })
})
