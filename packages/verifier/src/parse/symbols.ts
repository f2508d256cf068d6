/**
 * The spellings of symbols: Unicode characters and TeX commands, each with the one spelling that the grammar reads.
 */
import type { Kind } from "./token.ts"

/** What a character or command stands for. */
export type Spelling = readonly [kind: Kind, text: string]

const all = (kind: Kind, spellings: Readonly<Record<string, string>>): ReadonlyArray<[string, Spelling]> =>
  Object.entries(spellings).flatMap(([text, names]) =>
    names.split(" ").map((name): [string, Spelling] => [name, [kind, text]]),
  )

/** Characters beyond ASCII. Digits, super- and subscripts and fractions have their own tables. */
export const characters: ReadonlyMap<string, Spelling> = new Map([
  ...all("symbol", {
    "-": "− – — ‐ ‑ ﹣",
    "*": "× · ⋅ ∗ • ∙",
    "/": "÷ ∕ ⁄",
    "±": "± ∓",
    "<=": "≤ ⩽ ≦",
    ">=": "≥ ⩾ ≧",
    "!=": "≠",
    "≈": "≈ ≃ ≅",
    "≡": "≡",
    "∪": "∪ ⋃",
    "∩": "∩ ⋂",
    "∖": "∖",
    "∈": "∈",
    "∉": "∉",
    "⊂": "⊂ ⊆",
    "∣": "∣",
    "°": "° º ˚",
    "'": "′ ’",
    "…": "… ⋯",
    ",": "、",
    "|": "‖",
    $: "$",
    "€": "€",
    "£": "£",
    "¥": "¥",
    "₹": "₹",
    "¢": "¢",
  }),
  ...all("name", {
    sqrt: "√",
    cbrt: "∛",
    pi: "π",
    infty: "∞",
    emptyset: "∅",
    R: "ℝ",
    N: "ℕ",
    Z: "ℤ",
    Q: "ℚ",
    C: "ℂ",
    lfloor: "⌊",
    rfloor: "⌋",
    lceil: "⌈",
    rceil: "⌉",
    langle: "⟨",
    rangle: "⟩",
    angle: "∠",
    triangle: "△",
    alpha: "α",
    beta: "β",
    gamma: "γ",
    delta: "δ",
    epsilon: "ε",
    zeta: "ζ",
    eta: "η",
    theta: "θ",
    kappa: "κ",
    lambda: "λ",
    mu: "μ µ",
    nu: "ν",
    xi: "ξ",
    rho: "ρ",
    sigma: "σ",
    tau: "τ",
    phi: "φ ϕ",
    chi: "χ",
    psi: "ψ",
    omega: "ω",
    Delta: "Δ",
    Omega: "Ω",
    Sigma: "Σ",
    Phi: "Φ",
  }),
])

/** Commands that are symbols. */
export const commands: ReadonlyMap<string, Spelling> = new Map(
  all("symbol", {
    "*": "times cdot ast centerdot bullet",
    "/": "div slash",
    "±": "pm mp",
    "<": "lt",
    ">": "gt",
    "<=": "le leq leqslant leqq",
    ">=": "ge geq geqslant geqq",
    "!=": "ne neq",
    "≈": "approx simeq cong approxeq doteq",
    "≡": "equiv",
    "∪": "cup bigcup",
    "∩": "cap bigcap",
    "∖": "setminus smallsetminus backslash",
    "∈": "in",
    "∉": "notin",
    "⊂": "subset subseteq",
    "∣": "mid",
    "|": "lvert rvert vert Vert lVert rVert |",
    "°": "degree textdegree",
    "'": "prime",
    "…": "ldots cdots dots dotsc dotsb vdots ddots dotsm dotso textellipsis",
    "\\{": "{ lbrace",
    "\\}": "} rbrace",
    "[": "lbrack",
    "]": "rbrack",
    "(": "lparen",
    ")": "rparen",
    "%": "% textpercent",
    $: "$ textdollar",
    "&": "&",
    _: "_",
    "#": "#",
    "€": "euro texteuro",
    "£": "pounds textsterling",
    "¢": "cent",
    ":": "colon",
    and: "land wedge",
    or: "lor vee",
    "=": "eq iff Leftrightarrow",
    "→": "to rightarrow Rightarrow implies longrightarrow",
  }),
)

/** Commands that stand for space, or set a style up to the end of a group: they mean nothing. */
export const silentCommands: ReadonlySet<string> = new Set(
  [
    ", ; : ! > ( ) [ ] quad qquad enspace thinspace medspace thickspace negthinspace space nobreak allowbreak newline par hfill",
    "displaystyle textstyle scriptstyle scriptscriptstyle limits nolimits rm bf it cal large Large small normalsize",
    "nonumber notag strut mathstrut null relax noindent bigskip medskip smallskip centering hline",
    "therefore because checkmark qed qedsymbol blacksquare",
  ].flatMap((names) => names.split(" ")),
)

/** Sizes of delimiters. */
export const sizeCommands: ReadonlySet<string> = new Set(
  "left right middle big Big bigg Bigg bigl Bigl biggl Biggl bigr Bigr biggr Biggr bigm Bigm".split(" "),
)

/** Commands whose argument is prose. */
export const textCommands: ReadonlySet<string> = new Set(
  "text textbf textit textrm textsf texttt textnormal textup textsc emph mbox hbox mathrm mathsf mathtt operatorname bold".split(
    " ",
  ),
)

/** Commands whose argument, in braces, is thrown away. */
export const hiddenCommands: ReadonlySet<string> = new Set(
  "hspace vspace phantom hphantom vphantom label tag color textcolor leftroot uproot".split(" "),
)

const ofDigits = (digits: string): ReadonlyMap<string, string> =>
  new Map(Array.from(digits, (digit, i) => [digit, "0123456789+-()ni"[i] ?? ""]))

export const superscripts: ReadonlyMap<string, string> = ofDigits("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿⁱ")
export const subscripts: ReadonlyMap<string, string> = ofDigits("₀₁₂₃₄₅₆₇₈₉₊₋₍₎ₙᵢ")

/** Numerator and denominator, a digit each. */
export const vulgarFractions: ReadonlyMap<string, string> = new Map(
  "½12 ⅓13 ⅔23 ¼14 ¾34 ⅕15 ⅖25 ⅗35 ⅘45 ⅙16 ⅚56 ⅛18 ⅜38 ⅝58 ⅞78"
    .split(" ")
    .map((entry) => [entry.slice(0, 1), entry.slice(1)]),
)
