/** The journal of a run: work that stands in it is not done twice, whatever a crash leaves of its last line. */
import { Effect, Schema } from "effect"
import * as fc from "fast-check"
import { appendFileSync, readFileSync, truncateSync, writeFileSync } from "node:fs"
import * as path from "node:path"
import { describe, expect, it } from "vitest"
import { journalFile, openJournal } from "../../src/storage/Journal.ts"
import { run } from "../model/checkpoint/folders.ts"
import { freshFolder, scratchFolder } from "../rapo.ts"

const scratch = scratchFolder("rapo-journal-")
const file = (folder: string): string => path.join(folder, journalFile)

/** Does all works once; which of them were really done, and what came of all. */
const sitting = (folder: string, works: ReadonlyArray<readonly [string, number]>) => {
  const done: Array<string> = []
  return run(
    Effect.gen(function* () {
      const journal = yield* openJournal(folder)
      const results = yield* Effect.forEach(
        works,
        ([name, value]) =>
          journal.once(
            name,
            Schema.Struct({ value: Schema.Finite }),
            Effect.sync(() => {
              done.push(name)
              return { value }
            }),
          ),
        { concurrency: "unbounded" },
      )
      return { done, results: results.map(({ value }) => value) }
    }),
  )
}

const works = fc.uniqueArray(
  fc.tuple(fc.string({ maxLength: 8 }), fc.double({ noNaN: true, noDefaultInfinity: true })),
  {
    selector: ([name]) => name,
    maxLength: 8,
  },
)

/** JSON has one zero. */
const plain = (value: number): number => (value === 0 ? 0 : value)

describe("a journal", () => {
  it("does every work once, over any number of sittings, and tells the first result", async () => {
    await fc.assert(
      fc.asyncProperty(works, fc.nat(8), async (all, some) => {
        const folder = freshFolder(scratch)
        const first = await sitting(folder, all.slice(0, some))
        const second = await sitting(
          folder,
          all.map(([name, value], i) => [name, i < some ? value + 1 : value]),
        )
        const names = (from: number, to?: number): ReadonlyArray<string> =>
          all.slice(from, to).map(([name]) => name)
        return (
          JSON.stringify(first.done) === JSON.stringify(names(0, some)) &&
          JSON.stringify(second.done) === JSON.stringify(names(some)) &&
          JSON.stringify(second.results.map(plain)) === JSON.stringify(all.map(([, value]) => plain(value)))
        )
      }),
    )
  })

  it("that is cut anywhere by a crash has the whole lines before the cut", async () => {
    const folder = freshFolder(scratch)
    await sitting(folder, [
      ["a", 1],
      ["b", 2],
      ["c", 3],
    ])
    const text = readFileSync(file(folder), "utf8")
    await fc.assert(
      fc.asyncProperty(fc.nat(text.length), async (length) => {
        writeFileSync(file(folder), text)
        truncateSync(file(folder), length)
        const whole = text.slice(0, length).split("\n").length - 1
        const { done } = await sitting(folder, [
          ["a", 1],
          ["b", 2],
          ["c", 3],
        ])
        return (
          done.join() === ["a", "b", "c"].slice(whole).join() && readFileSync(file(folder), "utf8") === text
        )
      }),
    )
  })

  it("refuses a line that is no entry, and a result that is none, by their place", async () => {
    const folder = freshFolder(scratch)
    await sitting(folder, [["a", 1]])
    appendFileSync(file(folder), '{"name": 3}\n')
    await expect(sitting(folder, [])).rejects.toMatchObject({
      _tag: "RunFolderError",
      path: file(folder),
      field: "line 2",
      problem: "is not an entry",
    })
    writeFileSync(file(folder), '{"name": "a", "result": {"value": "one"}}\n')
    await expect(sitting(folder, [["a", 1]])).rejects.toMatchObject({ path: file(folder), field: "a" })
  })

  it("does not write down work that fails", async () => {
    const folder = freshFolder(scratch)
    const failing = Effect.gen(function* () {
      const journal = yield* openJournal(folder)
      return yield* journal.once("a", Schema.Finite, Effect.fail("no"))
    })
    expect(await run(Effect.flip(failing))).toBe("no")
    expect((await sitting(folder, [["a", 1]])).done).toEqual(["a"])
  })
})
