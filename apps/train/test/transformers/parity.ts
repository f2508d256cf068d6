/**
 * Prints how far this program's numbers are from those of transformers, for folders made by `reference.py`.
 *
 *     node --conditions=@rapo/source --import tsx apps/train/test/transformers/parity.ts FOLDER ... > parity.json
 *
 * Exits with 1 when one is farther than the tolerance.
 */
import { readFileSync, readdirSync } from "node:fs"
import * as path from "node:path"
import { startWasm } from "../../src/engine/wasm/start.ts"
import { parity, parityTolerance, worst } from "../parity.ts"

await startWasm()
const results = []
for (const folder of process.argv.slice(2)) {
  const config = JSON.parse(readFileSync(path.join(folder, "config.json"), "utf8")) as Record<string, unknown>
  const found = await parity(folder)
  if (!(worst(found) < parityTolerance)) process.exitCode = 1
  results.push({
    model: config["model_type"],
    stored: config["dtype"] ?? config["torch_dtype"],
    tied: config["tie_word_embeddings"],
    shards: readdirSync(folder).filter((name) => /^model.*\.safetensors$/.test(name)).length,
    transformers: config["transformers_version"],
    ...found,
  })
}
process.stdout.write(`${JSON.stringify({ tolerance: parityTolerance, engine: "wasm", results }, null, 2)}\n`)
