/**
 * The command's program, made from the TypeScript sources when they have changed.
 *
 * esbuild joins the workspace's own sources into a few files, `.rapo-<hash>/`, in a quarter of a second; later starts find
 * them there. That is what makes `rapo --help` answer at once: a loader hook (`source.mjs`) would be asked about each of
 * the hundreds of modules of the libraries, every time, in every worker. The hash is of the sources' names, sizes and
 * times, and of this file, so a stale program is never run.
 */
import { createHash } from "node:crypto"
import * as fs from "node:fs"
import * as path from "node:path"

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
  const hash = createHash("sha256").update(fs.readFileSync(import.meta.filename))
  for (const folder of sourceFolders()) {
    for (const name of fs.readdirSync(folder, { recursive: true }).toSorted()) {
      if (!name.endsWith(".ts")) continue
      const { size, mtimeMs } = fs.statSync(path.join(folder, name))
      hash.update(`${folder}/${name} ${size} ${mtimeMs}\n`)
    }
  }
  return hash.digest("hex").slice(0, 16)
}

/** Everything but the workspace's own packages stays outside and is loaded from node_modules. */
const librariesOutside = {
  name: "libraries-outside",
  setup: (build) => {
    build.onResolve({ filter: /^[^./]/ }, ({ path: specifier, kind }) =>
      kind === "entry-point" || specifier.startsWith("@rapo/")
        ? undefined
        : { path: specifier, external: true },
    )
  },
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
  const unfinished = `${folder}.${process.pid}`
  await build({
    entryPoints: Object.fromEntries(
      Object.entries(parts).map(([name, file]) => [name, path.join(app, file)]),
    ),
    outdir: unfinished,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20",
    conditions: ["@rapo/source"],
    plugins: [librariesOutside],
    logLevel: "error",
  })
  for (const old of outdated()) fs.rmSync(old, { recursive: true, force: true })
  try {
    fs.renameSync(unfinished, folder)
  } catch (error) {
    // Another process was faster: its program is the same.
    fs.rmSync(unfinished, { recursive: true, force: true })
    if (!fs.existsSync(folder)) throw error
  }
}

/** The path of a part of the program, a key of `parts`, made if need be. */
export const program = async (part) => {
  const folder = path.join(app, `.rapo-${fingerprint()}`)
  if (!fs.existsSync(folder)) await make(folder)
  return path.join(folder, `${part}.mjs`)
}
