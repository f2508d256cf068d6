/**
 * What the fields of a JSON line may hold. Pure: each reader gives the value, or what is wrong with it in words.
 */
import * as E from "fp-ts/lib/Either.js"
import type { Json } from "../model/tokenizer/masking.ts"

// model

/** The record of a line; a line without an id is named by its number. */
export interface Row {
  readonly id: string | number
  readonly fields: { readonly [name: string]: Json }
}

/** What is wrong with a line, in words that follow its place. */
export type Fault = string

// constructors

/** The record of a line. */
export const rowOf = (line: string, number: number): E.Either<Fault, Row> => {
  let json: Json
  try {
    json = JSON.parse(line) as Json
  } catch (cause) {
    return E.left(`is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`)
  }
  if (!isRecord(json)) return E.left("is not an object")
  const { id = number } = json
  return typeof id === "string" || typeof id === "number"
    ? E.right({ id, fields: json })
    : E.left("id: is neither a string nor a number")
}

// destructors

/** A text: no half of a surrogate pair in it, which is no text. */
export const textField = ({ fields }: Row, name: string): E.Either<Fault, string> => {
  const value = fields[name]
  if (value === undefined) return E.left(`${name}: is missing`)
  if (typeof value !== "string") return E.left(`${name}: is not a string`)
  return !/\p{Surrogate}/u.test(value)
    ? E.right(value)
    : E.left(`${name}: holds half a surrogate pair, which is no text`)
}

/** Token ids of a vocabulary, at least one. `size` is the model's number of rows. */
export const idsField = (
  { fields }: Row,
  name: string,
  size: number,
): E.Either<Fault, ReadonlyArray<number>> => {
  const value = fields[name]
  if (value === undefined) return E.left(`${name}: is missing`)
  if (!isList(value)) return E.left(`${name}: is not a list`)
  const at = value.findIndex((id) => typeof id !== "number" || !Number.isInteger(id) || id < 0 || id >= size)
  return at < 0
    ? E.right(value as ReadonlyArray<number>)
    : E.left(
        `${name}[${at}]: ${JSON.stringify(value[at])} is not a token id: they are whole numbers from 0 to ${size - 1}`,
      )
}

/** A list of records. */
export const recordsField = ({ fields }: Row, name: string): E.Either<Fault, ReadonlyArray<Json>> => {
  const value = fields[name]
  if (value === undefined) return E.left(`${name}: is missing`)
  if (!isList(value)) return E.left(`${name}: is not a list`)
  const at = value.findIndex((each) => !isRecord(each))
  return at < 0 ? E.right(value) : E.left(`${name}[${at}]: is not an object`)
}

/** Whether the record has a field; null is none. */
export const has = ({ fields }: Row, name: string): boolean =>
  fields[name] !== undefined && fields[name] !== null

// numerics

const isList = (value: Json): value is ReadonlyArray<Json> => Array.isArray(value)

const isRecord = (value: Json | undefined): value is { readonly [name: string]: Json } =>
  typeof value === "object" && value !== null && !Array.isArray(value)
