import { Report } from "@rapo/eval"
import { Resvg } from "@resvg/resvg-js"
import * as fc from "fast-check"
import { describe, expect, test } from "vitest"
import * as A from "./arbitraries.ts"
import { sampleReport } from "./sample.ts"
import { isWellFormed, withoutNamespaces } from "./wellFormed.ts"

const data = sampleReport()
const html = await Report.renderReport(data)
const figure = await Report.passAtKFigure(data)

describe("one page", () => {
  test("equal data give equal text", async () => {
    expect(await Report.renderReport(sampleReport())).toBe(html)
    expect(await Report.passAtKFigure(sampleReport())).toBe(figure)
  })

  test("less than 2 MB, for long runs too", async () => {
    expect(html.length).toBeLessThan(bytesAllowed)
    const long = data.arms.flatMap(({ name }) =>
      Array.from({ length: 20_000 }, (_, step) => ({
        arm: name,
        step,
        reward: 0.5,
        entropy: 1 / (1 + step),
        kl: 0.1,
      })),
    )
    expect((await Report.renderReport({ ...data, training: long })).length).toBeLessThan(bytesAllowed)
  })

  test("asks nothing of any network and runs nothing", () => {
    expect(withoutNamespaces(html)).not.toMatch(
      /https?:|\bsrc=|@import|url\(|<script|<iframe|<object|\bon\w+=/i,
    )
    expect(html.includes("default-src &#39;none&#39;")).toBe(true)
  })

  test("figures say what they show", () => {
    const images = html.match(/<svg [^>]*>/g) ?? []
    expect(images.length).toBe(12)
    for (const image of images) expect(image).toMatch(/role="img" aria-label="[^"]{20,}"/)
    expect(html.match(/<svg [^>]*><title>/g)?.length).toBe(images.length)
    expect(html.includes("pass@k against k on Four numbers: base 0.1")).toBe(true)
  })

  test("tables have captions and headed rows and columns", () => {
    const tables = html.match(/<table[\s\S]*?<\/table>/g) ?? []
    expect(tables.length).toBe(8)
    for (const table of tables) {
      expect(table).toMatch(/<caption>.+<\/caption>/)
      expect(table).toContain('<th scope="col">')
      expect(table).toContain('<th scope="row">')
    }
  })

  test("every arm is in the tables, and every sentence on the page", () => {
    for (const { label } of data.arms) expect(html.includes(label)).toBe(true)
    for (const sentence of [...data.summary, ...data.notes]) expect(html.includes(sentence)).toBe(true)
  })

  test("colours follow the reader's mode, and paper is light", () => {
    expect(html.includes("@media screen and (prefers-color-scheme:dark)")).toBe(true)
    const colours = new Set(
      [...html.matchAll(/(?:fill|stroke)="(#[0-9a-fA-F]{3,8})"/g)].map(([, colour]) => colour),
    )
    expect(colours.size).toBeGreaterThan(5)
    for (const colour of colours) expect(html.includes(`="${colour}"]{`)).toBe(true)
  })
})

describe("the headline figure", () => {
  test("one panel a set, with the base and the chosen arms", () => {
    for (const { title } of data.arms[0]?.sets ?? []) expect(figure.includes(`>${title}</text>`)).toBe(true)
    for (const { label, chosen } of data.arms) expect(figure.includes(`>${label}</text>`)).toBe(chosen)
  })
  test("it can be drawn", () => {
    const image = new Resvg(figure).render()
    expect([image.width, image.height]).toEqual([1190, 424])
  })
})

describe("any text is only text", () => {
  test("the page keeps its grammar", async () => {
    await fc.assert(
      fc.asyncProperty(A.hostileReport, async (report) => isWellFormed(await Report.renderReport(report))),
      { numRuns: 40 },
    )
  })
  test("the figure is well-formed XML", async () => {
    await fc.assert(
      fc.asyncProperty(A.hostileReport, async (report) => {
        const svg = await Report.passAtKFigure(report)
        return isWellFormed(svg) && new Resvg(svg).height > 0
      }),
      { numRuns: 40 },
    )
  })
  test("the grammar check can fail", () => {
    expect(isWellFormed("<p>a</p>")).toBe(true)
    expect(isWellFormed("<p>a</b>")).toBe(false)
    expect(isWellFormed("<p>a < b</p>")).toBe(false)
    expect(isWellFormed(`<p onclick="x">a</p>`)).toBe(false)
    expect(isWellFormed("<script>a</script>")).toBe(false)
    expect(isWellFormed("<p>a\u0000</p>")).toBe(false)
  })
})

test("nothing to report is a report", async () => {
  const nothing = { title: "", summary: [], arms: [], front: [], training: [], settings: [], notes: [] }
  expect(isWellFormed(await Report.renderReport(nothing))).toBe(true)
  expect(new Resvg(await Report.passAtKFigure(nothing)).width).toBeGreaterThan(0)
})

const bytesAllowed = 2_000_000
