/** A save that is not what was written, or is another's, is refused before anything is computed; and when one is due. */
import { Rapo } from "@rapo/rapo"
import * as tf from "@tensorflow/tfjs-core"
import { Effect } from "effect"
import * as fc from "fast-check"
import { readFileSync, writeFileSync } from "node:fs"
import * as path from "node:path"
import { beforeAll, describe, expect, it } from "vitest"
import { toDevice } from "../../../src/model/DeviceParameters.ts"
import { isDue, usualSeconds } from "../../../src/training/save/due.ts"
import { readSave, restored } from "../../../src/training/save/read.ts"
import { type Learning, startFrom } from "../../../src/training/start.ts"
import "../../engine.ts"
import { run } from "../../model/checkpoint/folders.ts"
import { freshFolder, scratchFolder } from "../../rapo.ts"
import { armOf, lora, trained } from "../../team/arms.ts"
import { teamOf } from "../../team/inProcess.ts"

const scratch = scratchFolder("rapo-damage-")
const of = "an arm of a run"
const arm = armOf(Rapo.rapo, { lora })

let file: string
let bytes: Buffer
beforeAll(async () => {
  const folder = freshFolder(scratch)
  file = path.join(folder, "arm.safetensors")
  await Effect.runPromise(trained(teamOf(1), arm, { folder, saves: { file, of, every: 2 } }))
  bytes = readFileSync(file)
}, 60_000)

const copyWith = (changed: Uint8Array): string => {
  const copy = path.join(freshFolder(scratch), "arm.safetensors")
  writeFileSync(copy, changed)
  return copy
}

const refusal = (copy: string): Promise<unknown> => run(Effect.flip(readSave(copy, of)))

const isRefused = async (copy: string): Promise<boolean> => {
  const error = (await refusal(copy)) as {
    readonly _tag: string
    readonly path: string
    readonly remedy: string
  }
  return error._tag === "RunFolderError" && error.path === copy && error.remedy.includes("Delete it")
}

describe("a save", () => {
  it("says of how many steps it is", async () => {
    expect(await run(readSave(file, of))).toEqual({ steps: 4, updates: 4 })
    expect(await run(readSave(`${file}.other`, of))).toBeUndefined()
  })

  it("of which one bit has changed is refused, whichever it is", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: bytes.length - 1 }), fc.nat({ max: 7 }), (at, bit) => {
        const changed = Buffer.from(bytes)
        changed[at] = (changed[at] ?? 0) ^ (1 << bit)
        return isRefused(copyWith(changed))
      }),
      { numRuns: 200 },
    )
  })

  it("that is cut short, or has something behind it, is refused", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: bytes.length - 1 }), (length) =>
        isRefused(copyWith(bytes.subarray(0, length))),
      ),
    )
    expect(await isRefused(copyWith(Buffer.concat([bytes, Buffer.from([0])])))).toBe(true)
  })

  it("of another run or arm is refused", async () => {
    expect(await run(Effect.flip(readSave(file, "another arm")))).toMatchObject({
      field: "of",
      problem: "is the save of another run or arm",
    })
  })

  it("of other parameters is refused with the tensor's name, and nothing stays on the device", async () => {
    const { config } = arm.model
    const before = tf.memory().numTensors
    const base = arm.base._tag === "InMemory" ? arm.base.parameters : new Map()
    const starts: ReadonlyArray<readonly [Learning, string]> = [
      [startFrom(config, toDevice(base), undefined, arm.seed), "lora"],
      [startFrom(config, toDevice(base), { ...lora, rank: 3 }, arm.seed), "lora"],
      [
        startFrom(config, toDevice(base), { ...lora, targets: ["q_proj"] }, arm.seed),
        "parameters.model.layers.0",
      ],
    ]
    for (const [start, field] of starts)
      expect(await run(Effect.flip(restored(start, file)))).toMatchObject({
        _tag: "RunFolderError",
        field: expect.stringContaining(field) as string,
      })
    const fewer = startFrom(config, toDevice(base), { ...lora, targets: [...lora.targets] }, arm.seed)
    expect(await run(Effect.flip(restored(fewer, `${file}.gone`)))).toMatchObject({ path: `${file}.gone` })
    expect(tf.memory().numTensors).toBe(before)
  })
})

describe("a save is due", () => {
  it("every so many steps, where a number is given; never on the way, where it is 0", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.nat(500),
        fc.nat(10_000),
        (every, steps, seconds) =>
          isDue(every, steps, seconds, 1) === (steps % every === 0) && !isDue(0, steps, seconds, 1),
      ),
    )
  })

  it("by the clock otherwise: after ten minutes, and never for more than a twentieth of the time", () => {
    fc.assert(
      fc.property(fc.nat(100_000), fc.nat(10_000), fc.nat(500), (since, took, steps) => {
        const due = isDue(undefined, steps, since, took)
        return due === (since >= usualSeconds && took <= (since + took) / 20)
      }),
    )
  })
})
