/**
 * Which fields of a data set's records hold what.
 *
 *     id       id, unique_id, or else the record's number
 *     problem  problem, question, prompt
 *     answer   answer, gold, solution;  of a text with "#### x", as GSM8K has it, x
 *
 * The first that a record has counts; names that the user gives replace the list.
 */
import * as E from "fp-ts/lib/Either.js"

// model

/** What a record has to tell. */
export const roles = ["id", "problem", "answer"] as const
/** See the value `roles`. */
export type Role = (typeof roles)[number]

/** For each role, the names that are tried in order. */
export type Fields = Readonly<Record<Role, ReadonlyArray<string>>>

/** The usual names. */
export const usual: Fields = {
  id: ["id", "unique_id"],
  problem: ["problem", "question", "prompt"],
  answer: ["answer", "gold", "solution"],
}

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

// destructors

/** The value of the first field that the record has; numbers as they are written. */
export const valueOf = (
  record: Readonly<Record<string, unknown>>,
  names: ReadonlyArray<string>,
): string | undefined => {
  const name = names.find((each) => record[each] !== undefined && record[each] !== null)
  const value = name === undefined ? undefined : record[name]
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : undefined
}

/** What follows the last "####" of a worked solution; any other text is its own answer. */
export const finalAnswer = (text: string): string => (text.split("####").at(-1) ?? text).trim()

/** The name of the field of a role that a record has, or the first that it could have. */
export const nameIn = (record: Readonly<Record<string, unknown>>, names: ReadonlyArray<string>): string =>
  names.find((name) => name in record) ?? names.join(" or ")
