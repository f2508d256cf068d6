/**
 * Hostile and likely inputs of the verifier, by number: the pair of a seed and a number is the same on every machine, so that a
 * long run can be continued anywhere and a finding can be repeated.
 */

/** A reference answer and a response. */
export type Input = readonly [gold: string, response: string]

/** Uniform in [0, 1): mulberry32, which is enough for noise and needs no library. */
export const stream = (seed: number, index: number): (() => number) => {
  let state = (Math.imul(seed, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b)) >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

const pieces: ReadonlyArray<string> = [
  ...Array.from("0123456789.,+-*/^()[]{}$\\=<>|!%_&;:'~#xyzabin \n\t−×÷±√π∞≤≥∪½²°€√１𝟙"),
  ..."\\boxed{ \\fbox{ \\frac \\frac{ \\dfrac12 \\sqrt{ \\sqrt[3]{ \\left( \\right) \\left[ \\right] \\text{ \\begin{pmatrix} \\end{pmatrix} \\\\ \\cup \\cap \\setminus \\infty \\pi \\sin \\cos \\tan \\log_ \\ln \\binom{ \\cdot \\times \\div \\pm \\le \\ge \\in \\mathbb{R} \\{ \\} \\ldots \\circ \\% \\! \\, \\overline{ \\angle \\boxed{} $$ \\( \\) \\[ \\] 10^{ 2^{2^ 999999999 0.000001 1,000 1e9 e^ i \\pmod".split(
    " ",
  ),
  ..."The answer is |####|Answer:|so |and |or |</think>|<answer>|</answer>|therefore |no solution|None|true|(A)|final answer is |meters|sq. units|dollars| o'clock|is |equals ".split(
    "|",
  ),
]

const pick = <A>(random: () => number, list: ReadonlyArray<A>): A =>
  // The list is never empty.
  list[Math.floor(random() * list.length)] as A

const soup = (random: () => number, most: number): string =>
  Array.from({ length: 1 + Math.floor(random() ** 2 * most) }, () => pick(random, pieces)).join("")

/** Well-formed formulas, which get through the parser and into the comparison. */
const formula = (random: () => number, depth: number): string => {
  const sub = (): string => formula(random, depth - 1)
  const leaf = (): string =>
    pick(random, [
      () => `${Math.floor(random() * 20)}`,
      () => `${Math.floor(random() * 10 ** Math.floor(random() * 16))}`,
      () => (random() * 100).toFixed(Math.floor(random() * 8)),
      () => pick(random, ["x", "y", "n", "\\pi", "e", "i", "\\infty", "a_1", "\\theta"]),
    ])()
  if (depth <= 0) return leaf()
  return pick(random, [
    leaf,
    () => `${sub()}+${sub()}`,
    () => `${sub()}-${sub()}`,
    () => `${sub()} \\cdot ${sub()}`,
    () => `${sub()}${sub()}`,
    () => `\\frac{${sub()}}{${sub()}}`,
    () => `(${sub()})/(${sub()})`,
    () => `\\sqrt{${sub()}}`,
    () => `\\sqrt[${pick(random, ["3", "5", "n"])}]{${sub()}}`,
    () => `(${sub()})^{${sub()}}`,
    () => `${pick(random, ["\\sin", "\\cos", "\\tan", "\\log_2", "\\ln", "\\arctan", "\\exp"])}(${sub()})`,
    () => `(${sub()})!`,
    () => `\\binom{${sub()}}{${sub()}}`,
    () => `|${sub()}|`,
    () => `${sub()} \\pm ${sub()}`,
    () => `(${sub()}, ${sub()})`,
    () => `[${sub()}, ${sub()}) \\cup (${sub()}, ${sub()}]`,
    () => `\\{${sub()}, ${sub()}, ${sub()}\\}`,
    () => `${sub()}, ${sub()}`,
    () => `${sub()} = ${sub()}`,
    () => `${sub()} ${pick(random, ["<", "\\le", ">", "\\ge", "\\ne"])} ${sub()}`,
    () => `\\begin{pmatrix} ${sub()} & ${sub()} \\\\ ${sub()} & ${sub()} \\end{pmatrix}`,
    () => `${sub()} \\text{ ${pick(random, ["cm", "m^2", "dollars", "if", "and", "hours"])}}`,
    () => `${sub()}\\%`,
    () => `${sub()} \\bmod ${sub()}`,
    () => `\\lfloor ${sub()} \\rfloor`,
  ])()
}

/** A text with a few of its characters gone, doubled, exchanged, or replaced; or with a part of another in it. */
const mutated = (random: () => number, text: string, other: string): string => {
  let result = text
  for (let k = 0; k < 1 + Math.floor(random() * 4); k++) {
    const [at, to] = [Math.floor(random() * (result.length + 1)), Math.floor(random() * (result.length + 1))]
    const [from, end] = [Math.min(at, to), Math.min(Math.max(at, to), Math.min(at, to) + 40)]
    result = pick(random, [
      () => result.slice(0, at) + result.slice(at + 1),
      () => result.slice(0, at) + pick(random, pieces) + result.slice(at),
      () => result.slice(0, from) + result.slice(from, end).repeat(2) + result.slice(end),
      () => result.slice(0, from) + result.slice(end),
      () =>
        result.slice(0, at) +
        other.slice(Math.floor(random() * other.length)).slice(0, 60) +
        result.slice(at),
      () =>
        result.slice(0, at) + pick(random, pieces).repeat(1 + Math.floor(random() * 50)) + result.slice(at),
    ])()
  }
  return result
}

const boxed = (text: string): string => `\\boxed{${text}}`

/** What no mutation finds: towers, factorials, depth, length; `size` is 1 for the full horror. */
export const extremes = (size: number): ReadonlyArray<string> => {
  const many = (text: string, times: number): string => text.repeat(Math.max(1, Math.round(times * size)))
  const around = (open: string, inside: string, close: string, times: number): string =>
    many(open, times) + inside + many(close, times)
  const series = (times: number, item: (i: number) => string, separator: string): string =>
    Array.from({ length: Math.max(2, Math.round(times * size)) }, (_, i) => item(i)).join(separator)
  const texts = [
    "2^{2^{2^{100}}}",
    "10^{10^9}!",
    "(10^{10^9})!",
    "9^{9^{9^{9^{9}}}}",
    "10^{-10^{10}}",
    "\\frac{1}{10^{10^{10}}}",
    "100000!",
    "((((9!)!)!)!)!",
    "\\binom{1000000000}{500000000}",
    "(1+\\sqrt2)^{1000000}",
    "(x+y+z)^{1000}",
    "(x^{1000000}-1)/(x-1)",
    "\\sin(10^{10^{10}})",
    "\\log(\\log(\\log(10^{100000})))",
    "\\sqrt[1000000]{2}",
    "1e999999999",
    "0^{-1}",
    "\\lfloor 10^{10^{10}} \\rfloor",
    around("{", "1", "}", 1e5),
    many("{", 1e5),
    many("\\boxed{", 1e5),
    many("\\boxed{}", 1e5),
    many("\\boxed{2},", 1e5),
    many("7", 1e6),
    `0.${many("7", 1e6)}`,
    many("777,", 3e5),
    many("$", 1e6),
    many("$1", 5e5),
    many("\\(1", 5e5),
    many("(", 1e6),
    many("\\", 1e6),
    many(" ", 1e6),
    many("1\n", 5e5),
    many("12 ", 3e5),
    many("the answer is ", 1e5),
    many("Answer: ", 1e5),
    many("#### ", 2e5),
    many("<answer>1</answer>", 5e4),
    many("**1", 3e5),
    `${many("-", 9000)}1`,
    around("\\sqrt{", "2", "}", 1000),
    around("\\frac{1}{1+", "1", "}", 190),
    around("e^{", "1", "}", 190),
    around("2^{", "1", "}", 190),
    `1${many("\\pm 1", 30)}`,
    many("1,", 4900),
    many("3!", 3000),
    `3${many("!", 5000)}`,
    many("|", 9000),
    many("\\frac", 1900),
    many("\\log", 2000),
    many("\\begin{pmatrix}", 500),
    series(1900, (i) => `\\sqrt{${i + 2}}`, "+"),
    series(500, (i) => `(x+${i})`, ""),
    series(400, (i) => `(x_{${i}}+y)`, ""),
    series(900, (i) => `\\sqrt{${i + 2}}`, ","),
    series(400, (i) => `(${i},${i + 1})`, "\\cup "),
    series(900, (i) => `x=${i}`, " or "),
    series(300, (i) => `\\sin(${i})`, "\\cdot "),
  ]
  // As long as answers may be, of each kind of token: what is longer than `Limits` allows costs less.
  const longest = 3980
  const filled = (text: string): string => many(text, Math.floor(longest / text.length))
  const borders = [
    ..."1,|x,|1+|x+|1*|1:|1<|1=|1 |x|1_2,|1\\%,|1 cm,|5 ft |1\\\\|\\ldots,|\\pm 1|2^3 |2 x |f(x)+|{5 \\choose 2}+".split(
      "|",
    ),
    ..."\\frac12,|\\sum_{k=1}^{9}|five |not |1'234|x \\ne 1,|x<1,|(1,2),".split("|"),
  ].map(filled)
  const wide = [
    series(600, (i) => `${i}`, ","),
    `\\{${series(700, (i) => `${i}`, ",")}\\}`,
    series(300, (i) => `x=${i}`, " or "),
    `\\begin{pmatrix}${filled("1&").slice(0, 3900)}\\end{pmatrix}`,
    "\\sum_{k=1}^{200} k^k",
    "\\sum_{i=1}^{200}\\sum_{j=1}^{20} ij",
    "1, 2, \\ldots, 201",
    `0.${many("12", 600)}...`,
  ]
  return [...texts, ...borders, ...wide].flatMap((text) => [text, boxed(text)])
}

/**
 * The input of a number, from the given oracles (pairs of known suites, may be empty) and extremes.
 *
 * 30% soup, 25% formulas against formulas, 40% mutated oracles and crossed ones, 5% soup in a box; every
 * `extremesEvery`-th number is an extreme against itself, an ordinary answer, or another.
 */
export const input = (
  random: () => number,
  index: number,
  oracles: ReadonlyArray<Input>,
  horrors: ReadonlyArray<string>,
  extremesEvery: number,
): Input => {
  if (index % extremesEvery === 0) {
    const horror = pick(random, horrors)
    return pick(random, [
      (): Input => [horror, horror],
      (): Input => ["\\frac12", horror],
      (): Input => [horror, boxed("\\frac12")],
      (): Input => [horror, mutated(random, horror, "1")],
    ])()
  }
  const kind = random()
  if (kind < 0.3 || (oracles.length === 0 && kind >= 0.55)) return [soup(random, 12), soup(random, 60)]
  if (kind < 0.55) {
    const gold = formula(random, 3)
    const pred = random() < 0.3 ? mutated(random, gold, gold) : formula(random, 3)
    return [gold, boxed(pred)]
  }
  if (kind < 0.6) return [pick(random, oracles)[0], boxed(soup(random, 20))]
  const [gold, pred] = pick(random, oracles)
  const [otherGold, otherPred] = pick(random, oracles)
  return pick(random, [
    (): Input => [gold, mutated(random, pred, otherPred)],
    (): Input => [mutated(random, gold, otherGold), pred],
    (): Input => [mutated(random, gold, otherGold), boxed(mutated(random, gold, otherGold))],
    (): Input => [gold, otherPred],
    (): Input => [gold, boxed(otherGold)],
  ])()
}
