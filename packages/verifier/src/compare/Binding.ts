/**
 * Letters that stand for anything, so that another letter says the same.
 *
 *     f(x) = 2x   ~  f(t) = 2t                      what a function is applied to, where it is defined
 *     2k\pi, k \in \mathbb{Z}   ~  2n\pi            a parameter, where a side says that it is any integer
 *     \{2k \mid k \in \mathbb{Z}\}  ~  \{2n \mid n \in \mathbb{Z}\}
 */
import * as Make from "../Expression.ts"
import type { Expression } from "../Expression.ts"
import * as Syntax from "./Syntax.ts"

type Pair = readonly [gold: Expression, answer: Expression]

// combinators

/** Both answers with the same letters where letters stand for anything. */
export const aligned = (gold: Expression, answer: Expression): Pair => {
  const [g, a] = [parametric(gold), parametric(answer)]
  if (g.name !== undefined || a.name !== undefined) return alignedParameters(g, a)
  if (gold._tag === "SetBuilder" && answer._tag === "SetBuilder") return alignedNames(gold, answer)
  return alignedDefinitions(gold, answer)
}

/** The answer with its variables renamed to those of the reference, in the order of appearance. */
export const renamedAs = (gold: Expression, answer: Expression): Expression => {
  const [names, variables] = [Syntax.variablesOf(gold), Syntax.variablesOf(answer)]
  if (names.length !== variables.length) return answer
  const renaming = new Map(variables.map((variable, k) => [variable, names[k] ?? variable]))
  return Syntax.mapNodes(answer, (node) =>
    node._tag === "Variable" ? { ...node, name: renaming.get(node.name) ?? node.name } : node,
  )
}

// parameters

interface Parametric {
  readonly body: Expression
  /** The integer parameter, if one is declared. */
  readonly name: string | undefined
}

/** An answer without "k ∈ ℤ". A condition on the answer itself, n ≥ 2 with n ∈ ℕ, is no declaration. */
const parametric = (e: Expression): Parametric => {
  const plain = { body: e, name: undefined }
  if (e._tag !== "List") return plain
  const name = e.items.map(declared).find((declaration) => declaration !== undefined)
  const rest = e.items.filter((item) => declared(item) === undefined)
  const [first] = rest
  if (name === undefined || first === undefined || rest.length !== e.items.length - 1) return plain
  const isUsed = rest.some((item) => Syntax.variablesOf(item).includes(name))
  if (!isUsed || rest.some(isCondition)) return plain
  return { body: rest.length === 1 ? first : Make.list(rest, e.connective), name }
}

/** k of k ∈ ℤ and k ∈ ℕ. */
const declared = (e: Expression): string | undefined => {
  if (e._tag !== "Relation" || e.operators.join() !== "in") return undefined
  const [element, set] = e.operands
  return element?._tag === "Variable" && set?._tag === "NamedSet" && (set.name === "Z" || set.name === "N")
    ? element.name
    : undefined
}

const isCondition = (e: Expression): boolean =>
  e._tag === "Relation" && e.operators.some((operator) => operator !== "=")

/** The other side's parameter is the one it declares, or its only name that this side does not have. */
const alignedParameters = (gold: Parametric, answer: Parametric): Pair => {
  const [names, variables] = [Syntax.variablesOf(gold.body), Syntax.variablesOf(answer.body)]
  const [mine, ...more] = gold.name === undefined ? without(names, variables) : [gold.name]
  const [other, ...others] = answer.name === undefined ? without(variables, names) : [answer.name]
  const isFree = mine !== undefined && other !== undefined && more.length + others.length === 0
  return isFree && mine !== other && !variables.includes(mine)
    ? [gold.body, renamed(answer.body, new Map([[other, mine]]))]
    : [gold.body, answer.body]
}

const without = (names: ReadonlyArray<string>, others: ReadonlyArray<string>): ReadonlyArray<string> =>
  names.filter((name) => !others.includes(name))

// sets and definitions

/** Sets of what one name describes. */
const alignedNames = (gold: Expression, answer: Expression): Pair => {
  const [[name, ...more], [other, ...others]] = [Syntax.variablesOf(gold), Syntax.variablesOf(answer)]
  return name !== undefined && other !== undefined && more.length + others.length === 0
    ? [gold, renamed(answer, new Map([[other, name]]))]
    : [gold, answer]
}

const alignedDefinitions = (gold: Expression, answer: Expression): Pair => {
  const [f, g] = [definedBy(gold), definedBy(answer)]
  if (f === undefined || g === undefined || f.name !== g.name || f.names.length !== g.names.length)
    return [gold, answer]
  const clash = f.names.some((name, k) => name !== g.names[k] && Syntax.variablesOf(answer).includes(name))
  if (clash) return [gold, answer]
  return [gold, renamed(answer, new Map(g.names.map((name, k) => [name, f.names[k] ?? name])))]
}

/** The function that an equation defines, and what it is applied to there: distinct names. */
const definedBy = (
  e: Expression,
): { readonly name: string; readonly names: ReadonlyArray<string> } | undefined => {
  const head = e._tag === "Relation" && e.operators[0] === "=" ? e.operands[0] : undefined
  if (head?._tag !== "Call" || !isApplied(head)) return undefined
  const names = Syntax.variablesOf(head)
  return names.length === head.arguments.length ? { name: head.name, names } : undefined
}

/**
 * Whether something is a function of names, f(x), and no value of it, f(2).
 *
 * @category refinements
 */
export const isApplied = (e: Expression): boolean =>
  e._tag === "Call" && e.arguments.length > 0 && e.arguments.every(({ _tag }) => _tag === "Variable")

const renamed = (e: Expression, names: ReadonlyMap<string, string>): Expression =>
  Syntax.mapNodes(e, (node) =>
    node._tag === "Variable" ? { ...node, name: names.get(node.name) ?? node.name } : node,
  )
