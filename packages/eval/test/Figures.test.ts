import * as fc from "fast-check"
import { describe, expect, test } from "vitest"
import * as Axis from "../src/report/Axis.ts"
import * as Format from "../src/report/Format.ts"
import * as Labels from "../src/report/Labels.ts"
import * as Markup from "../src/report/Markup.ts"
import * as Theme from "../src/report/Theme.ts"
import * as A from "./arbitraries.ts"
import { contrast, linear, type Triple } from "./contrast.ts"

/** Pixels: far below what can be seen. */
const hair = 1e-6

describe("labels", () => {
  const positions = fc.array(fc.double({ min: 0, max: 200, noNaN: true }), { maxLength: 15 })

  test("spread keeps the gap, the order and the bounds", () =>
    fc.assert(
      fc.property(positions, (wanted) => {
        const [gap, high] = [13, 200]
        const moved = Labels.spread(wanted, gap, 0, high)
        const order = wanted.map((_, i) => i).toSorted((a, b) => (wanted[a] ?? 0) - (wanted[b] ?? 0) || a - b)
        const sorted = order.map((i) => moved[i] ?? Number.NaN)
        return (
          sorted.every((y, i) => i === 0 || y - (sorted[i - 1] ?? 0) >= gap - hair) &&
          sorted.every((y) => y >= -hair && y <= high + hair)
        )
      }),
    ))
  test("spread moves nothing that stands apart", () =>
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10 }),
        fc.double({ min: 13, max: 20, noNaN: true }),
        (count, gap) => {
          const wanted = Array.from({ length: count }, (_, i) => i * gap)
          return Labels.spread(wanted, 13, 0, 200).every((y, i) => Math.abs(y - (wanted[i] ?? 0)) < hair)
        },
      ),
    ))
  test("spread is the nearest: no label does better elsewhere", () =>
    fc.assert(
      fc.property(
        fc.double({ min: 50, max: 150, noNaN: true }),
        fc.double({ min: 0, max: 10, noNaN: true }),
        (y, d) => {
          // two labels closer than the gap move by the same distance, in opposite directions
          const [a, b] = Labels.spread([y, y + d], 13, 0, 200)
          const shift = (13 - d) / 2
          return Math.abs((a ?? 0) - (y - shift)) < hair && Math.abs((b ?? 0) - (y + d + shift)) < hair
        },
      ),
    ))
  test("placed labels cover neither each other nor a dot, and stay inside", () => {
    const coordinate = fc.double({ min: 0, max: 300, noNaN: true })
    const dots = fc.array(fc.record({ x: coordinate, y: coordinate, label: fc.string({ maxLength: 15 }) }), {
      maxLength: 20,
    })
    fc.assert(
      fc.property(dots, (all) => {
        const frame = { left: 0, top: 0, right: 300, bottom: 300 }
        const boxes = Labels.place(all, frame).map(Labels.boxOf)
        return (
          boxes.every((box, i) => boxes.slice(i + 1).every((other) => !Labels.overlap(box, other))) &&
          boxes.every((box) =>
            all.every(({ x, y }) => !(box.left < x && x < box.right && box.top < y && y < box.bottom)),
          ) &&
          boxes.every(
            ({ left, right, top, bottom }) => left >= 0 && right <= 300 && top >= 0 && bottom <= 300,
          )
        )
      }),
    )
  })
  test("a lone dot keeps its label at its right", () => {
    const frame = { left: 0, top: 0, right: 300, bottom: 300 }
    expect(Labels.place([{ x: 100, y: 50, label: "base" }], frame)).toEqual([
      { dot: 0, x: 108, y: 50, text: "base", isFar: false },
    ])
  })
})

describe("axes", () => {
  test("hold their values between round ticks", () =>
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { maxLength: 10 }), (values) => {
        const { low, high, ticks } = Axis.holding(values)
        const slack = 1e-6 * Math.max(1, ...values.map(Math.abs))
        return (
          values.every((x) => x >= low - slack && x <= high + slack) &&
          ticks.length >= 2 &&
          ticks.length <= 9 &&
          low < high
        )
      }),
    ))
  test("of a probability", () => {
    expect(Axis.holding([0, 0.98])).toEqual({ low: 0, high: 1, ticks: [0, 0.2, 0.4, 0.6, 0.8, 1], digits: 1 })
    expect(Axis.holding([])).toMatchObject({ low: 0, high: 1 })
    expect(Axis.holding([Number.NaN, 0.02, 0.05]).digits).toBe(2)
  })
  test("pixels and values are inverse", () =>
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (x) => {
        const axis = Axis.holding([0, 1])
        return Math.abs(Axis.valueAt(axis, 220, Axis.pixel(axis, 220, x)) - x) < hair
      }),
    ))
})

describe("text", () => {
  test("escaped text holds no markup and can be read back", () =>
    fc.assert(
      fc.property(A.hostileText, (value) => {
        const escaped = Markup.escape(value)
        const entities: Readonly<Record<string, string>> = {
          amp: "&",
          lt: "<",
          gt: ">",
          quot: '"',
          "#39": "'",
        }
        const back = escaped.replaceAll(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => entities[name] ?? "")
        return !/[<>"']/.test(escaped) && back === Markup.printable(value)
      }),
    ))
  test("numbers", () => {
    expect([0.1236, -0.0001, -0.25, Number.NaN].map((x) => Format.number(x))).toEqual([
      "0.124",
      "0.000",
      "−0.250",
      "–",
    ])
    expect([0.1, -0.1, 0, 0.0001, -0.0001].map((x) => Format.signed(x))).toEqual([
      "+0.100",
      "−0.100",
      "0.000",
      "0.000",
      "0.000",
    ])
    expect(Format.percent(0.9312)).toBe("93.1 %")
  })
})

describe("colours", () => {
  const all = [...Object.values(Theme.families), ...Theme.spareFamilies].map(({ colour }) => colour)

  test.each(["light", "dark"] as const)("text in every colour can be read in %s mode (4.5 : 1)", (mode) => {
    for (const colour of [...all, Theme.ink, Theme.quiet])
      expect(contrast(colour[mode], Theme.paper[mode]), colour[mode]).toBeGreaterThanOrEqual(4.5)
  })

  /** About twice what is told apart side by side in thin lines; shapes and labels tell families apart in any case. */
  const apart = 0.05

  test.each(["light", "dark"] as const)(
    "the families differ for every common colour vision in %s mode",
    (mode) => {
      const families = Object.values(Theme.families).map(({ colour }) => colour[mode])
      for (const vision of [normal, protanopia, deuteranopia])
        for (const [i, a] of families.entries())
          for (const b of families.slice(i + 1))
            expect(distance(seen(vision, a), seen(vision, b)), `${a} and ${b}`).toBeGreaterThan(apart)
    },
  )
})

type Matrix = readonly [Triple, Triple, Triple]

const normal: Matrix = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
]
/** Machado, Oliveira & Fernandes (2009), full severity, on linear RGB. */
const protanopia: Matrix = [
  [0.152286, 1.052583, -0.204868],
  [0.114503, 0.786281, 0.099216],
  [-0.003882, -0.048116, 1.051998],
]
const deuteranopia: Matrix = [
  [0.367322, 0.860646, -0.227968],
  [0.280085, 0.672501, 0.047413],
  [-0.01182, 0.04294, 0.968881],
]

const times = (matrix: Matrix, [x, y, z]: Triple): Triple => {
  const row = ([a, b, c]: Triple): number => a * x + b * y + c * z
  return [row(matrix[0]), row(matrix[1]), row(matrix[2])]
}

/** In OKLab (Ottosson, 2020), whose distances are roughly even to the eye. */
const seen = (vision: Matrix, colour: string): Triple => {
  const [r, g, b] = times(vision, linear(colour))
  const [l, m, s] = times(
    [
      [0.4122214708, 0.5363325363, 0.0514459929],
      [0.2119034982, 0.6806995451, 0.1073969566],
      [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    [Math.max(0, r), Math.max(0, g), Math.max(0, b)],
  )
  return times(
    [
      [0.2104542553, 0.793617785, -0.0040720468],
      [1.9779984951, -2.428592205, 0.4505937099],
      [0.0259040371, 0.7827717662, -0.808675766],
    ],
    [Math.cbrt(l), Math.cbrt(m), Math.cbrt(s)],
  )
}

const distance = (a: Triple, b: Triple): number => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])
