/**
 * A data set's text as questions: JSON, an array of records, or JSONL, a record a line.
 *
 * Whatever is wrong is named with its place. Records at fault can be left out and listed; a text that is not JSON cannot: a file
 * that was cut short should not pass for a smaller one.
 */
import { Verdict, Verify } from "@rapo/verifier"
import * as E from "fp-ts/lib/Either.js"
import { type Fields, type Role, finalAnswer, nameIn, valueOf } from "./Fields.ts"
import type { Question } from "./Question.ts"
import { type DatasetFault, fault, recordsOf, showFault } from "./records.ts"

// model

/** The questions of a set, in order, and what was left out. */
export interface Problems {
  readonly questions: ReadonlyArray<Question>
  readonly faults: ReadonlyArray<DatasetFault>
}

// constructors

/**
 * The questions of a text.
 *
 * **Fails with** the first fault; with `skipInvalid`, the first that cannot be skipped, or that nothing is left.
 */
export const parseProblems = (
  text: string,
  fields: Fields,
  skipInvalid: boolean,
): E.Either<DatasetFault, Problems> => {
  const questions: Array<Question> = []
  const faults: Array<DatasetFault> = []
  const places = new Map<string, string>()
  for (const { place, number, value } of recordsOf(text)) {
    const question = E.chain((record: unknown) => questionOf(record, place, number, fields, places))(value)
    if (E.isRight(question)) {
      places.set(question.right.id, place)
      questions.push(question.right)
    } else if (skipInvalid && question.left.isSkippable) faults.push(question.left)
    else return question
  }
  return questions.length > 0 ? E.right({ questions, faults }) : E.left(nothing(faults[0]))
}

// records

const questionOf = (
  value: unknown,
  place: string,
  number: number,
  fields: Fields,
  places: ReadonlyMap<string, string>,
): E.Either<DatasetFault, Question> => {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return E.left(
      fault(place, "", "is not a record", { remedy: "Each is an object with a problem and an answer." }),
    )
  const record = value as Readonly<Record<string, unknown>>
  const wrong = (role: Role, problem: string, remedy: string): E.Either<DatasetFault, never> =>
    E.left(fault(place, nameIn(record, fields[role]), problem, { remedy }))
  const problem = valueOf(record, fields.problem)
  const written = valueOf(record, fields.answer)
  const missing = `is missing; the record has ${Object.keys(record).join(", ") || "nothing"}`
  if (problem === undefined) return wrong("problem", missing, nameFields("problem"))
  if (problem.trim() === "") return wrong("problem", "is empty", skipping)
  if (written === undefined) return wrong("answer", missing, nameFields("answer"))
  const answer = finalAnswer(written)
  if (answer === "") return wrong("answer", "is empty", skipping)
  const id = valueOf(record, fields.id) ?? String(number)
  const other = places.get(id)
  if (other !== undefined)
    return wrong("id", `${JSON.stringify(id)} stands in ${other} too`, `Make ids distinct. ${skipping}`)
  const verdict = Verify.verify(answer, `\\boxed{${answer}}`)
  return isUnderstood(verdict)
    ? E.right({ id, problem, answer })
    : wrong(
        "answer",
        `the verifier cannot parse ${JSON.stringify(answer)}: ${Verdict.show(verdict)}`,
        skipping,
      )
}

/** Rules by which the verifier decides about a reference answer that it cannot read. */
const withoutReading: ReadonlySet<string> = new Set(["same-text"])

/** Whether the verifier reads an answer as mathematics, and then finds it equal to itself. */
const isUnderstood = (verdict: Verdict.Verdict): boolean =>
  verdict._tag === "Correct" && !withoutReading.has(verdict.rule)

// faults

const nothing = (first: DatasetFault | undefined): DatasetFault =>
  fault("", "", first === undefined ? "holds no problems" : `holds no usable problems; ${showFault(first)}`, {
    remedy: first?.remedy ?? "Give a file with a record a line.",
    isSkippable: false,
  })

const nameFields = (role: Role): string =>
  `Name the field, with --fields ${role}=…, or leave such records out, with --skip-invalid.`

const skipping = "Mend the record, or leave such records out, with --skip-invalid."
