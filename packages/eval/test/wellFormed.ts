/** The grammar of pages and figures, as a check that can fail. */

/** Names of namespaces are spelt like addresses and are none. */
export const withoutNamespaces = (markup: string): string => markup.replaceAll(/ xmlns(:xlink)?="[^"]*"/g, "")

/** The elements and attributes that pages and figures are made of; all else came in from outside. */
const elements = new Set(
  "html head meta title link style body main header section h1 h2 p ol ul li dl dt dd div span strong small figure figcaption table caption thead tbody tr th td input label svg g path rect line text".split(
    " ",
  ),
)
const attributes =
  /^(class|type|id|for|checked|lang|charset|http-equiv|content|name|rel|href|role|tabindex|scope|aria-label|aria-hidden|aria-roledescription|xmlns|xmlns:xlink|version|width|height|viewBox|x|y|x2|y2|d|fill|fill-opacity|stroke|stroke-width|stroke-opacity|stroke-dasharray|stroke-linejoin|stroke-linecap|stroke-miterlimit|opacity|transform|text-anchor|font-family|font-size|font-weight|pointer-events|display)$/
const unclosed = new Set(["meta", "link", "br", "input"])

/** Balanced tags of known elements with known attributes, text without raw angle brackets or forbidden characters. */
export const isWellFormed = (markup: string): boolean => {
  const stack: Array<string> = []
  const content = markup.replace(/^<!doctype html>\n/, "").replaceAll(/<style>[^<]*<\/style>/g, "")
  const rest = content.replaceAll(
    /<(\/?)([a-zA-Z][\w:-]*)((?:\s+[\w:-]+="[^"<>]*")*)\s*(\/?)>/g,
    (_, close: string, name: string, own: string, selfClosed: string) => {
      const known = [...own.matchAll(/([\w:-]+)="[^"]*"/g)].every(([, each]) => attributes.test(each ?? ""))
      if (!elements.has(name) || !known) stack.push("unknown")
      else if (close === "/") {
        if (stack.pop() !== name) stack.push("unbalanced")
      } else if (selfClosed !== "/" && !unclosed.has(name)) stack.push(name)
      return ""
    },
  )
  return stack.length === 0 && !/[<>]/.test(rest) && !/(?![\t\n\r])[\p{Cc}\p{Cs}\ufffe\uffff]/u.test(markup)
}
