/**
 * How many boxes a text has: closed ones with something in them, and ones that never close. Boxes inside boxes count.
 */

/** What was counted. */
export interface Boxes {
  readonly closed: number
  readonly unclosed: number
}

const opening = /\\(?:boxed|fbox)\s*\{/y

/** See the module header. One pass over the text. */
export const boxes = (text: string): Boxes => {
  /** Where the content of each open group begins, if the group is a box; -1 for other groups. */
  const open: Array<number> = []
  let closed = 0
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    if (character === "\\") {
      opening.lastIndex = at
      const found = opening.exec(text)
      if (found === null) at++
      else {
        at += found[0].length - 1
        open.push(at + 1)
      }
    } else if (character === "{" && open.length > 0) open.push(-1)
    else if (character === "}") {
      const start = open.pop()
      if (start !== undefined && start >= 0 && text.slice(start, at).trim() !== "") closed++
    }
  }
  return { closed, unclosed: open.filter((start) => start >= 0).length }
}
