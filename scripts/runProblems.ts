/**
 * What is wrong with the folder of a finished run: the checks that continuous integration makes of `rapo train`.
 */
import * as fs from "node:fs"
import * as path from "node:path"
import { Schema } from "effect"
import { Summary } from "../apps/train/src/storage/Summary.ts"

/** Everything that a page would fetch: nothing may be left. Links are not followed, and namespaces are only names. */
export const requestsOf = (html: string): ReadonlyArray<string> =>
  [
    /\s(?:src|srcset|data|poster|action)\s*=\s*["']?(?!data:)[^\s"'>]+/gi,
    /<link\b[^>]*\shref\s*=\s*["']?(?!data:)[^\s"'>]+/gi,
    /<(?:use|image)\b[^>]*href\s*=\s*["']?(?!data:|#)[^\s"'>]+/gi,
    /@import[^;]*/gi,
    /url\(\s*["']?(?!data:|#)[^)]*\)/gi,
    /<(?:script|iframe|object|embed)\b[^>]*/gi,
  ].flatMap((pattern) => [...html.matchAll(pattern)].map(([found]) => found.trim()))

/** The first bytes of every PNG. */
const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

/** Sentences; none when `folder` is that of a complete run which judged an arm of each of the `families`. */
export const runProblems = (folder: string, families: ReadonlyArray<string>): ReadonlyArray<string> => {
  const files = ["summary.json", "report.html", "passk.png", "metrics.ndjson"]
  const missing = files.filter((file) => !fs.existsSync(path.join(folder, file)))
  if (missing.length > 0) return missing.map((file) => `${file} is missing`)

  const read = (file: string): string => fs.readFileSync(path.join(folder, file), "utf8")
  const summary = Schema.decodeUnknownSync(Summary)(JSON.parse(read("summary.json")))
  const trained = summary.arms.filter(({ family }) => family !== "base")
  const stepsOf = (arm: string): number =>
    read("metrics.ndjson")
      .split("\n")
      .filter((line) => line.includes(`"arm":${JSON.stringify(arm)}`)).length
  const when = (holds: boolean, sentence: string): ReadonlyArray<string> => (holds ? [sentence] : [])
  return [
    ...when(summary.status !== "complete", `summary.json says "${summary.status}"`),
    ...families
      .filter((family) => !summary.arms.some((arm) => arm.family === family && arm.chosen))
      .map((family) => `summary.json has no chosen arm of the family "${family}"`),
    ...when(summary.sets.length === 0, "summary.json has no test sets"),
    ...summary.arms.flatMap(({ name, sets }) => [
      ...when(sets.length !== summary.sets.length, `${name} was not judged on every set`),
      ...when(
        sets.some(({ pass }) => pass.points.length === 0 || pass.points.length !== pass.k.length),
        `${name} has an empty curve`,
      ),
    ]),
    ...trained.flatMap(({ name }) => [
      ...when(stepsOf(name) === 0, `metrics.ndjson has no step of ${name}`),
      ...["config.json", "model.safetensors", "tokenizer.json"]
        .filter((file) => !fs.existsSync(path.join(folder, "checkpoints", name, file)))
        .map((file) => `checkpoints/${name}/${file} is missing`),
    ]),
    ...requestsOf(read("report.html")).map((request) => `report.html would fetch: ${request}`),
    ...when(!read("report.html").includes("<svg"), "report.html has no figure"),
    ...when(
      !fs.readFileSync(path.join(folder, "passk.png")).subarray(0, png.length).equals(png),
      "passk.png is no PNG",
    ),
  ]
}
