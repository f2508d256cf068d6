/**
 * Runs a part of the program: from its bundle, or, where the checkout cannot be written to, straight from the sources.
 */
import { pathToFileURL } from "node:url"
import { program } from "./bundle.mjs"

/** `part` is "main" or "worker". */
export const run = async (part) => {
  let file
  try {
    file = await program(part)
  } catch (error) {
    if (error.code !== "EACCES" && error.code !== "EROFS" && error.code !== "EPERM") throw error
    await import("./source.mjs")
    return import(part === "main" ? "../src/main.ts" : "../src/workers/worker.ts")
  }
  return import(pathToFileURL(file).href)
}
