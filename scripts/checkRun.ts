/**
 * Checks the run in a folder: `node --import ./apps/train/bin/source.mjs scripts/checkRun.ts <parent> <family>…`
 *
 * The parent must hold the folder of one run. Exits with 1, and says why, when that run is not as it should be.
 */
import * as fs from "node:fs"
import * as path from "node:path"
import { runProblems } from "./runProblems.ts"

const [parent = "runs", ...families] = process.argv.slice(2)
const runs = fs.readdirSync(parent)
const problems =
  runs.length === 1
    ? runs.flatMap((run) => runProblems(path.join(parent, run), families))
    : [`${parent} holds ${runs.length} runs, not one`]

for (const problem of problems) console.error(`error: ${problem}`)
if (problems.length > 0) process.exitCode = 1
else console.log(`${runs.join()}: complete, with ${families.join(", ")}; the report fetches nothing`)
