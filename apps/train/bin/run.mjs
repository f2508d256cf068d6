/**
 * Runs a part of the program: from its bundle, or, where the checkout cannot be written to, straight from the sources.
 */
import { pathToFileURL } from "node:url"
import { parts, program } from "./bundle.mjs"

/** `part` is a key of `parts`. */
export const run = async (part) => {
  let file
  try {
    file = await program(part)
  } catch (error) {
    if (error.code !== "EACCES" && error.code !== "EROFS" && error.code !== "EPERM") throw error
    await import("./source.mjs")
    return import(`../${parts[part]}`)
  }
  return import(pathToFileURL(file).href)
}
