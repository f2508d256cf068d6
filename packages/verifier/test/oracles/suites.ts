/**
 * Graded answers of other projects, which stand beside the repository and never in it, and how this verifier does on them.
 */
import * as fs from "node:fs"
import * as path from "node:path"
import { Options, type Verdict, Verify } from "@rapo/verifier"

// model

/** A line of a suite. `expected` is null where nobody can say. */
export interface Row {
  readonly id: string
  readonly gold: string
  readonly pred: string
  readonly expected: boolean | null
  readonly note?: string
  readonly opts?: Readonly<Record<string, unknown>> | null
}

/** How a suite went. */
export interface Outcome {
  readonly right: number
  readonly all: number
  readonly disagreements: ReadonlyArray<Disagreement>
}

export interface Disagreement {
  readonly row: Row
  readonly verdict: Verdict.Verdict
}

/** Whose conventions decide: the package's, whatever a suite says, or the suite's own where a preset follows it. */
export type Conventions = "default" | "suite"

// constructors

/** Beside the repository's root. */
export const folder = "../shared/data/verifier"

export const exists = (): boolean => fs.existsSync(folder)

/** Names of the suites that are there, without the extension. */
export const suites = (): ReadonlyArray<string> =>
  fs
    .readdirSync(folder)
    .filter((file) => file.endsWith(".jsonl") && !file.startsWith("_"))
    .map((file) => path.basename(file, ".jsonl"))

export const rowsOf = (suite: string): ReadonlyArray<Row> =>
  fs
    .readFileSync(path.join(folder, `${suite}.jsonl`), "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Row)

/** Right of all for Math-Verify 0.8 on the whole files, of which about half of the rows are here. */
export const mathVerifyScores: Readonly<Record<string, readonly [right: number, all: number]>> = {
  "math-verify": [262, 270],
  "lighteval-extractive-match": [205, 218],
  "nemo-skills": [41, 58],
  areal: [50, 57],
  "issue-reports": [22, 36],
  "matharena-manual": [8, 59],
  disputed: [32, 46],
  "math500-model-answers": [514, 518],
  "qwen-math-cot-responses": [766, 774],
}

/** The preset that follows a suite, where one does; a row's options refine it. */
const presetOf = (suite: string): Verify.Preset => {
  if (suite === "math-verify" || suite === "lighteval-extractive-match") return "math-verify"
  if (suite === "skyrl-aime-dapo") return "strict-text"
  if (suite === "tinker-cookbook" || suite === "slime" || suite === "hendrycks-math") return "prm800k"
  return "mathematician"
}

/** The book's exercises: a percentage is no fraction, and brackets do not count. */
const likeRasbt = (options: Options.Options): Options.Options => ({
  ...options,
  percent: "strict",
  brackets: "free",
})

/** Some graders demand a box, or "Answer:". */
const orderOf = ({ order }: Verify.Options, opts: Row["opts"]): Verify.Options["order"] => {
  const grader = opts?.["grader"]
  const isMathRuler = typeof grader === "string" && grader.startsWith("mathruler")
  if (opts?.["require_boxed"] === true || isMathRuler) return ["boxed"]
  return opts?.["require_answer_marker"] === true ? ["boxed", "phrase"] : order
}

/** The options under which a row is graded. */
export const optionsOf = (suite: string, { opts }: Row, conventions: Conventions): Verify.Options => {
  if (conventions === "default") return Verify.defaultOptions
  const preset = Verify.presets[presetOf(suite)]
  const precision = opts?.["precision"]
  const rounded =
    typeof precision === "number" ? Options.withPrecision(precision)(preset.compare) : preset.compare
  const related: Options.Options =
    opts?.["allow_set_relation_comp"] === true ? { ...rounded, setsAsRelations: "always" } : rounded
  const compare: Options.Options =
    opts?.["strict"] === false ? { ...related, variables: "positional", setsAsTuples: true } : related
  return {
    ...preset,
    compare: suite === "rasbt-reasoning" ? likeRasbt(compare) : compare,
    order: orderOf(preset, opts),
  }
}

// measurements

/** A row agrees when it is Correct exactly where it is expected to be. */
export const outcomeOf = (suite: string, conventions: Conventions): Outcome => {
  const rows = rowsOf(suite).filter(({ expected }) => expected !== null)
  const disagreements = rows
    .map((row) => ({ row, verdict: Verify.verify(row.gold, row.pred, optionsOf(suite, row, conventions)) }))
    .filter(({ row, verdict }) => (verdict._tag === "Correct") !== row.expected)
  return { right: rows.length - disagreements.length, all: rows.length, disagreements }
}

// destructors

const cell = (right: number, all: number): string => `${right}/${all} ${((100 * right) / all).toFixed(1)}%`

/** One line of a table: the suite, by default, by the suite's conventions, Math-Verify on the whole file. */
export const showLine = (suite: string, byDefault: Outcome, bySuite: Outcome): string => {
  const reference = mathVerifyScores[suite]
  return [
    suite.padEnd(28),
    cell(byDefault.right, byDefault.all).padEnd(18),
    cell(bySuite.right, bySuite.all).padEnd(18),
    reference === undefined ? "" : cell(...reference),
  ].join(" ")
}

export const header = `${"suite".padEnd(28)} ${"default".padEnd(18)} ${"its conventions".padEnd(18)} Math-Verify 0.8`
