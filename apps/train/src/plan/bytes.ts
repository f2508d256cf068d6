/**
 * Sizes of memory, read and shown.
 */

const units: Readonly<Record<string, number>> = {
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
}

/** Bytes of a text such as "80GB" (80·10⁹) or "24 GiB" (24·2³⁰); undefined when it is none. */
export const parseBytes = (text: string): number | undefined => {
  const [, number = "", unit = ""] = /^\s*(\d+(?:\.\d+)?)\s*([kmgt]?i?b)\s*$/i.exec(text) ?? []
  const factor = units[unit.toLowerCase()]
  const bytes = Number(number) * (factor ?? NaN)
  return Number.isFinite(bytes) && bytes >= 1 ? Math.floor(bytes) : undefined
}

/** "12.3 GB": in units of 10³ⁿ, one digit after the point. */
export const showBytes = (bytes: number): string => {
  const [unit, factor]: readonly [string, number] =
    bytes >= 1e9 ? ["GB", 1e9] : bytes >= 1e6 ? ["MB", 1e6] : ["kB", 1e3]
  return `${(bytes / factor).toFixed(1)} ${unit}`
}
