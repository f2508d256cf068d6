/** A checkpoint straight to the device: the numbers of the host's way, and no tensor left when it fails. */
import { Seed } from "@rapo/distributions"
import * as tf from "@tensorflow/tfjs-core"
import { Effect } from "effect"
import * as path from "node:path"
import { describe, expect, it } from "vitest"
import { loadToDevice, onDevice, readCheckpoint } from "../../../src/model/Checkpoint.ts"
import { toHost } from "../../../src/model/DeviceParameters.ts"
import { disposeParameters } from "../../../src/model/Parameters.ts"
import { Countdown } from "../../../src/tasks/Countdown.ts"
import { settingOf } from "../../configs.ts"
import "../../engine.ts"
import { checkpointOf } from "../../models.ts"
import { changeTensors, hasSameParameters, run, scratchFolder, written } from "./folders.ts"

const scratch = scratchFolder()
const setting = settingOf(Countdown)
const checkpoint = checkpointOf(setting, Seed.fromInteger(1))

describe("a checkpoint on the device", () => {
  it("has the numbers that it has on the host, from one file or several, from the folder or from memory", async () => {
    for (const options of [{}, { dtype: "BF16", maxShardBytes: 3000 }] as const) {
      const folder = await written(scratch, checkpoint, options)
      const { parameters } = await run(readCheckpoint(folder))
      const sources = [{ _tag: "InMemory", parameters } as const, { _tag: "Folder", folder } as const]
      for (const load of [loadToDevice(folder), ...sources.map(onDevice)]) {
        const loaded = await run(load)
        expect(hasSameParameters(toHost(loaded), parameters)).toBe(true)
        disposeParameters(loaded)
      }
    }
  })

  it("is freed when a late tensor cannot be used", async () => {
    const folder = await written(scratch, checkpoint)
    changeTensors(folder, (tensors) =>
      tensors.set("model.norm.weight", { shape: [16], values: new Float32Array(16).fill(NaN) }),
    )
    const before = tf.memory().numTensors
    const error = await run(Effect.flip(loadToDevice(folder)))
    expect(error).toMatchObject({ path: path.join(folder, "model.safetensors"), field: "model.norm.weight" })
    expect(tf.memory().numTensors).toBe(before)
  })
})
