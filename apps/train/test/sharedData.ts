/**
 * Reference data of other systems, which lies beside the repository on machines that have it and is never copied into it.
 */
import { existsSync, readFileSync, readdirSync } from "node:fs"
import * as path from "node:path"
import { fileURLToPath } from "node:url"
import { describe, expect, it } from "vitest"

const root = fileURLToPath(new URL("../../../../shared/data", import.meta.url))

/** The path of a file or folder of the data, if it is there; otherwise a line on the console says what is not checked. */
export const sharedData = (relative: string): string | undefined => {
  const full = path.join(root, relative)
  if (existsSync(full)) return full
  console.info(`no ../shared/data/${relative} here: the checks against it are left out`)
  return undefined
}

/** Tests against a file or folder of the data; where it is not there, one test that says so stands in their place. */
export const describeWith = (relative: string, title: string, tests: (full: string) => void): void => {
  describe(title, () => {
    const full = sharedData(relative)
    if (full === undefined)
      it("has no reference data on this machine", () => expect(existsSync(root)).toBe(false))
    else tests(full)
  })
}

/** The folders in a folder, by name. */
export const foldersIn = (folder: string): ReadonlyArray<string> =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)

/** A JSON file. */
export const readJson = (...parts: ReadonlyArray<string>): unknown =>
  JSON.parse(readFileSync(path.join(...parts), "utf8"))

/** A file's bytes. */
export const readBytes = (...parts: ReadonlyArray<string>): Uint8Array => readFileSync(path.join(...parts))
