/**
 * Builds the native engine: `npm run engine`, and `npm run engine -- --remove` to undo it.
 *
 *     a TensorFlow library, from the first source that has one → the add-on against it → a trial → .engine/native.json
 *
 * Everything lies in the repository's `.engine/`, which git ignores and `npm ci` leaves alone. Whatever is half made has another
 * name, so a run may be ended at any time: the next one goes on with the step that it was in. A second run finds what is there and
 * does nothing. Exit code 3: no source has a library for this machine; 1: one has, and the add-on could not be made; 128 + n: ended
 * by signal n.
 */
import * as fs from "node:fs"
import * as os from "node:os"
import { buildAddon } from "./addon.ts"
import { endAll } from "./command.ts"
import { builtPackage, folder, partialOf, recordFile, settle } from "./folders.ts"
import { removeLeftovers } from "./leftovers.ts"
import { type Library, obtainLibrary } from "./library.ts"
import { record, recordedCuda } from "./record.ts"
import { tryAddon } from "./trial.ts"

const say = (line: string): void => console.log(line)

const build = async (): Promise<number> => {
  const before = fs.existsSync(recordFile) ? await tryAddon(builtPackage, recordedCuda()) : undefined
  if (before !== undefined && before._tag === "Works") {
    say(`native engine: already built, TensorFlow ${before.tensorflow} (${recordFile})`)
    return 0
  }
  fs.rmSync(recordFile, { force: true })
  fs.rmSync(builtPackage, { recursive: true, force: true })
  fs.mkdirSync(folder, { recursive: true })
  let isAnyLibrary = false
  const use = async (library: Library): Promise<boolean> => {
    isAnyLibrary = true
    return useLibrary(library)
  }
  if (await obtainLibrary(use, say)) {
    say("native engine: built. `npx rapo doctor` shows it; `npm run engine -- --remove` takes it away.")
    return 0
  }
  say(
    isAnyLibrary
      ? "native engine: not built. Needed are Python 3, make and a C++ compiler (Debian: apt-get install build-essential python3)."
      : [
          "native engine: not built, since no source has a TensorFlow library for this machine. Needed is the network, or a pip",
          "(`python3 -m pip`) that is told where wheels lie: PIP_INDEX_URL, PIP_FIND_LINKS. Without it `--engine wasm` computes.",
        ].join("\n"),
  )
  return isAnyLibrary ? 1 : 3
}

/** Compiles, tries, and puts the package and the record into their places; false, and said why, where one of them fails. */
const useLibrary = async (library: Library): Promise<boolean> => {
  const made = partialOf(builtPackage)
  const problem = await buildAddon(library, made, say)
  if (problem !== undefined) {
    say(`  the add-on was not made: ${problem}`)
    return false
  }
  const trial = await tryAddon(made, library.cuda)
  if (trial._tag === "Fails") {
    say(`  the add-on does not start: ${trial.problem}`)
    return false
  }
  say(
    `  it computes: TensorFlow ${trial.tensorflow} on ${trial.device === "cuda" ? "the NVIDIA card" : "the processor"}`,
  )
  settle(builtPackage)
  await record(library, trial, say)
  return true
}

const remove = (): number => {
  const isThere = fs.existsSync(folder)
  fs.rmSync(folder, { recursive: true, force: true })
  say(isThere ? "native engine: removed" : "native engine: there is none to remove")
  return 0
}

/** Ends with what it started: a compiler that went on alone would only be in the next run's way. */
const end = async (signal: "SIGINT" | "SIGTERM" | "SIGHUP"): Promise<void> => {
  await endAll()
  removeLeftovers()
  say("native engine: interrupted. `npm run engine` goes on with the step that it was in.")
  process.exit(128 + os.constants.signals[signal])
}

/** npm passes SIGTERM to its shell, and the shell does not pass it on: the shell's end is taken for the signal. */
const watchShell = (): void => {
  const shell = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === shell) return
    clearInterval(watch)
    void end("SIGTERM")
  }, 200)
  watch.unref()
}

const main = async ([wish, ...others]: ReadonlyArray<string>): Promise<number> => {
  if (others.length > 0 || (wish !== undefined && wish !== "--remove")) {
    console.error("usage: npm run engine [-- --remove]")
    return 1
  }
  if (wish === "--remove") return remove()
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => void end(signal))
  if (process.env["npm_lifecycle_event"] !== undefined) watchShell()
  try {
    removeLeftovers()
    return await build()
  } catch (cause) {
    // A disk that is full, a folder that may not be written to.
    console.error(`native engine: not built: ${cause instanceof Error ? cause.message : String(cause)}`)
    return 1
  } finally {
    removeLeftovers()
  }
}

process.exitCode = await main(process.argv.slice(2))
