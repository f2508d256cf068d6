/**
 * Builds the native engine: `npm run engine`, and `npm run engine -- --remove` to undo it.
 *
 *     a TensorFlow library, from the first source that has one → the add-on against it → a trial → .engine/native.json
 *
 * Everything lies in the repository's `.engine/`, which git ignores and `npm ci` leaves alone. A second run finds what is there
 * and does nothing; one that was interrupted goes on with the step that it was in. Exit code 3: no source has a library for
 * this machine; 1: one has, and the add-on could not be made.
 */
import * as fs from "node:fs"
import { buildAddon } from "./addon.ts"
import { folder, recordFile } from "./folders.ts"
import { type Library, obtainLibrary } from "./library.ts"
import { record, recordedCuda } from "./record.ts"
import { tryAddon } from "./trial.ts"

const say = (line: string): void => console.log(line)

const build = async (): Promise<number> => {
  const before = fs.existsSync(recordFile) ? await tryAddon(recordedCuda()) : undefined
  if (before !== undefined && before._tag === "Works") {
    say(`native engine: already built, TensorFlow ${before.tensorflow} (${recordFile})`)
    return 0
  }
  fs.rmSync(recordFile, { force: true })
  fs.mkdirSync(folder, { recursive: true })
  let isAnyLibrary = false
  const use = async (library: Library): Promise<boolean> => {
    isAnyLibrary = true
    const addon = await buildAddon(library, say)
    if (addon !== undefined) {
      say(`  the add-on was not made: ${addon}`)
      return false
    }
    const trial = await tryAddon(library.cuda)
    if (trial._tag === "Fails") {
      say(`  the add-on does not start: ${trial.problem}`)
      return false
    }
    say(
      `  it computes: TensorFlow ${trial.tensorflow} on ${trial.device === "cuda" ? "the NVIDIA card" : "the processor"}`,
    )
    await record(library, trial, say)
    return true
  }
  if (await obtainLibrary(use, say)) {
    say("native engine: built. `npx rapo doctor` shows it; `npm run engine -- --remove` takes it away.")
    return 0
  }
  say(
    isAnyLibrary
      ? "native engine: not built. Needed are Python 3, make and a C++ compiler (Debian: apt-get install build-essential python3)."
      : "native engine: not built, since no source has a TensorFlow library for this machine.",
  )
  return isAnyLibrary ? 1 : 3
}

const remove = (): number => {
  fs.rmSync(folder, { recursive: true, force: true })
  say("native engine: removed")
  return 0
}

const [wish, ...others] = process.argv.slice(2)
if (others.length > 0 || (wish !== undefined && wish !== "--remove")) {
  console.error("usage: npm run engine [-- --remove]")
  process.exitCode = 1
} else process.exitCode = wish === "--remove" ? remove() : await build()
