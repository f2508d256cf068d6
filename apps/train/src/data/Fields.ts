/**
 * Which fields of a data set's records hold what.
 *
 *     id       id, unique_id, or else the record's number
 *     problem  problem, question, extra_info.question, prompt
 *     answer   reward_model.ground_truth, ground_truth, gt_answer, expected_answer, answer, gold, solution
 *
 * The first that a record has counts, in whatever case it is written (`Problem`, as some sets of AIME have it); names that the user
 * gives replace the list. A name with dots goes into a record: `reward_model.ground_truth` is where verl's layout, and so
 * SimpleRL-Zoo's, keeps what the reward compares with. A list of messages says what its last message of the user says. Of a text
 * with "#### x", as GSM8K has it, the answer is x.
 */
import * as E from "fp-ts/lib/Either.js"

// model

/** What a record has to tell. */
export const roles = ["id", "problem", "answer"] as const
/** See the value `roles`. */
export type Role = (typeof roles)[number]

/** For each role, the names that are tried in order. */
export type Fields = Readonly<Record<Role, ReadonlyArray<string>>>

/** The usual names. What is meant for a reward comes before what may be a worked solution. */
export const usual: Fields = {
  id: ["id", "unique_id"],
  problem: ["problem", "question", "extra_info.question", "prompt"],
  answer: [
    "reward_model.ground_truth",
    "ground_truth",
    "gt_answer",
    "expected_answer",
    "answer",
    "gold",
    "solution",
  ],
}

/** A record as JSON or Parquet has it. */
export type DataRecord = Readonly<Record<string, unknown>>

/** A text that does not say fields. */
export interface InvalidFields {
  readonly _tag: "InvalidFields"
  readonly part: string
}

// constructors

/** Reads `id=…,problem=…,answer=…`, of which any may be left out. */
export const parseFields = (text: string): E.Either<InvalidFields, Fields> =>
  text
    .split(",")
    .filter((part) => part.trim() !== "")
    .reduce<E.Either<InvalidFields, Fields>>((fields, part) => {
      const [role = "", name = "", ...more] = part.split("=").map((piece) => piece.trim())
      const isRole = roles.some((known) => known === role)
      return E.chain((known: Fields) =>
        isRole && name !== "" && more.length === 0
          ? E.right({ ...known, [role]: [name] })
          : E.left<InvalidFields, Fields>({ _tag: "InvalidFields", part }),
      )(fields)
    }, E.right(usual))

// refinements

/** Neither null nor a list. */
export const isRecord = (value: unknown): value is DataRecord =>
  typeof value === "object" && value !== null && !Array.isArray(value)

// destructors

/** The text of the first field that the record has; numbers as they are written. */
export const valueOf = (record: DataRecord, names: ReadonlyArray<string>): string | undefined =>
  textOf(names.map((name) => lookUp(record, name)).find((value) => value !== undefined && value !== null))

/** What follows the last "####" of a worked solution; any other text is its own answer. */
export const finalAnswer = (text: string): string => (text.split("####").at(-1) ?? text).trim()

/** The name of the field of a role that a record has, or the first that it could have. */
export const nameIn = (record: DataRecord, names: ReadonlyArray<string>): string =>
  names.find((name) => lookUp(record, name) !== undefined) ?? names.join(" or ")

/** The value of a field: of the whole name, in any case, or of its parts, record by record. */
const lookUp = (value: unknown, name: string): unknown => {
  if (!isRecord(value)) return undefined
  if (Object.hasOwn(value, name)) return value[name]
  const alike = Object.keys(value).find((key) => key.toLowerCase() === name.toLowerCase())
  if (alike !== undefined) return value[alike]
  const dot = name.indexOf(".")
  return dot < 0 ? undefined : lookUp(lookUp(value, name.slice(0, dot)), name.slice(dot + 1))
}

const textOf = (value: unknown): string | undefined => {
  if (typeof value === "string") return value
  if (typeof value === "number" || typeof value === "bigint") return String(value)
  return Array.isArray(value) ? lastOfUser(value) : undefined
}

const lastOfUser = (messages: ReadonlyArray<unknown>): string | undefined => {
  const content = messages.filter(isRecord).findLast(({ role }) => role === "user")?.["content"]
  return typeof content === "string" ? content : undefined
}
