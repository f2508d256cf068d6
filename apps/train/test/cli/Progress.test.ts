import { Effect } from "effect"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { bar, line, make } from "../../src/cli/Progress.ts"

/** What is written, and a clock that is moved by hand. */
const scene = (isTerminal: boolean) => {
  const texts: Array<string> = []
  let seconds = 0
  const progress = make(
    (text) => void texts.push(text),
    isTerminal,
    () => seconds,
  )
  return {
    texts,
    progress,
    pass: (by: number) => {
      seconds += by
    },
  }
}

describe("line", () => {
  it.each([
    [0, 100, 0, "training: 0/100 steps"],
    [0, 100, 9, "training: 0/100 steps"],
    [25, 100, 10, "training: 25/100 steps, 2.5/s, 0:30 left"],
    [50, 100, 120, "training: 50/100 steps, 0.4/s, 2:00 left"],
    [100, 100, 20, "training: 100/100 steps, 5.0/s, 0:20 in all"],
    [5000, 10000, 10, "training: 5000/10000 steps, 500/s, 0:10 left"],
    [1, 3601, 1, "training: 1/3601 steps, 1.0/s, 60:00 left"],
  ])("%i of %i after %i s", (done, total, seconds, text) => {
    expect(line("training", "steps", done, total, seconds)).toBe(text)
  })
  it.each([
    [60, 100, 10, 60, "training: 60/100 steps"],
    [80, 100, 10, 60, "training: 80/100 steps, 2.0/s, 0:10 left"],
    [100, 100, 20, 60, "training: 100/100 steps, 2.0/s, 0:20 in all"],
  ])("%i of %i after %i s, %i of them in an earlier sitting", (done, total, seconds, before, text) => {
    expect(line("training", "steps", done, total, seconds, before)).toBe(text)
  })
  it("takes the pace from what is done now alone", () => {
    const { texts, progress, pass } = scene(false)
    Effect.runSync(
      progress.stage("training", "steps", 100, (advance) =>
        Effect.sync(() => {
          advance(60, "before")
          pass(10)
          advance(20)
        }),
      ),
    )
    expect(texts.at(-1)).toBe("training: 80/100 steps, 2.0/s, 0:10 left\n")
  })
})

describe("bar", () => {
  it("is as long for every state, and as full as the work is done", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 0, max: 400 }), (done, total) => {
        const [, cells = ""] = /  ([█░]*)  /.exec(bar("training", "steps", done, total, 3)) ?? []
        const full = cells.replaceAll("░", "").length
        return (
          cells.length === 24 &&
          cells === "█".repeat(full) + "░".repeat(24 - full) &&
          (total === 0 || Math.abs(full / 24 - Math.min(1, done / total)) <= 1 / 48 + 1e-12)
        )
      }),
    )
  })

  it("shows label, state and remaining time", () => {
    expect(bar("training", "steps", 25, 100, 10)).toBe(
      `training  ${"█".repeat(6)}${"░".repeat(18)}  25/100 steps, 2.5/s, 0:30 left`,
    )
  })
})

describe("a stage", () => {
  it("on a terminal redraws one line, a few times a second", async () => {
    const { texts, progress, pass } = scene(true)
    await Effect.runPromise(
      progress.stage("training", "steps", 100, (advance) =>
        Effect.sync(() => {
          for (let step = 0; step < 100; step++) {
            pass(0.01)
            advance(1)
          }
        }),
      ),
    )
    const drawn = texts.slice(0, -1)
    expect(drawn.every((text) => text.startsWith("\r\u001b[K") && !text.includes("\n"))).toBe(true)
    // One at the start, one each 0.2 s of the second, one at the end.
    expect(drawn.length).toBeLessThanOrEqual(7)
    expect(drawn.length).toBeGreaterThanOrEqual(5)
    expect(drawn.at(-1)).toContain("100/100 steps")
    expect(texts.at(-1)).toBe("\n")
  })

  it("elsewhere writes whole lines now and then, and no control characters", async () => {
    const { texts, progress, pass } = scene(false)
    await Effect.runPromise(
      progress.stage("judging", "samples", 60, (advance) =>
        Effect.sync(() => {
          for (let second = 0; second < 60; second++) {
            pass(1)
            advance(1)
          }
        }),
      ),
    )
    await Effect.runPromise(progress.say("done"))
    expect(texts).toEqual([
      "judging: 0/60 samples\n",
      "judging: 15/60 samples, 1.0/s, 0:45 left\n",
      "judging: 30/60 samples, 1.0/s, 0:30 left\n",
      "judging: 45/60 samples, 1.0/s, 0:15 left\n",
      "judging: 60/60 samples, 1.0/s, 1:00 in all\n",
      "judging: 60/60 samples, 1.0/s, 1:00 in all\n",
      "done\n",
    ])
  })

  it("says behind the bar what its work says of itself", async () => {
    const { texts, progress, pass } = scene(false)
    let tokens = 0
    await Effect.runPromise(
      progress.stage(
        "sampling",
        "samples",
        2,
        (advance) =>
          Effect.sync(() => {
            pass(20)
            tokens = 70
            advance(2)
          }),
        () => (tokens === 0 ? "" : `${tokens} tokens`),
      ),
    )
    expect(texts).toEqual([
      "sampling: 0/2 samples\n",
      "sampling: 2/2 samples, 0.1/s, 0:20 in all, 70 tokens\n",
      "sampling: 2/2 samples, 0.1/s, 0:20 in all, 70 tokens\n",
    ])
  })

  it("shows where it stopped when its work fails, and passes the failure on", async () => {
    const { texts, progress, pass } = scene(false)
    const failure = await Effect.runPromise(
      Effect.flip(
        progress.stage("training", "steps", 10, (advance) =>
          Effect.sync(() => {
            pass(1)
            advance(3)
          }).pipe(Effect.andThen(Effect.fail("stop"))),
        ),
      ),
    )
    expect(failure).toBe("stop")
    expect(texts.at(-1)).toBe("training: 3/10 steps, 3.0/s, 0:02 left\n")
  })

  it("says a line above the bar on a terminal", async () => {
    const { texts, progress } = scene(true)
    await Effect.runPromise(progress.say("hello"))
    expect(texts).toEqual(["\r\u001b[Khello\n"])
  })
})
