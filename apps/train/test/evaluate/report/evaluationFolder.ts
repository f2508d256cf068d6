/** The folder of a simulated evaluation, as `rapo eval` leaves it. */
import { Seed } from "@rapo/distributions"
import { mkdirSync, writeFileSync } from "node:fs"
import * as path from "node:path"
import type { Evaluation, StoredSample } from "../../../src/evaluate/EvaluationRecord.ts"

interface Recipe {
  readonly problems: number
  readonly n: number
  /** Problem p is solved at this rate to the power p/2: the last ones are hard. */
  readonly rate: number
  /** The first lines only. */
  readonly keep?: number
  readonly sha256?: string
}

export const writeFolder = (folder: string, { problems, n, rate, keep, sha256 = "a" }: Recipe): void => {
  const ids = Array.from({ length: problems }, (_, p) => `p${p}`)
  const { uniform } = Seed.generator(Seed.child(Seed.fromInteger(5), rate * 1000))
  const evaluation: Evaluation = {
    schema: "rapo-evaluation-settings-1",
    model: { _tag: "Endpoint", name: path.basename(folder), url: "http://127.0.0.1:8000/v1", api: "chat" },
    source: { _tag: "File", path: "problems.jsonl", sha256, skipped: [] },
    problems: ids.map((id) => ({ id, answer: "7" })),
    template: { name: "plain", text: "{problem}" },
    sampling: { temperature: 1, topP: 1, topK: null, maxTokens: 16, stop: [] },
    n,
    seeds: [0],
    versions: { rapo: "0.1.0" },
  }
  const samples = ids.flatMap((problem, p) =>
    Array.from({ length: n }, (_, sample): StoredSample => {
      const isCorrect = uniform() < rate ** (p / 2)
      const isReadable = uniform() < 0.9
      return {
        problem,
        sample,
        seed: 0,
        text: "x".repeat(10 + Math.floor(20 * uniform())),
        finish: uniform() < 0.9 ? "stop" : "length",
        tokens: 5 + Math.floor(10 * uniform()),
        promptTokens: 4,
        logProb: -3.5,
        verdict: isCorrect ? "Correct" : isReadable ? "Wrong" : "Unparseable",
        answer: isCorrect ? "7" : isReadable ? `${Math.floor(400 * uniform() ** 3)}` : null,
      }
    }),
  )
  mkdirSync(folder, { recursive: true })
  writeFileSync(path.join(folder, "evaluation.json"), JSON.stringify(evaluation))
  writeFileSync(
    path.join(folder, "samples.ndjson"),
    samples
      .slice(0, keep)
      .map((sample) => `${JSON.stringify(sample)}\n`)
      .join(""),
  )
}
