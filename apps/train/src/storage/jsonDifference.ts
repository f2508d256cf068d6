/**
 * Where two JSON values first differ, by the path of the field.
 *
 *     { training: { steps: 3 } }, { training: { steps: 4 } }   ↦   training.steps, 3, 4
 *
 * Law (test): undefined exactly for equal values, whatever the order of their fields.
 */

/** A JSON value. */
export type Json = null | boolean | number | string | ReadonlyArray<Json> | { readonly [name: string]: Json }

/** A field and its two values, in words. */
export interface JsonDifference {
  readonly field: string
  readonly before: string
  readonly now: string
}

/** See the module header. `field` is the path of the values themselves. */
export const jsonDifference = (
  before: Json | undefined,
  now: Json | undefined,
  field: string = "",
): JsonDifference | undefined => {
  if (Array.isArray(before) && Array.isArray(now)) {
    if (before.length !== now.length)
      return { field, before: `${before.length} entries`, now: `${now.length}` }
    return first(before.keys(), (i) => jsonDifference(before[i] as Json, now[i] as Json, `${field}[${i}]`))
  }
  if (isRecord(before) && isRecord(now))
    return first(new Set([...Object.keys(before), ...Object.keys(now)]), (name) =>
      jsonDifference(before[name], now[name], field === "" ? name : `${field}.${name}`),
    )
  return before === now ? undefined : { field, before: shown(before), now: shown(now) }
}

// numerics

const first = <A, B>(items: Iterable<A>, f: (item: A) => B | undefined): B | undefined => {
  for (const item of items) {
    const found = f(item)
    if (found !== undefined) return found
  }
  return undefined
}

const isRecord = (value: Json | undefined): value is { readonly [name: string]: Json } =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const longest = 60

const shown = (value: Json | undefined): string => {
  const text = value === undefined ? "nothing" : JSON.stringify(value)
  return text.length > longest ? `${text.slice(0, longest)}…` : text
}
