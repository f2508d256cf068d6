/** One program at a time in a folder: who comes second is refused, who has ended holds nothing. */
import { Effect } from "effect"
import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdirSync, readdirSync, writeFileSync } from "node:fs"
import { hostname } from "node:os"
import * as path from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, describe, expect, it } from "vitest"
import { Progress } from "../../src/cli/Progress.ts"
import { runEvaluation } from "../../src/evaluate/runEvaluation.ts"
import { lockFolder } from "../../src/storage/lockFolder.ts"
import { run } from "../model/checkpoint/folders.ts"
import { freshFolder, scratchFolder } from "../rapo.ts"

const scratch = scratchFolder("rapo-lock-")

/** The folder's files while this process has it, or why it has it not. */
const attempt = (folder: string) =>
  run(
    lockFolder(folder).pipe(
      Effect.andThen(Effect.sync(() => readdirSync(folder))),
      Effect.scoped,
      Effect.catch((refused) => Effect.succeed(refused)),
    ),
  )

/** Our own file's name. */
const [own = ""] = (await attempt(freshFolder(scratch))) as ReadonlyArray<string>
const tellsBirths = !own.endsWith(".0")

const folderWith = (file: string): string => {
  const folder = freshFolder(scratch)
  writeFileSync(path.join(folder, file), "")
  return folder
}

const sleeping = spawn(process.execPath, ["-e", "setTimeout(() => {}, 600_000)"])
afterAll(() => void sleeping.kill("SIGKILL"))

describe("a folder", () => {
  it("is held by a file that names host, process and birth, until the scope ends", async () => {
    const folder = freshFolder(scratch)
    expect(own.startsWith(`lock.${hostname()}.${process.pid}.`)).toBe(true)
    expect(await attempt(folder)).toEqual([own])
    expect(readdirSync(folder)).toEqual([])
  })

  it("is refused to who asks for it meanwhile, also within the process, and stays the first's", async () => {
    const folder = freshFolder(scratch)
    const nested = Effect.scoped(
      lockFolder(folder).pipe(
        Effect.andThen(Effect.promise(() => attempt(folder))),
        Effect.map((second) => [second, readdirSync(folder)] as const),
      ),
    )
    const [second, files] = await run(nested)
    expect(second).toMatchObject({
      _tag: "RunFolderError",
      path: folder,
      problem: expect.stringMatching(
        new RegExp(
          `^is in use: process ${process.pid} on ${hostname()} has been writing there since 20..-..-..T`,
        ),
      ) as string,
      remedy: expect.stringContaining(own) as string,
    })
    expect(files).toEqual([own])
    expect(readdirSync(folder)).toEqual([])
  })

  it("of a living process with the birth that its file names, or of another host, is refused, and the file stays", async () => {
    for (const [file, remedy] of [
      [`lock.${hostname()}.${sleeping.pid}.0`, "end it"],
      ["lock.some.other-host.17.abc-1", "If that machine is down, delete"],
    ] as const) {
      const folder = folderWith(file)
      expect(await attempt(folder)).toMatchObject({
        _tag: "RunFolderError",
        remedy: expect.stringContaining(remedy) as string,
      })
      expect(readdirSync(folder)).toEqual([file])
    }
  })

  it("of a process that has ended is free, its file removed", async () => {
    const ended = spawn(process.execPath, ["-e", ""])
    await once(ended, "exit")
    const folder = folderWith(`lock.${hostname()}.${ended.pid}.0`)
    expect(await attempt(folder)).toEqual([own])
    expect(readdirSync(folder)).toEqual([])
  })

  it("of a process that has ended, and that its parent does not bury, is free, where the system tells", async () => {
    // The second sleep takes the shell's place, and waits for nobody.
    const parent = spawn("sh", ["-c", "sleep 0 & echo $!; exec sleep 600"])
    const [text] = (await once(parent.stdout, "data")) as [Buffer]
    const folder = folderWith(`lock.${hostname()}.${Number(text)}.0`)
    let seen: unknown
    for (let tries = 0; tries < 100 && !Array.isArray(seen); tries++) seen = await attempt(folder)
    parent.kill("SIGKILL")
    expect(Array.isArray(seen) || !tellsBirths).toBe(true)
  })

  it("of a process whose number another has now is free, where the system tells births", async () => {
    const folder = folderWith(`lock.${hostname()}.${sleeping.pid}.0badb007-1`)
    const seen = await attempt(folder)
    if (tellsBirths) expect(seen).toEqual([own])
    else expect(seen).toMatchObject({ _tag: "RunFolderError" })
  })

  it("has other files that are no concern of this", async () => {
    const folder = folderWith("lock.json")
    expect(await attempt(folder)).toEqual(["lock.json", own].toSorted())
    expect(readdirSync(folder)).toEqual(["lock.json"])
  })

  it("that is not there cannot be had", async () => {
    expect(await attempt(path.join(scratch, "nowhere"))).toMatchObject({
      _tag: "RunFolderError",
      problem: "cannot be written (there is no such path)",
    })
  })
})

describe("an evaluation", () => {
  const base = fileURLToPath(new URL("../../checkpoints/countdown-base", import.meta.url))

  it.each([
    [1, ""],
    [2, "countdown-base-2"],
  ])(
    "of %i models is refused before any of them is asked, where another writes to a folder of its",
    async (count, name) => {
      const out = freshFolder(scratch)
      const folder = path.join(out, name)
      mkdirSync(folder, { recursive: true })
      writeFileSync(path.join(folder, "lock.some-other-host.17.0"), "")
      const asked = runEvaluation({
        models: Array.from({ length: count }, () => ({ _tag: "Checkpoint" as const, folder: base })),
        source: { _tag: "Task", task: "countdown", level: "n3", problems: 1, seed: 1 },
        template: undefined,
        sampling: {
          temperature: 1,
          topP: 1,
          topK: undefined,
          minP: undefined,
          maxTokens: undefined,
          stop: [],
        },
        n: 1,
        seeds: [1],
        out,
        computing: { engine: "wasm", workers: 1 },
      })
      expect(await run(Effect.flip(asked.pipe(Effect.provide(Progress.layerSilent))))).toMatchObject({
        _tag: "RunFolderError",
        path: folder,
      })
      // Neither settings nor samples, and no lock of its own.
      const files = readdirSync(out, { recursive: true, withFileTypes: true }).filter((entry) =>
        entry.isFile(),
      )
      expect(files.map((entry) => entry.name)).toEqual(["lock.some-other-host.17.0"])
    },
  )
})
