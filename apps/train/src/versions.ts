/**
 * The versions that a result depends on.
 */
import { createRequire } from "node:module"
import { fileURLToPath } from "node:url"
import { manifest } from "./paths.ts"

const require = createRequire(import.meta.url)

/** The `version` field of a package's manifest. */
const versionOf = (manifest: string): string => {
  const { version } = require(manifest) as { readonly version?: unknown }
  return typeof version === "string" ? version : "unknown"
}

/** Read once, from what is installed. */
export const versions: { readonly rapo: string; readonly tfjs: string; readonly node: string } = {
  rapo: versionOf(fileURLToPath(manifest)),
  tfjs: versionOf("@tensorflow/tfjs-core/package.json"),
  node: process.version,
}
