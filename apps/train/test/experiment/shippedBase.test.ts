/** The base model that ships with the application: what the default experiment starts from. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Seed } from "@rapo/distributions"
import { Effect } from "effect"
import * as path from "node:path"
import { fileURLToPath } from "node:url"
import { beforeAll, describe, expect, it } from "vitest"
import { readGenerated } from "../../src/config/readExperiment.ts"
import { countCorrect } from "../../src/evaluation/countCorrect.ts"
import { type Checkpoint, readCheckpoint } from "../../src/model/Checkpoint.ts"
import { toDevice } from "../../src/model/DeviceParameters.ts"
import { parameterCount } from "../../src/model/Parameters.ts"
import { problemSplits } from "../../src/tasks/Problems.ts"
import { Countdown } from "../../src/tasks/Countdown.ts"
import { settingOf as assignedSetting } from "../../src/workers/Assignment.ts"
import { freeing } from "../engine.ts"

const file = fileURLToPath(new URL("../../experiments/countdown.toml", import.meta.url))

describe("the shipped base", () => {
  let checkpoint: Checkpoint
  let model: Readonly<Record<string, unknown>>
  beforeAll(async () => {
    const loading = Effect.gen(function* () {
      const { experiment } = yield* readGenerated(file)
      const folder = path.resolve(path.dirname(file), experiment.base.checkpoint)
      const read = yield* readCheckpoint(folder)
      return { read, described: experiment.model }
    })
    const { read, described } = await Effect.runPromise(loading.pipe(Effect.provide(NodeServices.layer)))
    checkpoint = read
    model = described
  })

  it("is the model that the experiment describes", () => {
    expect(checkpoint.config).toMatchObject(model)
    expect(checkpoint.config.vocab_size).toBe(Countdown.alphabet.length + 2)
    const held = [...checkpoint.parameters.values()].reduce((sum, { values }) => sum + values.length, 0)
    expect(held).toBe(parameterCount(checkpoint.config))
  })

  it.each(["n3", "n4"])(
    "solves some of level %s, not most of it, and mostly writes legal answers",
    (level) => {
      const drawn = problemSplits(
        Countdown,
        { train: [], validation: [], test: [{ level, count: 48 }], hardCandidates: [] },
        Seed.fromInteger(99),
      )
      if (drawn._tag === "Left") throw new Error("the level has problems")
      const counts = freeing(() =>
        countCorrect(
          assignedSetting({ _tag: "Task", name: Countdown.name }, checkpoint),
          toDevice(checkpoint.parameters),
          drawn.right.test,
          32,
          1,
          Seed.fromInteger(100),
          () => undefined,
        ),
      )
      const share = (of: "correct" | "legal"): number =>
        counts.reduce((sum, count) => sum + count[of] / count.samples, 0) / counts.length
      // Where RLVR has something to reward and something to gain.
      expect(share("correct")).toBeGreaterThan(0.05)
      expect(share("correct")).toBeLessThan(0.4)
      expect(share("legal")).toBeGreaterThan(0.5)
    },
  )
})
