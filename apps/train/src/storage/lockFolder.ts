/**
 * One program at a time in a folder that is written to for long.
 *
 *     lock.HOST.PID.BIRTH     an empty file whose name says who writes there; its time, since when
 *
 * Who wants the folder puts its own file there and then looks for others; so of two, whatever their pace, at least one sees the
 * other, and gives way. (Of two that come at the same moment, both may.) A file whose process has ended on this machine is
 * removed: as the name is that process's alone, nobody's else can be removed in its place, which one common name would allow.
 *
 * A process is known by its number and its birth, since numbers are used again: on Linux the machine's start and the process's,
 * elsewhere the number must do. Of another machine's processes nothing is known: their files hold until they are deleted.
 */
import { Effect, FileSystem, Option, Path, type Scope } from "effect"
import { rmSync } from "node:fs"
import { hostname } from "node:os"
import { RunFolderError, inWords } from "../errors.ts"

// model

/** A process, as the name of its file tells it. */
interface Holder {
  readonly host: string
  readonly pid: number
  readonly birth: string
}

// combinators

/** The folder, which must be there, is this process's until the scope ends, or the process: also at a second Ctrl-C. */
export const lockFolder = (
  folder: string,
): Effect.Effect<void, RunFolderError, FileSystem.FileSystem | Path.Path | Scope.Scope> =>
  Effect.gen(function* () {
    const fs = yield* FileSystem.FileSystem
    const path = yield* Path.Path
    const at = (holder: Holder): string => path.resolve(folder, nameOf(holder))
    const own: Holder = { host: thisHost(), pid: process.pid, birth: yield* birthOf(process.pid) }
    const put = fs.writeFileString(at(own), "", { flag: "wx" }).pipe(
      Effect.andThen(Effect.sync(() => hold(at(own)))),
      Effect.catchIf(
        ({ reason }) => reason._tag === "AlreadyExists",
        () => sinceOf(at(own)).pipe(Effect.flatMap((since) => inUse(folder, at(own), own, since ?? "now"))),
      ),
      Effect.catchTag("PlatformError", ({ reason }) =>
        wrong(
          folder,
          `cannot be written (${inWords(reason._tag)})`,
          "Choose a folder that you may write to.",
        ),
      ),
    )
    yield* Effect.acquireRelease(put, () => Effect.sync(() => letGo(at(own))))
    const files = yield* fs.readDirectory(folder).pipe(Effect.orElseSucceed((): Array<string> => []))
    for (const other of files.flatMap(holderOf)) {
      if (at(other) === at(own)) continue
      if (yield* hasEnded(other)) yield* Effect.ignore(fs.remove(at(other)))
      const since = yield* sinceOf(at(other))
      if (since !== undefined) return yield* inUse(folder, at(other), other, since)
    }
  })

// numerics

const thisHost = (): string => encodeURIComponent(hostname())

const nameOf = ({ host, pid, birth }: Holder): string => `lock.${host}.${pid}.${birth}`

const holderOf = (file: string): ReadonlyArray<Holder> => {
  const [, host, pid, birth] = /^lock\.(.+)\.(\d+)\.([^.]+)$/.exec(file) ?? []
  return host === undefined || birth === undefined ? [] : [{ host, pid: Number(pid), birth }]
}

const hasEnded = ({ host, pid, birth }: Holder) =>
  host !== thisHost()
    ? Effect.succeed(false)
    : isNumberFree(pid)
      ? Effect.succeed(true)
      : birthOf(pid).pipe(
          Effect.map((now) => now === ended || (now !== birth && ![now, birth].includes(unknown))),
        )

/** Whether no process has this number. */
const isNumberFree = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return false
  } catch (cause) {
    // Another user's process may not be signalled, but is there.
    return (cause as NodeJS.ErrnoException).code === "ESRCH"
  }
}

/** Stands for a birth where the system does not tell it. */
const unknown = "0"

/** Stands for that of a process that has ended, and that its parent has not buried. */
const ended = "ended"

/** When a process came to be. */
const birthOf = Effect.fnUntraced(function* (pid: number) {
  const fs = yield* FileSystem.FileSystem
  const read = (file: string) => fs.readFileString(file).pipe(Effect.orElseSucceed(() => ""))
  const boot = (yield* read("/proc/sys/kernel/random/boot_id")).slice(0, 8)
  const stat = yield* read(`/proc/${pid}/stat`)
  // After the program's name, which may hold anything: the state first, the start as the 20th.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ")
  const [state, started] = [fields[0], fields[19]]
  return boot === "" || started === undefined ? unknown : state === "Z" ? ended : `${boot}-${started}`
})

/** Undefined where the file is gone. */
const sinceOf = Effect.fnUntraced(function* (file: string) {
  const fs = yield* FileSystem.FileSystem
  return yield* fs.stat(file).pipe(
    Effect.map(({ mtime }) => Option.getOrElse(mtime, () => new Date(0)).toISOString()),
    Effect.orElseSucceed(() => undefined),
  )
})

/** Files of this process, which go with it. */
const held = new Set<string>()

const hold = (file: string): void => {
  if (held.size === 0) process.on("exit", letGoOfAll)
  held.add(file)
}

const letGo = (file: string): void => {
  rmSync(file, { force: true })
  held.delete(file)
  if (held.size === 0) process.off("exit", letGoOfAll)
}

const letGoOfAll = (): void => held.forEach(letGo)

const inUse = (folder: string, file: string, { host, pid }: Holder, since: string) =>
  wrong(
    folder,
    `is in use: process ${pid} on ${decodeURIComponent(host)} has been writing there since ${since}`,
    host === thisHost()
      ? `Wait for it, or end it. If process ${pid} is no rapo, delete ${file}.`
      : `Wait for it. If that machine is down, delete ${file}.`,
  )

const wrong = (path: string, problem: string, remedy: string): Effect.Effect<never, RunFolderError> =>
  Effect.fail(new RunFolderError({ path, field: "", problem, remedy }))
