/**
 * How long a verdict takes, on real model answers, beside what else there is.
 *
 *     npm run bench bench/verifier.ts
 *     PYTHON=/path/to/python COMPUTE_ENGINE=/path/to/node_modules/@cortex-js/compute-engine npm run bench bench/verifier.ts
 *
 * | side                        | measured if                                                                              |
 * |-----------------------------|------------------------------------------------------------------------------------------|
 * | this package                | ../shared/data/verifier is there; else on pairs that are made up here                    |
 * | Math-Verify (Python)        | `PYTHON` (or python3) can import math_verify: `pip install 'math-verify[antlr4_13_2]==0.8'` |
 * | @cortex-js/compute-engine   | `COMPUTE_ENGINE` names an installed copy: `npm install @cortex-js/compute-engine` in a folder elsewhere |
 *
 * The reference answer and the response go in as text and a verdict comes out, on one thread, after a warm-up. The time of a
 * pair is the median of five passes; the table says its mean, its 99th percentile and its maximum over the pairs. Goal: 0.1 ms
 * in the mean, 2 ms at the 99th percentile. compute-engine only parses and compares (isSame, isEqual, isSame after simplify): it
 * is given the extracted answers.
 */
import { Extract, Verify } from "@rapo/verifier"
import * as E from "fp-ts/lib/Either.js"
import { spawnSync } from "node:child_process"
import { existsSync, readFileSync } from "node:fs"
import * as path from "node:path"
import { pathToFileURL } from "node:url"

interface Pair {
  readonly gold: string
  readonly pred: string
  readonly expected: boolean | null
}

interface Times {
  readonly mean: number
  readonly p99: number
  readonly max: number
}

const passes = 5
const data = path.resolve(import.meta.dirname, "../../shared/data/verifier")

const suite = (name: string): ReadonlyArray<Pair> =>
  readFileSync(path.join(data, `${name}.jsonl`), "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Pair)

/** Answers of the kinds that benchmarks have, where no data is beside the repository. */
const madeUp = (): ReadonlyArray<Pair> =>
  Array.from({ length: 300 }, (_, i): Pair => {
    const [gold, answer] = [
      [`${i}`, `${i}`],
      [`\\frac{${i}}{7}`, `${i}/7`],
      [`${i}\\sqrt{2}`, `\\sqrt{${2 * i * i}}`],
      [`(${i}, 5]`, `${i} < x \\le 5`],
      [`x^2 - ${i * i}`, `(x - ${i})(x + ${i})`],
      [`\\left(${i}, \\frac{\\pi}{2}\\right)`, `(${i}, \\pi/2)`],
    ][i % 6] as [string, string]
    return { gold, pred: `We find the answer step by step. So it is $\\boxed{${answer}}$.`, expected: true }
  })

const summary = (times: ReadonlyArray<number>): Times => {
  const sorted = times.toSorted((a, b) => a - b)
  return {
    mean: sorted.reduce((a, b) => a + b, 0) / sorted.length,
    p99: sorted[Math.floor(0.99 * sorted.length)] ?? NaN,
    max: sorted.at(-1) ?? NaN,
  }
}

const measure = (pairs: ReadonlyArray<Pair>, decide: (pair: Pair) => boolean, repeats = passes): Times => {
  for (const pair of pairs) decide(pair)
  return summary(
    pairs.map((pair) => {
      const times = Array.from({ length: repeats }, () => {
        const start = performance.now()
        decide(pair)
        return performance.now() - start
      })
      return times.toSorted((a, b) => a - b)[repeats >> 1] ?? NaN
    }),
  )
}

const right = (pairs: ReadonlyArray<Pair>, decide: (pair: Pair) => boolean): string => {
  const graded = pairs.filter(({ expected }) => expected !== null)
  return `${graded.filter((pair) => decide(pair) === pair.expected).length}/${graded.length}`
}

const tell = (name: string, { mean, p99, max }: Times, more = ""): void =>
  console.log(
    `  ${name.padEnd(28)} mean ${mean.toFixed(3)} ms   p99 ${p99.toFixed(2)} ms   max ${max.toFixed(2)} ms   ${more}`,
  )

/** Math-Verify in its own process, timed there, so that starting Python does not count. */
const mathVerify = (
  pairs: ReadonlyArray<Pair>,
): { readonly times: Times; readonly verdicts: ReadonlyArray<boolean> } | undefined => {
  const program = [
    "import json, sys, time",
    "try:",
    "    from math_verify import parse, verify",
    "except ImportError:",
    "    sys.exit(3)",
    "pairs = json.load(sys.stdin)",
    "def one(gold, pred):",
    "    return bool(verify(parse('$' + gold + '$'), parse(pred)))",
    "for gold, pred in pairs[:20]: one(gold, pred)",
    "result = []",
    "for gold, pred in pairs:",
    "    start = time.perf_counter(); verdict = one(gold, pred)",
    "    result.append([1000 * (time.perf_counter() - start), verdict])",
    "print(json.dumps(result))",
  ].join("\n")
  const { status, stdout } = spawnSync(process.env["PYTHON"] ?? "python3", ["-c", program], {
    input: JSON.stringify(pairs.map(({ gold, pred }) => [gold, pred])),
    encoding: "utf8",
    maxBuffer: 1 << 28,
  })
  if (status !== 0) return undefined
  const rows = JSON.parse(stdout) as ReadonlyArray<readonly [number, boolean]>
  return { times: summary(rows.map(([time]) => time)), verdicts: rows.map(([, verdict]) => verdict) }
}

/** What of compute-engine is used here. */
interface Boxed {
  readonly isSame: (other: Boxed) => boolean
  readonly isEqual: (other: Boxed) => boolean | undefined
  readonly simplify: () => Boxed
}

interface Exports {
  readonly ComputeEngine: new () => { readonly parse: (latex: string) => Boxed }
}

const computeEngine = async (): Promise<((pair: Pair) => boolean) | undefined> => {
  const folder = process.env["COMPUTE_ENGINE"]
  if (folder === undefined || !existsSync(folder)) return undefined
  const { module } = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8")) as {
    readonly module: string
  }
  const entry = path.join(folder, module)
  const { ComputeEngine } = (await import(pathToFileURL(entry).href)) as Exports
  const engine = new ComputeEngine()
  const answer = (text: string): string =>
    E.getOrElse(() => text)(E.map(({ text: found }: Extract.Extraction) => found)(Extract.extract(text)))
  return ({ gold, pred }) => {
    try {
      const [a, b] = [engine.parse(answer(gold)), engine.parse(answer(pred))]
      return a.isSame(b) || a.isEqual(b) === true || a.simplify().isSame(b.simplify())
    } catch {
      return false
    }
  }
}

const ours = ({ gold, pred }: Pair): boolean => Verify.verify(gold, pred)._tag === "Correct"

const here = existsSync(data)
if (!here) console.log("no ../shared/data/verifier here: pairs are made up")
for (const name of here ? ["math500-model-answers", "qwen-math-cot-responses", "math-verify"] : ["made up"]) {
  const pairs = here ? suite(name) : madeUp()
  console.log(`\n${name}: ${pairs.length} pairs`)
  const mine = measure(pairs, ours)
  tell("@rapo/verifier", mine, `right ${right(pairs, ours)}`)
  const other = mathVerify(pairs)
  if (other === undefined)
    console.log(
      "  Math-Verify                  not here; measured elsewhere (0.8, math500-model-answers): mean 11 ms, p99 161 ms",
    )
  else {
    const agreed = pairs.filter(
      ({ expected }, i) => expected === null || other.verdicts[i] === expected,
    ).length
    tell(
      "Math-Verify",
      other.times,
      `right ${agreed}/${pairs.length}, ${(other.times.mean / mine.mean).toFixed(0)} times as long`,
    )
  }
  const engine = await computeEngine()
  if (engine === undefined)
    console.log("  compute-engine               not here: COMPUTE_ENGINE names no folder")
  else {
    const times = measure(pairs, engine, 1)
    tell(
      "compute-engine",
      times,
      `right ${right(pairs, engine)}, ${(times.mean / mine.mean).toFixed(0)} times as long`,
    )
  }
}
