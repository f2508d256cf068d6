/**
 * A problem of `rapo solve` as its JSON says it, checked field by field: the first fault is told with its index.
 */
import { Categorical } from "@rapo/distributions"
import { Optimal } from "@rapo/rapo"
import * as E from "fp-ts/lib/Either.js"
import { pipe } from "fp-ts/lib/function.js"

/** What is to be solved. */
export interface Question {
  readonly problem: Optimal.Problem
  readonly divergence: "forward" | "reverse"
  readonly alpha: number
  readonly entropy: number
  readonly labels: ReadonlyArray<string> | undefined
}

/** What cannot be used, where, and what to do about it. */
export interface Fault {
  readonly field: string
  readonly problem: string
  readonly remedy: string
}

type Checked<A> = E.Either<Fault, A>

const fault = (field: string, problem: string, remedy: string): E.Either<Fault, never> =>
  E.left({ field, problem, remedy })

const fields = ["reference", "reward", "divergence", "alpha", "entropy", "labels"]

/** One problem from parsed JSON. */
export const readQuestion = (json: unknown): Checked<Question> => {
  if (typeof json !== "object" || json === null || Array.isArray(json))
    return fault("", `a problem is an object, and this is ${show(json)}`, example)
  const given = new Map<string, unknown>(Object.entries(json))
  const unknownField = [...given.keys()].find((name) => !fields.includes(name))
  if (unknownField !== undefined)
    return fault(unknownField, "there is no such field", `The fields are ${fields.join(", ")}.`)
  return pipe(
    E.Do,
    E.bind("reference", () => readReference(given.get("reference"))),
    E.bind("problem", ({ reference }) => readProblem(reference, given.get("reward"))),
    E.bind("divergence", () => readDivergence(given.get("divergence"))),
    E.bind("alpha", () =>
      coefficient("alpha", given.get("alpha"), (x) => x > 0, "Give a finite number above 0, such as 0.5."),
    ),
    E.bind("entropy", () =>
      given.has("entropy")
        ? coefficient("entropy", given.get("entropy"), (x) => x >= 0, "Give a finite number of at least 0.")
        : E.right(0),
    ),
    E.bind("labels", ({ problem }) => readLabels(given.get("labels"), problem.rewards.length)),
    E.map(({ reference: _, ...question }) => question),
  )
}

const example = 'Such as {"reference": [0.9, 0.1], "reward": [0, 1], "divergence": "forward", "alpha": 0.5}.'

const normalise = "Give probabilities: numbers of at least 0 that add up to 1."

const readReference = (json: unknown): Checked<Categorical.Categorical> =>
  pipe(
    numbers("reference", json, (p) => p >= 0, normalise),
    E.flatMap((probabilities) =>
      pipe(
        Categorical.fromProbabilities(probabilities),
        E.mapLeft((error) => ({
          field: "reference",
          problem:
            error._tag === "NotNormalised"
              ? `adds up to ${error.total}, not to 1`
              : Categorical.showError(error),
          remedy: "Divide each probability by their sum.",
        })),
      ),
    ),
  )

const readProblem = (reference: Categorical.Categorical, json: unknown): Checked<Optimal.Problem> =>
  pipe(
    numbers("reward", json, () => true, "Give a finite number for each outcome."),
    E.flatMap((rewards) => sameLength("reward", rewards, Categorical.size(reference))),
    E.flatMap((rewards) =>
      pipe(
        Optimal.problem(reference, rewards),
        E.mapLeft((error) => ({
          field: "reward",
          problem: Optimal.showError(error),
          remedy: "Give a finite number for each outcome.",
        })),
      ),
    ),
  )

const readDivergence = (json: unknown): Checked<"forward" | "reverse"> =>
  json === "forward" || json === "reverse"
    ? E.right(json)
    : fault(
        "divergence",
        said(json),
        'Give "forward" for KL(reference‖policy) or "reverse" for KL(policy‖reference).',
      )

const readLabels = (json: unknown, outcomes: number): Checked<ReadonlyArray<string> | undefined> => {
  if (json === undefined) return E.right(undefined)
  if (!Array.isArray(json)) return fault("labels", said(json), "Give a list with a string for each outcome.")
  const labels: ReadonlyArray<unknown> = json
  const index = labels.findIndex((label) => typeof label !== "string")
  return index >= 0
    ? fault(`labels[${index}]`, said(labels[index]), "Give a string for each outcome.")
    : sameLength(
        "labels",
        labels.map((label) => String(label)),
        outcomes,
      )
}

/** A list of finite numbers that are all `allowed`. */
const numbers = (
  field: string,
  json: unknown,
  allowed: (x: number) => boolean,
  remedy: string,
): Checked<ReadonlyArray<number>> => {
  if (!Array.isArray(json)) return fault(field, said(json), `Give a list. ${remedy}`)
  const list: ReadonlyArray<unknown> = json
  if (list.length === 0) return fault(field, "is empty", "Give at least one outcome.")
  const read: Array<number> = []
  for (const [index, x] of list.entries()) {
    if (typeof x !== "number" || !Number.isFinite(x) || !allowed(x))
      return fault(`${field}[${index}]`, said(x), remedy)
    read.push(x)
  }
  return E.right(read)
}

const coefficient = (
  field: string,
  json: unknown,
  allowed: (x: number) => boolean,
  remedy: string,
): Checked<number> =>
  typeof json === "number" && Number.isFinite(json) && allowed(json)
    ? E.right(json)
    : fault(field, said(json), remedy)

const sameLength = <A>(field: string, list: ReadonlyArray<A>, outcomes: number): Checked<ReadonlyArray<A>> =>
  list.length === outcomes
    ? E.right(list)
    : fault(
        `${field}[${Math.min(list.length, outcomes)}]`,
        `there are ${list.length} entries for ${outcomes} outcomes`,
        "Give one for each probability of the reference.",
      )

const said = (json: unknown): string => (json === undefined ? "is missing" : `is ${show(json)}`)

const show = (json: unknown): string => {
  const text = JSON.stringify(json) ?? String(json)
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}
