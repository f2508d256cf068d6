/** Colours as light, and how well one can be read on another. */

export type Triple = readonly [number, number, number]

/** Linear RGB. */
export const linear = (colour: string): Triple => {
  const channel = (at: number): number => {
    const x = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4
  }
  return [channel(1), channel(3), channel(5)]
}

/** WCAG 2.2: (L + 0.05) / (L' + 0.05) of the relative luminances. */
export const contrast = (a: string, b: string): number => {
  const luminance = (colour: string): number => {
    const [r, g, b] = linear(colour)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const [low, high] = [luminance(a), luminance(b)].toSorted((x, y) => x - y)
  return ((high ?? 0) + 0.05) / ((low ?? 0) + 0.05)
}
