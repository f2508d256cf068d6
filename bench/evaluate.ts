/**
 * What follows from stored samples: 30 problems × 1024 samples, from `samples.ndjson` to counts and pass@k, and the verdicts
 * themselves once more.
 *
 *     npm run bench bench/evaluate.ts
 */
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Seed } from "@rapo/distributions"
import { PassAtK } from "@rapo/eval"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import * as path from "node:path"
import { readSamples, samplesFile } from "../apps/train/src/evaluate/store/readSamples.ts"
import { judgeResponse } from "../apps/train/src/evaluate/verify/judge.ts"
import { median } from "./compare.ts"

const problems = 30
const n = 1024
const rounds = 5

/** A response as long as a worked solution, with an answer of three digits. */
const responseOf = (random: Seed.Generator): string =>
  `${"We add the terms and simplify: $x^2 + 3x = 10$. ".repeat(20)}So the answer is $\\boxed{${random.integer(0, 999)}}$.`

const folder = mkdtempSync(path.join(tmpdir(), "rapo-bench-"))
const file = path.join(folder, samplesFile)
const random = Seed.generator(Seed.fromInteger(1))
const responses = Array.from({ length: problems * n }, (_, i) => ({
  question: { id: `p${Math.floor(i / n)}`, problem: "", answer: String(100 + Math.floor(i / n)) },
  sample: i % n,
  response: responseOf(random),
}))
const judge = { _tag: "Mathematics" } as const

/** Medians in milliseconds: on the clock, and of the processor, which other programs of the machine do not lengthen. */
const timed = async (f: () => unknown): Promise<{ readonly clock: number; readonly processor: number }> => {
  const clocks: Array<number> = []
  const processors: Array<number> = []
  for (let round = 0; round < rounds; round++) {
    const [start, used] = [performance.now(), process.cpuUsage()]
    await f()
    const { user, system } = process.cpuUsage(used)
    clocks.push(performance.now() - start)
    processors.push((user + system) / 1000)
  }
  return { clock: median(clocks), processor: median(processors) }
}

const judging = await timed(() =>
  responses.map(({ question, response }) => judgeResponse({ judge, question, response })),
)

writeFileSync(
  file,
  responses
    .map(({ question, sample, response }) =>
      JSON.stringify({
        problem: question.id,
        sample,
        seed: 1,
        text: response,
        finish: "stop",
        tokens: 300,
        promptTokens: 90,
        logProb: -120.5,
        ...judgeResponse({ judge, question, response }),
      }),
    )
    .join("\n")
    .concat("\n"),
)

let sum = 0
const scoring = await timed(async () => {
  const correct = new Map<string, number>()
  await Effect.runPromise(
    readSamples(folder).pipe(
      Stream.runForEach(({ problem, verdict }) =>
        Effect.sync(() =>
          correct.set(problem, (correct.get(problem) ?? 0) + (verdict === "Correct" ? 1 : 0)),
        ),
      ),
      Effect.provide(NodeServices.layer),
    ),
  )
  const curve = PassAtK.curve([...correct].map(([id, c]) => ({ id, samples: n, correct: c })))
  sum += curve._tag === "Right" ? curve.right.length : 0
})

const show = ({ clock, processor }: typeof scoring): string =>
  `${clock.toFixed(0)} ms (${processor.toFixed(0)} ms of the processor)`
console.log(
  `${problems} problems × ${n} samples, ${(statSync(file).size / 2 ** 20).toFixed(0)} MiB; medians of ${rounds}\n` +
    `  samples.ndjson → counts → pass@k at ${sum / rounds} k: ${show(scoring)}\n` +
    `  verdicts on all responses, one thread: ${show(judging)}`,
)
rmSync(folder, { recursive: true })
