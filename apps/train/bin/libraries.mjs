/**
 * The libraries of the command's program, joined into a few files: once for an installation, not at every change of the sources.
 *
 * A start then opens a few dozen files instead of a thousand, which halves the time of `rapo --help`. tfjs stays where it is,
 * since the native engine's package must find the same copy, but is loaded by `require`: `import` would read its 4 MB once
 * more, for the names that they export, which takes every worker a second.
 */
import { execFileSync } from "node:child_process"
import { createHash } from "node:crypto"
import * as fs from "node:fs"
import * as path from "node:path"
import { threadId } from "node:worker_threads"

const app = path.resolve(import.meta.dirname, "..")
const root = path.resolve(app, "../..")

/** Those that look for files beside their code: an add-on, a font, a compiler. */
const staysInItsPlace = (specifier) =>
  specifier.startsWith("node:") ||
  /^(@resvg\/resvg-js|@tensorflow\/tfjs-node-gpu|dejavu-fonts-ttf|esbuild|tsx|webgpu)(\/|$)/.test(specifier)

const isRequired = (specifier) => specifier.startsWith("@tensorflow/tfjs")

/** fp-ts is CommonJS in small files: joined with the sources, since only there is known which of its names are imported. */
const isJoinedWithSources = (specifier) => specifier.startsWith("@rapo/") || specifier.startsWith("fp-ts/")

/** What says which libraries are installed: npm's own list of `node_modules`, or the lock file where another tool installed. */
export const installed = () => {
  const lists = ["node_modules/.package-lock.json", "package-lock.json"].map((name) => path.join(root, name))
  return fs.readFileSync(lists.find((file) => fs.existsSync(file)) ?? path.join(app, "package.json"))
}

/** Where this thread makes a folder, while other threads and processes may make the same. */
export const unfinishedOf = (folder) => `${folder}.${process.pid}-${threadId}`

/** Gives a finished folder its name, unless another process was faster: its folder is the same. */
export const named = (unfinished, folder) => {
  try {
    fs.renameSync(unfinished, folder)
  } catch (error) {
    fs.rmSync(unfinished, { recursive: true, force: true })
    if (!fs.existsSync(folder)) throw error
  }
}

const fileOf = (specifier) => `${specifier.replaceAll("/", "--")}.mjs`

/** How esbuild joins what it is given: modules for Node, what several need in files of their own. */
export const asModules = {
  outExtension: { ".js": ".mjs" },
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20",
  logLevel: "error",
}

/** Stands in a program for the name of its libraries' folder, which is known when all of the program has been read. */
const unknownName = "rapo-libraries-of-this-program"

/** A plugin of esbuild that leads imports to the joined libraries, and notes in the set `used` which they are. */
export const fromLibraries = (used) => ({
  name: "from-libraries",
  setup: (build) => {
    build.onResolve({ filter: /^[^./]/ }, ({ path: specifier, kind }) => {
      if (kind === "entry-point" || isJoinedWithSources(specifier)) return undefined
      if (staysInItsPlace(specifier)) return { path: specifier, external: true }
      used.add(specifier)
      return { path: `../${unknownName}/${fileOf(specifier)}`, external: true }
    })
  },
})

/** Writes a program's files, as esbuild returns them; its libraries are made if need be. */
export const writeProgram = async (outputFiles, used) => {
  const specifiers = Array.from(used, String).toSorted()
  const name = path.basename(await libraries(specifiers))
  for (const { path: file, text } of outputFiles) {
    fs.mkdirSync(path.dirname(file), { recursive: true })
    fs.writeFileSync(file, text.replaceAll(unknownName, name))
  }
}

/** The folder of some libraries. Its time tells when a program last wanted it. */
const libraries = async (specifiers) => {
  const hash = createHash("sha256")
    .update(fs.readFileSync(import.meta.filename))
    .update(installed())
    .update(specifiers.join("\n"))
  const folder = path.join(app, `.rapo-libraries-${hash.digest("hex").slice(0, 16)}`)
  if (fs.existsSync(folder)) fs.utimesSync(folder, new Date(), new Date())
  else await make(folder, specifiers)
  return folder
}

const make = async (folder, specifiers) => {
  const { build } = await import("esbuild")
  const unfinished = unfinishedOf(folder)
  await build({
    entryPoints: specifiers
      .filter((specifier) => !isRequired(specifier))
      .map((specifier) => ({ in: specifier, out: fileOf(specifier).slice(0, -".mjs".length) })),
    absWorkingDir: app,
    outdir: unfinished,
    ...asModules,
    // CommonJS of which all names are exported again, which only Node can tell; and loaded only by who asks a server.
    external: ["undici", "ws"],
  })
  for (const specifier of specifiers.filter(isRequired))
    fs.writeFileSync(path.join(unfinished, fileOf(specifier)), requiring(specifier))
  named(unfinished, folder)
}

/** A module that requires another and exports its names. They are asked in a process of its own: loading leaves traces. */
const requiring = (specifier) => {
  const asking = `process.stdout.write(JSON.stringify(Object.keys(require(${JSON.stringify(specifier)}))))`
  const names = JSON.parse(execFileSync(process.execPath, ["--eval", asking], { cwd: app, encoding: "utf8" }))
  return [
    'import { createRequire } from "node:module"',
    `const library = createRequire(import.meta.url)(${JSON.stringify(specifier)})`,
    "export default library",
    `export const { ${names.filter((name) => name !== "default").join(", ")} } = library`,
    "",
  ].join("\n")
}
