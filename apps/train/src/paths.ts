/**
 * Places inside the app, seen from this file. The command's bundle stands as deep as `src`, so they hold there too.
 */

/** The program of a worker thread. */
export const workerEntry: URL = new URL("../bin/worker.mjs", import.meta.url)

/** The program that asks an engine in a process of its own. */
export const probeEntry: URL = new URL("../bin/probe.mjs", import.meta.url)

/** The app's manifest. */
export const manifest: URL = new URL("../package.json", import.meta.url)

/** The repository's own folder of built engines: see `npm run engine`. */
export const engineFolder: URL = new URL("../../../.engine/", import.meta.url)
