/**
 * HTML as a value: text enters only through `text` and attribute values, which escape it.
 *
 * **Laws**  the markup of any tree is balanced, and holds no element or attribute that the tree does not name,
 * whatever its texts are. Only `trusted` can break this; it is for SVG that this package has made itself.
 */

// model

/**
 * A piece of a document, already escaped.
 *
 * @category models
 * @since 0.1.0
 */
export interface Markup {
  readonly _tag: "Markup"
  readonly html: string
}

/** Attributes by name; `true` is an attribute without a value. */
export type Attributes = Readonly<Record<string, string | true>>

// constructors

const markup = (html: string): Markup => ({ _tag: "Markup", html })

/**
 * Text, escaped.
 *
 * @category constructors
 * @since 0.1.0
 */
export const text = (value: string): Markup => markup(escape(value))

/**
 * Markup that is known to be safe.
 *
 * @category constructors
 * @since 0.1.0
 */
export const trusted = (html: string): Markup => markup(html)

/**
 * An element; strings among its children are text.
 *
 * @category constructors
 * @since 0.1.0
 */
export const element = (
  name: string,
  attributes: Attributes,
  ...children: ReadonlyArray<Markup | string>
): Markup => {
  const opening = `<${name}${Object.entries(attributes).map(attribute).join("")}>`
  return markup(isVoid(name) ? opening : `${opening}${concat(children).html}</${name}>`)
}

// combinators

/**
 * One piece after another.
 *
 * @category combinators
 * @since 0.1.0
 */
export const concat = (pieces: ReadonlyArray<Markup | string>): Markup =>
  markup(pieces.map((piece) => (typeof piece === "string" ? escape(piece) : piece.html)).join(""))

// destructors

/**
 * Text as it may stand in the content and in the quoted attributes of HTML and XML.
 *
 * @category destructors
 * @since 0.1.0
 */
export const escape = (value: string): string =>
  printable(value).replaceAll(/[&<>"']/g, (character) => entities[character] ?? character)

/**
 * Text without the characters that XML 1.0 forbids: control characters, lone surrogates and non-characters become
 * U+FFFD. An SVG file with one of them in it cannot be opened.
 *
 * @category destructors
 * @since 0.1.0
 */
export const printable = (value: string): string =>
  value.replaceAll(/(?![\t\n\r])[\p{Cc}\p{Cs}\ufffe\uffff]/gu, "\ufffd")

// numerics

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
}

const attribute = ([name, value]: readonly [string, string | true]): string =>
  value === true ? ` ${name}` : ` ${name}="${escape(value)}"`

const isVoid = (name: string): boolean => ["meta", "link", "br", "input"].includes(name)
