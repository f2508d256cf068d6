/**
 * A key that an object of a JSON text has twice. `JSON.parse` keeps the last of them without a word, other readers the
 * first: such a file means different things to different programs.
 *
 * **Domain**  a text that `JSON.parse` accepts.
 */
export const duplicateKey = (json: string): string | undefined => {
  // The keys of the objects that are open at this place; undefined for a list.
  const open: Array<Set<string> | undefined> = []
  for (let at = 0; at < json.length; at++) {
    const character = json[at]
    if (character === "{") open.push(new Set())
    else if (character === "[") open.push(undefined)
    else if (character === "}" || character === "]") open.pop()
    else if (character === '"') {
      const end = endOfString(json, at)
      const keys = open.at(-1)
      if (keys !== undefined && isKey(json, end)) {
        const key = JSON.parse(json.slice(at, end)) as string
        if (keys.has(key)) return key
        keys.add(key)
      }
      at = end - 1
    }
  }
  return undefined
}

/** The place after the string literal that begins at `start`. */
const endOfString = (json: string, start: number): number => {
  let at = start + 1
  while (at < json.length && json[at] !== '"') at += json[at] === "\\" ? 2 : 1
  return at + 1
}

/** Whether a colon follows: a string in an object is a key or a value. */
const isKey = (json: string, end: number): boolean => {
  let at = end
  while (json[at] === " " || json[at] === "\n" || json[at] === "\t" || json[at] === "\r") at++
  return json[at] === ":"
}
