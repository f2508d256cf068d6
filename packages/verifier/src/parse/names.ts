/**
 * The names that have a meaning: functions, constants, Greek letters; and the words that connect answers.
 */
import type { ConstantName, FunctionName } from "../expression/model.ts"

const table = <A extends string>(entries: Readonly<Partial<Record<A, string>>>): ReadonlyMap<string, A> =>
  new Map(
    Object.entries<string>(entries as Record<string, string>).flatMap(([meaning, names]) =>
      names.split(" ").map((name): [string, A] => [name, meaning as A]),
    ),
  )

/** Functions that may stand before their argument without parentheses. */
export const functions: ReadonlyMap<string, FunctionName> = table<FunctionName>({
  ln: "ln",
  log: "log lg",
  exp: "exp",
  gcd: "gcd",
  lcm: "lcm",
  min: "min",
  max: "max",
  sin: "sin",
  cos: "cos",
  tan: "tan tg",
  cot: "cot ctg cotan",
  sec: "sec",
  csc: "csc cosec",
  arcsin: "arcsin asin",
  arccos: "arccos acos",
  arctan: "arctan atan arctg",
  arccot: "arccot acot",
  arcsec: "arcsec asec",
  arccsc: "arccsc acsc",
  sinh: "sinh",
  cosh: "cosh",
  tanh: "tanh",
  real: "Re",
  imaginary: "Im",
})

/** Functions that need parentheses: their names are words, too. */
export const plainFunctions: ReadonlyMap<string, FunctionName> = table<FunctionName>({
  root: "root",
  abs: "abs Abs",
  floor: "floor",
  ceiling: "ceil ceiling",
  factorial: "factorial",
  binomial: "binomial binom",
  mod: "mod Mod",
  real: "real",
  imaginary: "imaginary",
  conjugate: "conjugate",
  degrees: "degrees",
  ln: "Log",
})

/** Functions without a meaning of their own, as they are shown. */
export const calls: ReadonlySet<string> = new Set(
  "sum product limit det ratio piecewise doubleFactorial".split(" "),
)

export const constants: ReadonlyMap<string, ConstantName> = table<ConstantName>({
  pi: "pi Pi PI",
  infinity: "infinity infty Infinity inf oo",
  e: "exponentialE",
  i: "imath",
})

export const greek: ReadonlySet<string> = new Set(
  [
    "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi rho varrho sigma",
    "varsigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Sigma Upsilon Phi Psi Omega ell hbar aleph",
  ].flatMap((names) => names.split(" ")),
)

/** What an inverse function is called: sin⁻¹ is arcsin. */
export const inverses: ReadonlyMap<FunctionName, FunctionName> = new Map([
  ["sin", "arcsin"],
  ["cos", "arccos"],
  ["tan", "arctan"],
  ["cot", "arccot"],
  ["sec", "arcsec"],
  ["csc", "arccsc"],
])

/** The words that begin a remark about the answer before them. */
export const remarks: ReadonlySet<string> = new Set(
  "for where when whenever if with such provided given because since as which that by at from approximately approx about".split(
    " ",
  ),
)

/** Words of two or three letters that are no products of variables. */
export const shortWords: ReadonlySet<string> = new Set(
  "yes no odd one two six ten all any not the is are of to in on at it or and nor so if an none red day man mon tue wed thu fri sat sun jan feb mar apr jun jul aug sep oct nov dec dne na undefined".split(
    " ",
  ),
)

/** Words before an answer that announce it. */
export const announcements: ReadonlySet<string> = new Set("is are equals be".split(" "))

/** Whether a run of letters names something. */
export const isNamed = (word: string): boolean =>
  functions.has(word) ||
  calls.has(word) ||
  plainFunctions.has(word) ||
  constants.has(word) ||
  greek.has(word) ||
  word === "sqrt" ||
  word === "cbrt"
