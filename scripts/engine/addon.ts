/**
 * The add-on: `@tensorflow/tfjs-node-gpu`'s own C++, compiled against the library.
 *
 * It speaks Node-API 8, so one made with any Node runs with all of them: 20, 22 and 24.
 */
import * as fs from "node:fs"
import * as path from "node:path"
import { complaint, type Ended, run } from "./command.ts"
import { folder, installedPackage, root } from "./folders.ts"
import type { Library } from "./library.ts"

/** Copies the package to `into` and makes the add-on there; undefined, or why not. */
export const buildAddon = async (
  { lib, include }: Library,
  into: string,
  say: (line: string) => void,
): Promise<string | undefined> => {
  if (!fs.existsSync(installedPackage)) return "its package is not installed; run `npm ci` first"
  say("  compiling the add-on")
  fs.rmSync(compilationFile, { force: true })
  fs.rmSync(into, { recursive: true, force: true })
  fs.cpSync(installedPackage, into, { recursive: true })
  for (const made of ["deps", "lib", "build"])
    fs.rmSync(path.join(into, made), { recursive: true, force: true })
  const deps = path.join(into, "deps")
  fs.mkdirSync(deps)
  for (const [name, target] of [
    ["lib", lib],
    ["include", include],
  ] as const)
    fs.symlinkSync(path.relative(deps, target), path.join(deps, name))
  const headers = await nodeHeaders()
  const ended = await run(
    process.execPath,
    [
      path.join(root, "node_modules/@mapbox/node-pre-gyp/bin/node-pre-gyp"),
      "install",
      "--build-from-source",
      ...(headers === undefined ? [] : [`--nodedir=${headers}`]),
    ],
    { cwd: into },
  )
  for (const made of fs.readdirSync(into).filter((name) => name.startsWith("build")))
    fs.rmSync(path.join(into, made), { recursive: true, force: true })
  if (ended.isFine) return undefined
  fs.writeFileSync(compilationFile, ended.all)
  return `${reasonOf(ended)} (all of it: ${compilationFile})`
}

const compilationFile = path.join(folder, "compilation.log")

/** The first line that names a cause: the compiler's, make's, or node-gyp's; what follows it are consequences. */
export const reasonOf = (ended: Ended): string =>
  ended.all
    .split("\n")
    .find((line) =>
      /: (fatal )?error: |^make: (?!\*\*\*|Entering|Leaving)|^gyp ERR! stack Error: /.test(line),
    )
    ?.replace(/^gyp ERR! stack Error: /, "")
    .trim() ?? complaint(ended)

/**
 * Where Node's headers are, on this machine: beside the `node` that runs, or where npm's `nodedir` says. Undefined: node-gyp
 * fetches them from nodejs.org.
 */
const nodeHeaders = async (): Promise<string | undefined> => {
  const configured = await run("npm", ["config", "get", "nodedir"])
  return [
    path.resolve(process.execPath, "../.."),
    process.env["npm_config_nodedir"],
    configured.stdout.trim(),
  ].find((prefix) => prefix !== undefined && fs.existsSync(path.join(prefix, "include/node/node_api.h")))
}
