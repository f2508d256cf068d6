/**
 * A line of `rapo verify`: a reference answer and a response. Other fields, such as a suite's own options, are left alone.
 */
import * as E from "fp-ts/lib/Either.js"

/** See the module header. */
export interface Pair {
  readonly id: string | number
  readonly gold: string
  readonly pred: string
  /** Whether the response is right, where somebody has said it. */
  readonly expected: boolean | undefined
}

/** The pair that a line of JSON says, or what is wrong with it. A line without an id is named by its number. */
export const parsePair = (line: string, number: number): E.Either<string, Pair> => {
  let json: unknown
  try {
    json = JSON.parse(line)
  } catch (cause) {
    return E.left(`is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`)
  }
  if (typeof json !== "object" || json === null || Array.isArray(json)) return E.left("is not an object")
  const { id = number, gold, pred, expected }: Readonly<Record<string, unknown>> = { ...json }
  if (typeof id !== "string" && typeof id !== "number") return E.left("id: is neither a string nor a number")
  const [reference, response] = [text(gold), text(pred)]
  if (reference === undefined) return E.left(`gold: ${missing(gold)}`)
  if (response === undefined) return E.left(`pred: ${missing(pred)}`)
  return E.right({
    id,
    gold: reference,
    pred: response,
    expected: typeof expected === "boolean" ? expected : undefined,
  })
}

/** A number is an answer too. */
const text = (value: unknown): string | undefined =>
  typeof value === "string" ? value : typeof value === "number" ? String(value) : undefined

const missing = (value: unknown): string => (value === undefined ? "is missing" : "is not a string")
