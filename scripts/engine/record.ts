/**
 * What was built, from what: `.engine/native.json`, written last, when everything works.
 */
import { createHash } from "node:crypto"
import * as fs from "node:fs"
import * as path from "node:path"
import { pipeline } from "node:stream/promises"
import { folder, installedPackage, partialOf, recordFile } from "./folders.ts"
import type { Library } from "./library.ts"
import type { Trial } from "./trial.ts"

/** Writes the record: versions, where the library came from, and the SHA-256 of every shared library. */
export const record = async (
  { source, lib, cuda }: Library,
  { tensorflow, device }: Extract<Trial, { readonly _tag: "Works" }>,
  say: (line: string) => void,
): Promise<void> => {
  const { version } = JSON.parse(fs.readFileSync(path.join(installedPackage, "package.json"), "utf8")) as {
    readonly version: string
  }
  const libraries = fs
    .readdirSync(lib)
    .map((name) => path.join(lib, name))
    .filter((file) => /\.(so|dylib)/.test(file) && fs.lstatSync(file).isFile())
  const sha256: Record<string, string> = {}
  for (const file of libraries.toSorted()) {
    const digest = await digestOf(file)
    sha256[path.relative(folder, file)] = digest
    say(`  sha256 ${digest}  ${path.relative(folder, file)}`)
  }
  const written = {
    source,
    tensorflow,
    device,
    package: version,
    node: process.version,
    sha256,
    cuda: cuda.map((file) => path.relative(folder, file)),
    built: new Date().toISOString(),
  }
  fs.writeFileSync(partialOf(recordFile), `${JSON.stringify(written, null, 2)}\n`)
  fs.renameSync(partialOf(recordFile), recordFile)
}

/** The CUDA libraries that the record names; none where it cannot be read. */
export const recordedCuda = (): ReadonlyArray<string> => {
  try {
    const { cuda } = JSON.parse(fs.readFileSync(recordFile, "utf8")) as {
      readonly cuda: ReadonlyArray<string>
    }
    return cuda.map((file) => path.join(folder, file))
  } catch {
    return []
  }
}

const digestOf = async (file: string): Promise<string> => {
  const hash = createHash("sha256")
  await pipeline(fs.createReadStream(file), hash)
  return hash.digest("hex")
}
