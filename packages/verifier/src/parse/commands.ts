/**
 * TeX commands that name something, each with the rule that reads on after it.
 */
import { apply, call, constant, namedSet, set, variable } from "../expression/make.ts"
import type { Expression } from "../expression/model.ts"
import { angled, rounded } from "./brackets.ts"
import { accepts, type Cursor, expects, fail, nested, nothing, sees, take } from "./cursor.ts"
import { application, argument } from "./functions.ts"
import { named, subscript } from "./letters.ts"
import { constants, functions, greek, plainFunctions } from "./names.ts"
import { binomial, fraction, root, three } from "./roots.ts"
import type { Token } from "./token.ts"

type Reader = (cursor: Cursor, token: Token) => Expression

/**
 * A name that is its own meaning: \alpha, \pi, \sin; or one of the commands below. An unknown macro is an unknown: it
 * equals itself and nothing else.
 */
export const command = (cursor: Cursor): Expression => {
  const token = take(cursor)
  const { text } = token
  const read = commands.get(text)
  if (read !== undefined) return read(cursor, token)
  const known = functions.get(text)
  if (known !== undefined) return application(cursor, known)
  const name = constants.get(text)
  if (name !== undefined) return constant(name)
  if (greek.has(text)) return named(cursor, text.replace(/^var/, ""), token)
  const plain = plainFunctions.get(text)
  return plain !== undefined && sees(cursor, "(")
    ? application(cursor, plain)
    : !beginsOperand(token)
      ? fail(cursor, "an operand", token)
      : variable(`\\${text}${subscript(cursor)}`)
}

/** \mathbf{x}, \vec{v}: a name in another dress. The letters e and i are no constants in it. */
const dressed: Reader = (cursor) => {
  const inner = argument(cursor)
  return inner._tag === "Constant" && (inner.name === "e" || inner.name === "i")
    ? variable(inner.name)
    : inner
}

/** \overline{z} is a conjugate; over several letters it is a segment, which has a name. */
const barred: Reader = (cursor) => {
  const inner = argument(cursor)
  return inner._tag === "Variable" && inner.name.length === 1 && /[a-z]/.test(inner.name)
    ? apply("conjugate", inner)
    : inner
}

/** \mathbb{R}, \mathbb R; other letters are names. */
const blackboard: Reader = (cursor) => {
  const isBraced = accepts(cursor, "{")
  const { text } = take(cursor)
  if (isBraced) expects(cursor, "}", "MissingBrace")
  const name = (["N", "Z", "Q", "R", "C"] as const).find((letter) => letter === text)
  return name === undefined ? variable(text) : namedSet(name)
}

/** \sum_{k=0}^{n} a_k: the index, the upper bound where there is one, and the term. */
const bigOperator =
  (name: string): Reader =>
  (cursor) => {
    const bounds: Array<Expression> = []
    while (sees(cursor, "_") || sees(cursor, "^")) {
      take(cursor)
      bounds.push(argument(cursor))
    }
    return call(name, ...bounds, nested(cursor, cursor.rules.product, nothing))
  }

/** \angle ABC, \triangle ABC: a name of letters. */
const figure =
  (kind: string): Reader =>
  (cursor) => {
    const isBraced = accepts(cursor, "{")
    const token = take(cursor)
    if (token.kind !== "word" && token.kind !== "name") return fail(cursor, "a name", token)
    const name = `${kind}${token.text}${subscript(cursor)}`
    if (isBraced) expects(cursor, "}", "MissingBrace")
    return variable(name)
  }

/** \lim_{x \to a} t: the variable, where it goes, and the term. */
const limit: Reader = (cursor) => {
  expects(cursor, "_")
  expects(cursor, "{")
  const from = nested(cursor, cursor.rules.sum, nothing)
  expects(cursor, "→")
  const to = nested(cursor, cursor.rules.sum, nothing)
  if (accepts(cursor, "^")) take(cursor)
  expects(cursor, "}")
  return call("limit", from, to, nested(cursor, cursor.rules.product, nothing))
}

const commands: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ...["frac", "dfrac", "tfrac", "cfrac", "nicefrac", "sfrac"].map((name): [string, Reader] => [
    name,
    fraction,
  ]),
  ...["binom", "dbinom", "tbinom"].map((name): [string, Reader] => [name, binomial]),
  ["sqrt", (cursor) => root(cursor)],
  ["cbrt", (cursor) => root(cursor, three)],
  ...[
    "mathbf",
    "boldsymbol",
    "bm",
    "pmb",
    "mathit",
    "mathcal",
    "vec",
    "hat",
    "widehat",
    "tilde",
    "overrightarrow",
  ].map((name): [string, Reader] => [name, dressed]),
  ...["boxed", "fbox", "underline", "displaylines", "mathop", "mathbin", "mathrel", "ensuremath"].map(
    (name): [string, Reader] => [name, (cursor) => argument(cursor)],
  ),
  ["overline", barred],
  ["bar", barred],
  ["mathbb", blackboard],
  ["mathds", blackboard],
  ...(["N", "Z", "Q", "R", "C"] as const).map((name): [string, Reader] => [name, () => namedSet(name)]),
  ["emptyset", () => set([])],
  ["varnothing", () => set([])],
  ["lfloor", (cursor) => rounded(cursor, "floor")],
  ["lceil", (cursor) => rounded(cursor, "ceiling")],
  ["langle", (cursor) => angled(cursor)],
  ["sum", bigOperator("sum")],
  ["prod", bigOperator("product")],
  ["angle", figure("∠")],
  ["triangle", figure("△")],
  ["lim", limit],
  ...["int", "iint", "oint", "partial", "nabla", "begin", "end", "rfloor", "rceil", "rangle"].map(
    (name): [string, Reader] => [name, (cursor, token) => fail(cursor, "algebra", token)],
  ),
  ["Re", (cursor) => application(cursor, "real")],
  ["Im", (cursor) => application(cursor, "imaginary")],
])

/** Names that close or combine, so begin no operand. */
const others: ReadonlySet<string> = new Set(
  "circ rfloor rceil rangle choose over pmod bmod pod mod not to sim perp parallel".split(" "),
)

/** Whether a name begins an operand. */
export const beginsOperand = (token: Token): boolean => !others.has(token.text)
