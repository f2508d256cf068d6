/**
 * Words that pass through a chat template without being able to become control tokens there.
 *
 * A template mixes the conversation's words with its own control tokens, and afterwards nobody can tell them apart. So each name
 * of a control token in the words, and each part of one at a word's beginning or end, is broken by a mark (a noncharacter that
 * occurs nowhere in the request) before the template sees it; the rendered text is cut at the names that are whole, which
 * are the template's own; and the mark is taken out of what lies between.
 *
 * Law: `unmask(mask(x)) = x`, and no name of a control token occurs in `mask(x)`, nor across an end of it that is put beside
 * another text. Words that name no control token, nor begin or end with a part of one, are not touched.
 */
import type { ControlToken } from "./ControlTokens.ts"

/** Any JSON value. */
export type Json = null | boolean | number | string | ReadonlyArray<Json> | { readonly [key: string]: Json }

/** Noncharacters: Unicode promises that no text for interchange contains them. */
const candidates = Array.from({ length: 32 }, (_, i) => String.fromCharCode(0xfdd0 + i))

/** A mark that occurs in none of the texts; undefined when a text uses all 32. */
export const freeMark = (texts: ReadonlyArray<string>): string | undefined =>
  candidates.find((mark) => texts.every((text) => !text.includes(mark)))

/** Every string of a value, keys included. */
export const stringsOf = (value: Json): ReadonlyArray<string> =>
  typeof value === "string"
    ? [value]
    : typeof value !== "object" || value === null
      ? []
      : isList(value)
        ? value.flatMap(stringsOf)
        : Object.entries(value).flatMap(([key, own]) => [key, ...stringsOf(own)])

/**
 * Where words are broken: at the `names` in them, or at every place where a name could begin. The second also withstands templates
 * that cut a part out of a message and join the rest; but it hides words such as </think> that templates may look for.
 */
export type Breaking = "names" | "beginnings"

/** The value with every string masked. */
export const mask = (
  controls: ReadonlyArray<ControlToken>,
  mark: string,
  breaking: Breaking,
): ((value: Json) => Json) => {
  const names = controls.map(({ content }) => content)
  const wanted = breaking === "names" ? names : [...new Set(names.map((name) => name.slice(0, 1)))]
  const own = (text: string): string => maskText(text, names, wanted, mark)
  const each = (value: Json): Json =>
    typeof value === "string"
      ? own(value)
      : typeof value !== "object" || value === null
        ? value
        : isList(value)
          ? value.map(each)
          : Object.fromEntries(Object.entries(value).map(([key, below]) => [own(key), each(below)]))
  return each
}

/** The text without marks. */
export const unmask = (text: string, mark: string): string => text.replaceAll(mark, "")

// numerics

const maskText = (
  text: string,
  names: ReadonlyArray<string>,
  wanted: ReadonlyArray<string>,
  mark: string,
): string => {
  const breaks = new Set<number>()
  for (const part of wanted)
    for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) breaks.add(at + 1)
  for (const name of names) {
    // A beginning of the name at the text's end, and an end of it at the text's beginning.
    for (let length = 1; length < name.length; length++) {
      if (text.endsWith(name.slice(0, length))) breaks.add(text.length - length + 1)
      if (text.startsWith(name.slice(-length))) breaks.add(0)
    }
  }
  if (breaks.size === 0) return text
  const places = [...breaks].toSorted((a, b) => a - b)
  return [0, ...places].map((from, i) => text.slice(from, places[i])).join(mark)
}

const isList = (value: Json): value is ReadonlyArray<Json> => Array.isArray(value)
