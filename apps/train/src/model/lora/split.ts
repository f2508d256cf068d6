/**
 * A model's parameters with an adapter among them, taken apart: base and adapter, trained and constant.
 */
import { adapterNames } from "./adapterNames.ts"

const { a, b, scale } = adapterNames("")

/** Whether a parameter is an adapter's A or B. */
export const isTrained = (name: string): boolean => name.endsWith(a) || name.endsWith(b)

/** Whether a parameter belongs to an adapter: its A, B, or scale. */
export const isOfAdapter = (name: string): boolean => isTrained(name) || name.endsWith(scale)

/** The layer whose A this is; undefined for every other parameter. */
export const layerOfA = (name: string): string | undefined =>
  name.endsWith(a) ? name.slice(0, -a.length) : undefined

/** The entries of which `belongs` holds, and the others. */
export const splitBy = <V>(
  entries: Iterable<readonly [string, V]>,
  belongs: (name: string) => boolean,
): { readonly those: ReadonlyMap<string, V>; readonly others: ReadonlyMap<string, V> } => {
  const all = [...entries]
  return {
    those: new Map(all.filter(([name]) => belongs(name))),
    others: new Map(all.filter(([name]) => !belongs(name))),
  }
}
