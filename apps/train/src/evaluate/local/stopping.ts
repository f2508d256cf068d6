/**
 * Stop strings: a response ends as soon as its text contains one, and keeps what stands before it.
 */

/** The text before the first place at which a stop string begins; undefined when there is none. */
export const before = (text: string, stop: ReadonlyArray<string>): string | undefined => {
  const places = stop.map((each) => text.indexOf(each)).filter((place) => place >= 0)
  return places.length === 0 ? undefined : text.slice(0, Math.min(...places))
}

/**
 * Whether the last token of a response completed a stop string. Only as many tokens are decoded as the longest can span (a
 * token holds a byte or more), so that a long response costs no more than a short one.
 */
export const justStopped = (
  stop: ReadonlyArray<string>,
  decode: (ids: ReadonlyArray<number>) => string,
): ((ids: ReadonlyArray<number>) => boolean) => {
  const reach = Math.max(0, ...stop.map((each) => new TextEncoder().encode(each).length))
  return (ids) => reach > 0 && before(decode(ids.slice(-reach)), stop) !== undefined
}
