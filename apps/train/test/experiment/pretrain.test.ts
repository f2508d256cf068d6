/**
 * A base that is made in several sittings is the base of one: to the last bit, wherever it is killed or interrupted; and what may
 * not be gone on with.
 */
import * as tf from "@tensorflow/tfjs-core"
import { Deferred, Effect, Fiber, Layer } from "effect"
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs"
import * as path from "node:path"
import { beforeAll, describe, expect, it } from "vitest"
import * as progress from "../../src/cli/Progress.ts"
import type { GeneratedExperiment } from "../../src/config/GeneratedExperiment.ts"
import { readGenerated } from "../../src/config/readExperiment.ts"
import { pretrain } from "../../src/experiment/pretrain.ts"
import { Workers } from "../../src/workers/Workers.ts"
import "../engine.ts"
import { run } from "../model/checkpoint/folders.ts"
import { freshFolder, scratchFolder } from "../rapo.ts"
import { type Hook, teamOf } from "../team/inProcess.ts"
import { writeTinyExperiment } from "../tinyExperiment.ts"

const scratch = scratchFolder("rapo-pretrain-")
const file = writeTinyExperiment(scratch)

const steps = 4

/** The tiny experiment's pre-training, shorter, with other values. */
const asked = async (
  values: Partial<GeneratedExperiment["pretraining"]> = {},
): Promise<GeneratedExperiment> => {
  const { experiment } = await run(readGenerated(file))
  return { ...experiment, pretraining: { ...experiment.pretraining, steps, ...values } }
}

/** One sitting in a folder, on a member of this thread; `said` is filled with what its user sees. */
const sitting = (
  experiment: GeneratedExperiment,
  folder: string,
  hook?: Hook,
  said: Array<string> = [],
  engine: "wasm" | "native" = "wasm",
) =>
  pretrain(experiment, file, { target: path.join(folder, "base"), folder }).pipe(
    Effect.provide(
      Layer.mergeAll(
        Layer.succeed(Workers, {
          size: 1,
          engine,
          run: () => Effect.die("work was begun"),
          team: (members) => Effect.sync(() => teamOf(members, hook)),
        }),
        Layer.sync(progress.Progress, () =>
          progress.make(
            (text) => void said.push(text),
            false,
            () => 0,
          ),
        ),
      ),
    ),
  )

/** A member that dies when it is asked for a step. */
const dyingAt =
  (step: number): Hook =>
  (job, _, answer) => {
    if (job._tag === "Pretrain" && job.step === step) throw new Error("killed")
    return answer()
  }

const saveOf = (folder: string): string => path.join(folder, "saves", "base.safetensors")

const leftIn = (folder: string): ReadonlyArray<readonly [string, string]> =>
  readdirSync(path.join(folder, "base"))
    .toSorted()
    .map((name) => [name, readFileSync(path.join(folder, "base", name)).toString("base64")])

/** A folder with a save of so many steps, after a sitting for each of them. */
const begun = async (...ends: ReadonlyArray<number>): Promise<string> => {
  const folder = freshFolder(scratch)
  const experiment = await asked({ save_every: 1 })
  for (const end of ends)
    await expect(run(sitting(experiment, folder, dyingAt(end)))).rejects.toThrow("killed")
  return folder
}

let whole: ReadonlyArray<readonly [string, string]>
beforeAll(async () => {
  const folder = freshFolder(scratch)
  await run(sitting(await asked(), folder))
  whole = leftIn(folder)
})

describe("a base that is made in several sittings", () => {
  it.each([{ ends: [1] }, { ends: [2] }, { ends: [3] }, { ends: [1, 3] }])(
    "killed after steps $ends is the base of one",
    async ({ ends }) => {
      const folder = await begun(...ends)
      const done = ends.at(-1) ?? 0
      expect(existsSync(path.join(folder, "base"))).toBe(false)
      const said: Array<string> = []
      const numbers: Array<number> = []
      const before = tf.memory().numTensors
      await run(
        sitting(
          // How often it is saved makes no other base.
          await asked({ save_every: 0 }),
          folder,
          (job, _, answer) => {
            if (job._tag === "Pretrain") numbers.push(job.step)
            return answer()
          },
          said,
        ),
      )
      expect(tf.memory().numTensors).toBe(before)
      expect(leftIn(folder)).toEqual(whole)
      expect(numbers).toEqual(Array.from({ length: steps - done }, (_, i) => done + i))
      expect(said[0]).toBe(`base model: goes on after ${done} of ${steps} steps\n`)
      // Steps of the sitting before are counted, as such.
      expect(said.at(-1)).toBe(`pre-training: ${steps}/${steps} steps\n`)
    },
  )

  it("of which one is interrupted, finishes the step under way, saves, and goes on", async () => {
    const folder = freshFolder(scratch)
    const experiment = await asked({ save_every: 0 })
    await run(
      Effect.gen(function* () {
        const isUnderWay = yield* Deferred.make<void>()
        const fiber = yield* Effect.forkChild(
          sitting(experiment, folder, (job, _, answer) => {
            if (job._tag === "Pretrain" && job.step === 1)
              Effect.runSync(Deferred.succeed(isUnderWay, undefined))
            return answer()
          }),
        )
        yield* Deferred.await(isUnderWay)
        yield* Fiber.interrupt(fiber)
      }),
    )
    const said: Array<string> = []
    await run(sitting(experiment, folder, undefined, said))
    expect(said[0]).toContain("goes on after 2 of 4 steps")
    expect(leftIn(folder)).toEqual(whole)
  })
})

describe("a save of another base", () => {
  let folder: string
  beforeAll(async () => {
    folder = await begun(2)
  })

  it.each<readonly [string, Partial<GeneratedExperiment["pretraining"]>, string]>([
    ["pretraining.learning_rate", { learning_rate: 2e-2 }, "begun with 0.01, and is now asked for with 0.02"],
    ["pretraining.steps", { steps: 5 }, "begun with 4, and is now asked for with 5"],
  ])("is refused by its field %s, and stays", async (field, values, problem) => {
    const before = readFileSync(saveOf(folder))
    const refusal = await run(Effect.flip(sitting(await asked(values), folder)))
    expect(refusal).toMatchObject({
      _tag: "ConfigError",
      path: file,
      field,
      problem: expect.stringContaining(problem) as string,
      remedy: `Put it back to go on, or delete ${saveOf(folder)} to begin anew.`,
    })
    expect(readFileSync(saveOf(folder)).equals(before)).toBe(true)
  })

  it("made on another engine is refused, too", async () => {
    const refusal = Effect.flip(sitting(await asked(), folder, undefined, [], "native"))
    expect(await run(refusal)).toMatchObject({ _tag: "ConfigError", field: "engine" })
  })

  it("that is damaged is refused with what to do", async () => {
    const spoilt = await begun(1)
    writeFileSync(saveOf(spoilt), "this is no save")
    expect(await run(Effect.flip(sitting(await asked(), spoilt)))).toMatchObject({
      _tag: "RunFolderError",
      path: saveOf(spoilt),
      remedy: expect.stringContaining("Delete it, and its training starts from the beginning") as string,
    })
  })
})

describe("a base that diverges", () => {
  it("is told by its step, and leaves no save in the way of another learning rate", async () => {
    const folder = freshFolder(scratch)
    const wild = await asked({ learning_rate: 1e38, clip_norm: 1e38, save_every: 1 })
    expect(await run(Effect.flip(sitting(wild, folder)))).toMatchObject({
      _tag: "ConfigError",
      field: "pretraining.learning_rate",
      problem: expect.stringContaining("diverged at step") as string,
    })
    expect(existsSync(path.dirname(saveOf(folder)))).toBe(false)
    expect(existsSync(path.join(folder, "base"))).toBe(false)
  })
})
