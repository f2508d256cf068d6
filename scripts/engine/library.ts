/**
 * A TensorFlow library with its C API and headers, from the first source that has one for this machine.
 *
 *     with an NVIDIA card   pip: tensorflow[and-cuda] → official download → pip: tensorflow-cpu
 *     without               official download → pip: tensorflow-cpu
 *
 * The official download is libtensorflow 2.9.1, which the package was written for; it needs CUDA 11.2 and knows no card later
 * than Ampere, so where there is a card pip's newer wheel, which brings its own CUDA, comes first. pip is asked plainly: its
 * configuration decides where wheels come from.
 */
import * as fs from "node:fs"
import * as path from "node:path"
import { complaint, run } from "./command.ts"
import { folder, partialOf, settle } from "./folders.ts"
import { download, officialAddress } from "./official.ts"

// model

/** A library in place. */
export interface Library {
  /** What it is, such as "pip tensorflow-cpu". */
  readonly source: string
  /** The folder with the shared libraries, and that with the headers. */
  readonly lib: string
  readonly include: string
  /** NVIDIA's libraries that came with it; they must be in memory before TensorFlow looks for them. */
  readonly cuda: ReadonlyArray<string>
}

type Say = (line: string) => void

/** A place to get it from: the library, or why not. */
interface Source {
  readonly name: string
  readonly obtain: (say: Say) => Promise<Library | string>
}

// combinators

/** Obtains libraries until `use` is content with one; false when it is with none. */
export const obtainLibrary = async (
  use: (library: Library) => Promise<boolean>,
  say: Say,
): Promise<boolean> => {
  for (const { name, obtain } of await sources()) {
    say(`${name}:`)
    const started = performance.now()
    const library = await obtain(say)
    const seconds = ((performance.now() - started) / 1000).toFixed(1)
    if (typeof library === "string") say(`  no (${seconds} s): ${library}`)
    else {
      say(`  here (${seconds} s): ${library.lib}`)
      if (await use(library)) return true
    }
  }
  return false
}

const sources = async (): Promise<ReadonlyArray<Source>> => {
  const hasCard = process.platform === "linux" && (await run("nvidia-smi", ["-L"])).isFine
  const cpu = pip("tensorflow-cpu", "pip tensorflow-cpu")
  return hasCard
    ? [pip("tensorflow[and-cuda]", "pip tensorflow[and-cuda]"), official("gpu"), cpu]
    : [official("cpu"), cpu]
}

// the official download

const official = (kind: "cpu" | "gpu"): Source => ({
  name: "official download, libtensorflow 2.9.1",
  obtain: async (say) => {
    const own = path.join(folder, `libtensorflow-${kind}`)
    const library = {
      source: `official ${kind} 2.9.1`,
      lib: path.join(own, "lib"),
      include: path.join(own, "include"),
      cuda: [],
    }
    if (fs.existsSync(own)) return library
    const address = officialAddress(kind)
    if (address === undefined) return `there is none for ${process.platform} ${process.arch}`
    const problem = await download(address, own, say)
    return problem ?? library
  },
})

// pip

const pip = (requirement: string, name: string): Source => ({
  name,
  obtain: async () => {
    if (process.platform !== "linux") return "wheels carry a library to link against on Linux only"
    const own = path.join(folder, name.replaceAll(/[^a-z-]+/g, "-").replace(/-$/, ""))
    if (!fs.existsSync(own)) {
      const unfinished = partialOf(own)
      const isAlone = !requirement.includes("[")
      const ended = await run(
        "python3",
        [
          "-m",
          "pip",
          "install",
          "--only-binary=:all:",
          "--retries",
          "1",
          "--no-compile",
          "--target",
          unfinished,
        ]
          .concat(isAlone ? ["--no-deps"] : [])
          .concat(requirement),
        { isShown: true },
      )
      if (!ended.isFine) return complaint(ended)
      const problem = prepareWheel(path.join(unfinished, "tensorflow"))
      if (problem !== undefined) return problem
      keepOnly(unfinished, ["tensorflow", "nvidia"])
      settle(own)
    }
    const lib = path.join(own, "tensorflow")
    return {
      source: name,
      lib,
      include: path.join(lib, "include"),
      cuda: cudaLibraries(path.join(own, "nvidia")),
    }
  },
})

/** The wheel's names of the libraries, and the names under which the add-on is linked. */
const links = [
  ["libtensorflow_cc.so.2", "libtensorflow.so"],
  ["libtensorflow_framework.so.2", "libtensorflow_framework.so"],
] as const

/** Leaves of the wheel what the add-on needs; a sentence where that is missing. */
const prepareWheel = (tensorflow: string): string | undefined => {
  const missing = [...links.map(([name]) => name), "include"].find(
    (name) => !fs.existsSync(path.join(tensorflow, name)),
  )
  if (missing !== undefined) return `the wheel has no ${missing}`
  keepOnly(tensorflow, [...links.map(([name]) => name), "include"])
  for (const [name, link] of links) fs.symlinkSync(name, path.join(tensorflow, link))
  return undefined
}

const keepOnly = (parent: string, names: ReadonlyArray<string>): void => {
  for (const name of fs.readdirSync(parent))
    if (!names.includes(name)) fs.rmSync(path.join(parent, name), { recursive: true, force: true })
}

const cudaLibraries = (nvidia: string): ReadonlyArray<string> =>
  fs.existsSync(nvidia)
    ? fs
        .readdirSync(nvidia, { recursive: true, encoding: "utf8" })
        .filter((name) => /\/lib\/[^/]+\.so(\.\d+)*$/.test(name))
        .map((name) => path.join(nvidia, name))
        .toSorted()
    : []
