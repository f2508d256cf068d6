/**
 * The command's program, made from the TypeScript sources when they have changed.
 *
 * esbuild joins the workspace's own sources into a few files, `.rapo-<hash>/`, in a quarter of a second; later starts find
 * them there. That is what makes `rapo --help` answer at once: a loader hook (`source.mjs`) would be asked about each of
 * the hundreds of modules of the libraries, every time, in every worker. The hash is of the sources' names, sizes and
 * times, of the libraries that are installed, and of the bundler itself, so a stale program is never run.
 */
import { createHash } from "node:crypto"
import * as fs from "node:fs"
import * as path from "node:path"
import { asModules, fromLibraries, installed, named, unfinishedOf, writeProgram } from "./libraries.mjs"

const app = path.resolve(import.meta.dirname, "..")
const root = path.resolve(app, "../..")

/** The parts of the program that start by themselves. */
export const parts = {
  main: "src/main.ts",
  worker: "src/workers/worker.ts",
  probe: "src/engine/probe/main.ts",
}

/** Where sources are: the app's own, and each package's. */
const sourceFolders = () => [
  path.join(app, "src"),
  ...fs.readdirSync(path.join(root, "packages")).map((name) => path.join(root, "packages", name, "src")),
]

const fingerprint = () => {
  const hash = createHash("sha256").update(installed())
  for (const name of ["bundle.mjs", "libraries.mjs"])
    hash.update(fs.readFileSync(path.join(app, "bin", name)))
  for (const folder of sourceFolders()) {
    for (const name of fs.readdirSync(folder, { recursive: true }).toSorted()) {
      if (!name.endsWith(".ts")) continue
      const { size, mtimeMs } = fs.statSync(path.join(folder, name))
      hash.update(`${folder}/${name} ${size} ${mtimeMs}\n`)
    }
  }
  return hash.digest("hex").slice(0, 16)
}

/** Programs of a week ago and more. Younger ones may still be running: they load some of their files late. */
const outdated = () =>
  fs
    .readdirSync(app)
    .filter((name) => name.startsWith(".rapo-"))
    .map((name) => path.join(app, name))
    .filter((folder) => Date.now() - fs.statSync(folder).mtimeMs > 7 * 24 * 3600 * 1000)

const make = async (folder) => {
  const { build } = await import("esbuild")
  const unfinished = unfinishedOf(folder)
  const used = new Set()
  const { outputFiles } = await build({
    entryPoints: Object.fromEntries(
      Object.entries(parts).map(([name, file]) => [name, path.join(app, file)]),
    ),
    outdir: unfinished,
    ...asModules,
    conditions: ["@rapo/source"],
    plugins: [fromLibraries(used)],
    write: false,
  })
  await writeProgram(outputFiles, used)
  for (const old of outdated()) fs.rmSync(old, { recursive: true, force: true })
  named(unfinished, folder)
}

/** The path of a part of the program, a key of `parts`, made if need be. */
export const program = async (part) => {
  const folder = path.join(app, `.rapo-${fingerprint()}`)
  if (!fs.existsSync(folder)) await make(folder)
  return path.join(folder, `${part}.mjs`)
}
