/** The record of a run, set back: of every arm its first steps, once each, and all that is not a step. */
import { Effect } from "effect"
import * as fc from "fast-check"
import { readFileSync, writeFileSync } from "node:fs"
import * as path from "node:path"
import { describe, expect, it } from "vitest"
import { rewind } from "../../src/storage/rewind.ts"
import { openRunFolder } from "../../src/storage/RunFolder.ts"
import { metricsFile } from "../../src/storage/RunStart.ts"
import { run } from "../model/checkpoint/folders.ts"
import { freshFolder, scratchFolder } from "../rapo.ts"

const scratch = scratchFolder("rapo-rewind-")
const folder = freshFolder(scratch)
const file = path.join(folder, metricsFile)

const stepLine = (arm: string, step: number): string => JSON.stringify({ arm, step, loss: 0.5 })

/** Two arms' lines in turns, as two workers write them. */
const record = fc
  .tuple(fc.nat(9), fc.nat(9), fc.array(fc.boolean(), { minLength: 20, maxLength: 20 }))
  .map(([a, b, turns]) => {
    const lines = [JSON.stringify({ schema: "rapo-run-1" })]
    const done = { a: 0, b: 0 }
    for (const isA of turns) {
      const arm = isA ? "a" : "b"
      if (done[arm] < (isA ? a : b)) lines.push(stepLine(arm, done[arm]++))
    }
    return { lines, done }
  })

const rewound = (stepsOf: (arm: string) => number) =>
  run(
    Effect.gen(function* () {
      const { write } = yield* openRunFolder(folder)
      return yield* rewind(folder, stepsOf, write)
    }),
  )

describe("rewind", () => {
  it("keeps the steps before, in their order, whatever stands behind the last line", async () => {
    await fc.assert(
      fc.asyncProperty(record, fc.nat(9), fc.nat(60), async ({ lines, done }, kept, torn) => {
        writeFileSync(file, `${lines.join("\n")}\n${stepLine("a", 99).slice(0, torn % 30)}`)
        const found = await rewound((arm) => (arm === "a" ? kept : Infinity))
        const wanted = lines.filter((line) => {
          const { arm, step } = JSON.parse(line) as { readonly arm?: string; readonly step: number }
          return arm !== "a" || step < kept
        })
        return (
          readFileSync(file, "utf8") === wanted.map((line) => `${line}\n`).join("") &&
          found("a") === Math.min(kept, done.a) &&
          found("b") === done.b
        )
      }),
    )
  })

  it("twice is once", async () => {
    writeFileSync(file, `{}\n${stepLine("a", 0)}\n${stepLine("a", 1)}\n`)
    await rewound(() => 1)
    const once = readFileSync(file, "utf8")
    await rewound(() => 1)
    expect(readFileSync(file, "utf8")).toBe(once)
  })
})
