/**
 * A data set's records as questions.
 *
 *     records → fields → problem, answer, id → what the verifier can read, each problem once
 *
 * Whatever is wrong is named with its place. Records that are of no use are left out and listed, malformed ones on demand; a text
 * that is not JSON cannot be left out: a file that was cut short should not pass for a smaller one.
 *
 * Laws (tested)
 * 1. Every record is a question or a fault.
 * 2. Ids are distinct, and so are problems, white space aside.
 * 3. Every answer verifies against itself.
 */
import { Verdict, Verify } from "@rapo/verifier"
import * as E from "fp-ts/lib/Either.js"
import { type DataRecord, type Fields, type Role, finalAnswer, isRecord, nameIn, valueOf } from "./Fields.ts"
import { type Question, problemKey } from "./Question.ts"
import { type DatasetFault, type Entry, fault, showFault } from "./records.ts"

// model

/** The questions of a set, in order, and what was left out. */
export interface Problems {
  readonly questions: ReadonlyArray<Question>
  readonly faults: ReadonlyArray<DatasetFault>
}

// constructors

/**
 * The questions of a file's records.
 *
 * **Fails with** the first fault that is not left out, or that nothing is left.
 */
export const parseProblems = (
  entries: ReadonlyArray<Entry>,
  fields: Fields,
  skipMalformed: boolean,
): E.Either<DatasetFault, Problems> => {
  const questions: Array<Question> = []
  const faults: Array<DatasetFault> = []
  const seen: Seen = { ids: new Map(), problems: new Map() }
  for (const { place, number, value } of entries) {
    const question = E.chain((each: unknown) => questionOf(each, place, number, fields, seen))(value)
    if (E.isRight(question)) {
      const { id, problem, answer } = question.right
      seen.ids.set(id, place)
      seen.problems.set(problemKey(problem), { place, answer })
      questions.push(question.right)
    } else if (
      question.left.severity === "unusable" ||
      (skipMalformed && question.left.severity === "malformed")
    )
      faults.push(question.left)
    else return question
  }
  return questions.length > 0 ? E.right({ questions, faults }) : E.left(nothing(faults[0]))
}

// records

/** What earlier records have taken. */
interface Seen {
  readonly ids: Map<string, string>
  readonly problems: Map<string, { readonly place: string; readonly answer: string }>
}

const questionOf = (
  record: unknown,
  place: string,
  number: number,
  fields: Fields,
  seen: Seen,
): E.Either<DatasetFault, Question> => {
  if (!isRecord(record))
    return E.left(
      fault("malformed", place, "", "is not a record", "Each is an object with a problem and an answer."),
    )
  const wrong =
    (severity: "unusable" | "malformed") =>
    (role: Role, problem: string, remedy: string): E.Either<DatasetFault, never> =>
      E.left(fault(severity, place, nameIn(record, fields[role]), problem, remedy))
  const [unusable, malformed] = [wrong("unusable"), wrong("malformed")]

  const problem = valueOf(record, fields.problem)
  const written = valueOf(record, fields.answer)
  if (problem === undefined) return malformed("problem", missing(record), nameFields("problem"))
  if (problem.trim() === "") return unusable("problem", "is empty", mending)
  if (isRendered(problem, nameIn(record, fields.problem)))
    return malformed(
      "problem",
      "is a prompt that is rendered for a chat model, control tokens and all",
      nameFields("problem"),
    )
  if (written === undefined) return malformed("answer", missing(record), nameFields("answer"))
  const answer = finalAnswer(written)
  if (answer === "") return unusable("answer", "is empty", mending)
  const before = seen.problems.get(problemKey(problem))
  if (before !== undefined)
    return unusable(
      "problem",
      `stands in ${before.place} too, with ${before.answer === answer ? "the same answer" : "another answer"}`,
      mending,
    )
  const id = valueOf(record, fields.id) ?? String(number)
  const other = seen.ids.get(id)
  if (other !== undefined)
    return malformed(
      "id",
      `${JSON.stringify(id)} stands in ${other} too`,
      "Make ids distinct, or leave such records out, with --skip-invalid.",
    )
  const verdict = Verify.verify(answer, `\\boxed{${answer}}`)
  return isUnderstood(verdict)
    ? E.right({ id, problem, answer })
    : unusable(
        "answer",
        `the verifier cannot parse ${JSON.stringify(answer)}: ${Verdict.show(verdict)}`,
        mending,
      )
}

/** Verl's files may hold whole prompts, which would be rendered a second time. */
const isRendered = (problem: string, field: string): boolean =>
  field === "prompt" && problem.startsWith("<|im_start|>")

/** Rules by which the verifier decides about a reference answer that it cannot read. */
const withoutReading: ReadonlySet<string> = new Set(["same-text"])

/** Whether the verifier reads an answer as mathematics, and then finds it equal to itself. */
const isUnderstood = (verdict: Verdict.Verdict): boolean =>
  verdict._tag === "Correct" && !withoutReading.has(verdict.rule)

// faults

const nothing = (first: DatasetFault | undefined): DatasetFault =>
  fault(
    "broken",
    "",
    "",
    first === undefined ? "holds no problems" : `holds no usable problems; ${showFault(first)}`,
    first?.remedy ?? "Give a file of records with a problem and an answer.",
  )

const missing = (record: DataRecord): string =>
  `is missing; the record has ${Object.keys(record).join(", ") || "nothing"}`

const nameFields = (role: Role): string =>
  `Name the field, with --fields ${role}=…, or leave such records out, with --skip-invalid.`

const mending = "Mend the record."
