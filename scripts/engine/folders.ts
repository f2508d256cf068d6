/**
 * Where the native engine lies.
 */
import * as fs from "node:fs"
import * as path from "node:path"

/** The repository. */
export const root: string = path.resolve(import.meta.dirname, "../..")

/** Everything that `npm run engine` makes. (`RAPO_ENGINE_FOLDER` names another, which must have the repository's `node_modules` above it.) */
export const folder: string = path.resolve(process.env["RAPO_ENGINE_FOLDER"] ?? path.join(root, ".engine"))

/** Written last: what was built, from what. */
export const recordFile: string = path.join(folder, "native.json")

/** The package whose add-on is built, as npm installed it; and the copy that gets the add-on. */
export const packageName = "@tensorflow/tfjs-node-gpu"
/** See `packageName`. */
export const installedPackage: string = path.join(root, "node_modules", packageName)
/** See `packageName`. Below a `node_modules`, so that it finds the packages that it requires two levels up. */
export const builtPackage: string = path.join(folder, "node_modules", packageName)

/**
 * Where a file or folder is made that appears under its name when it is whole. The process's number is part of it: what a
 * killed run left behind, and may still write to, is never taken for this run's.
 */
export const partialOf = (whole: string): string => `${whole}.partial-${process.pid}`

/** Gives what is whole its name; where a run beside this one was first, that run's stays, and this one is a leftover. */
export const settle = (whole: string): void => {
  if (!fs.existsSync(whole)) fs.renameSync(partialOf(whole), whole)
}
