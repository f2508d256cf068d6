/**
 * Places inside the app, seen from this file. The command's bundle stands as deep as `src`, so they hold there too.
 */
import * as path from "node:path"
import { pathToFileURL } from "node:url"

/** The program of a worker thread. */
export const workerEntry: URL = new URL("../bin/worker.mjs", import.meta.url)

/** The program that asks an engine in a process of its own. */
export const probeEntry: URL = new URL("../bin/probe.mjs", import.meta.url)

/** The app's manifest. */
export const manifest: URL = new URL("../package.json", import.meta.url)

/** Names another folder of built engines, within the repository; an empty one hides those that are built. */
const chosenEngines = process.env["RAPO_ENGINE_FOLDER"]

/** The folder of built engines, the repository's own unless the environment names one: see `npm run engine`. */
export const engineFolder: URL =
  chosenEngines === undefined
    ? new URL("../../../.engine/", import.meta.url)
    : pathToFileURL(`${path.resolve(chosenEngines)}${path.sep}`)
