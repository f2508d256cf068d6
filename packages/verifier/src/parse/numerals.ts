/**
 * Numerals: digits in groups, decimals, powers of ten.
 *
 *     1234   1,234   1{,}234   1\,234   1 234   1.234.567   1'234   0.5   .5   1.2e5
 *
 * Every pattern is a sequence of disjoint pieces, so matching takes time linear in what is matched.
 */

/** What a numeral spells, and where it ends. */
export interface Numeral {
  /** `digits[.digits]`, without separators and exponents. */
  readonly text: string
  readonly next: number
}

/** How commas are read, besides as separators of thousands. */
export interface Conventions {
  /** 3,14 is a decimal, not a pair of numbers. */
  readonly decimalComma: boolean
}

export const defaultConventions: Conventions = { decimalComma: false }

const digitRun = /\d+/y
const groupedByComma = /[1-9]\d{0,2}(?:,\d{3})+(?![\d])/y
const groupedByTeX = /[1-9]\d{0,2}(?:(?:\s?\{\s?,\s?\}|,?\s?\\[,!;:]|,\\ )\s?\d{3})+(?!\d)/y
const groupedBySpace = /[1-9]\d{0,2}(?:[ ~\u00A0\u2009\u202F]\d{3})+(?![\d])(?! ?[\d/])/y
const groupedByPoint = /[1-9]\d{0,2}(?:\.\d{3})+(?=,\d)/y
/** With two points or more, or with apostrophes, there is no other reading. */
const groupedPlainly = /[1-9]\d{0,2}(?:(?:\.\d{3}){2,}|(?:'\d{3})+)(?![\d.'])/y
const scientific = /([eE])([+-]?)(\d{1,4})(?![\dA-Za-z.])/y

const match = (pattern: RegExp, text: string, position: number): RegExpExecArray | null => {
  pattern.lastIndex = position
  return pattern.exec(text)
}

/** Whether nothing after digits could go on with them: most numerals are that short. */
const isPlain = (text: string, end: number): boolean => {
  const next = text[end]
  if (next === ",") return !/^(?:\d{3}|\s?\\)/.test(text.slice(end + 1, end + 4))
  return next === undefined || !continuing.has(next)
}

const continuing: ReadonlySet<string> = new Set(" .'{\\~eE\u00A0\u2009\u202F")

/**
 * The numeral at a position where a digit stands, or a point before a digit. Commas between brackets separate items:
 * (1,234) is a pair.
 */
export const numeralAt = (
  text: string,
  position: number,
  isBracketed: boolean,
  conventions: Conventions,
): Numeral => {
  const plain = match(digitRun, text, position)
  if (plain !== null && !conventions.decimalComma && isPlain(text, position + plain[0].length))
    return { text: plain[0], next: position + plain[0].length }
  const whole =
    (conventions.decimalComma ? match(groupedByPoint, text, position) : null) ??
    (isBracketed ? null : match(groupedByComma, text, position)) ??
    match(groupedByTeX, text, position) ??
    match(groupedPlainly, text, position) ??
    (isBracketed ? null : match(groupedBySpace, text, position)) ??
    plain
  const end = position + (whole?.[0].length ?? 0)
  const point = text[end] === "." || (conventions.decimalComma && !isBracketed && text[end] === ",")
  const decimals = point ? (match(digitRun, text, end + 1)?.[0] ?? "") : ""
  const digits = (whole?.[0] ?? "").replaceAll(/\D/g, "")
  if (decimals !== "") return scaled(text, `${digits}.${decimals}`, end + 1 + decimals.length)
  return scaled(text, digits, end)
}

/**
 * 1.2e5 and 1e-3, but not 2e-1, which is twice e less one: with a sign, a one-digit exponent and a whole number other than
 * 1 the letter is the constant.
 */
const scaled = (text: string, digits: string, end: number): Numeral => {
  const exponent = match(scientific, text, end)
  if (exponent === null) return { text: digits, next: end }
  const [all, letter, sign, power = ""] = exponent
  const isFloat = letter === "E" || digits.includes(".") || digits === "1" || sign === "" || power.length > 1
  return isFloat
    ? { text: shifted(digits, Number(`${sign}${power}`)), next: end + all.length }
    : { text: digits, next: end }
}

/** digits · 10^n, as digits. */
const shifted = (digits: string, n: number): string => {
  const [whole = "", decimals = ""] = digits.split(".")
  if (n >= 0) {
    const padded = decimals.padEnd(n, "0")
    return padded.length === n ? `${whole}${padded}` : `${whole}${padded.slice(0, n)}.${padded.slice(n)}`
  }
  const padded = whole.padStart(1 - n, "0")
  return `${padded.slice(0, n)}.${padded.slice(n)}${decimals}`
}
