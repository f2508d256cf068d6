import { Report } from "@rapo/eval"
import * as fc from "fast-check"
import { describe, expect, test } from "vitest"
import * as Heat from "../src/report/Heat.ts"
import * as A from "./arbitraries.ts"
import { contrast } from "./contrast.ts"
import { sampleEvaluation } from "./sampleEvaluation.ts"
import { isWellFormed, withoutNamespaces } from "./wellFormed.ts"

describe("the page of an evaluation", async () => {
  const html = await Report.renderEvaluation(sampleEvaluation(30))

  test("equal data give equal text", async () => {
    expect(await Report.renderEvaluation(sampleEvaluation(30))).toBe(html)
  })
  test("asks nothing of any network and runs nothing", () => {
    expect(withoutNamespaces(html)).not.toMatch(
      /https?:|\bsrc=|@import|url\(|<script|<iframe|<object|\bon\w+=/i,
    )
    expect(isWellFormed(html)).toBe(true)
  })
  test("figures say what they show: the curve, the difference, support, and every problem of both models", () => {
    const images = html.match(/<svg [^>]*>/g) ?? []
    expect(images.length).toBe(5)
    for (const image of images) expect(image).toMatch(/role="img" aria-label="[^"]{20,}"/)
    expect(html).toContain("Problems by what changed between the models, of 30:")
  })
  test("problems can be sorted without script: one radio button an order, one table each, one of them shown", () => {
    const buttons = html.match(/<input type="radio" name="order" id="order\d"/g) ?? []
    expect(buttons.length).toBe(5)
    expect(html.match(/checked="checked"/g)?.length).toBe(1)
    for (const index of buttons.keys()) {
      expect(html).toContain(`<label for="order${index}">`)
      expect(html).toContain(`#order${index}:checked~.order${index}{display:block}`)
      expect(html).toContain(`<div class="order order${index}">`)
    }
    const [, hardest = "", easiest = ""] = html.split('<div class="order ').slice(1)
    const ids = (part: string): ReadonlyArray<string> =>
      [...part.matchAll(/<th scope="row">([^<]*)/g)].map(([, id]) => id ?? "").slice(0, 30)
    expect(new Set(ids(hardest)).size).toBe(30)
    expect(ids(hardest)[0]).not.toBe(ids(easiest)[0])
  })
  test("colours follow the reader's mode", () => {
    const colours = new Set(
      [...html.matchAll(/(?:fill|stroke)="(#[0-9a-fA-F]{3,8})"/g)].map(([, each]) => each),
    )
    for (const colour of colours) expect(html.includes(`="${colour}"]{`), colour).toBe(true)
  })
  test("500 problems and two models: less than 2 MB, in less than 3 s of processor time", async () => {
    const start = process.cpuUsage()
    const large = await Report.renderEvaluation(sampleEvaluation(500))
    const { user, system } = process.cpuUsage(start)
    const seconds = (user + system) / 1e6
    console.log(`report of 500 problems: ${(large.length / 1e6).toFixed(2)} MB in ${seconds.toFixed(2)} s`)
    expect(large.length).toBeLessThan(2_000_000)
    expect(seconds).toBeLessThan(3)
  })
  test("any text is only text", async () => {
    await fc.assert(
      fc.asyncProperty(A.hostileText, A.hostileText, async (id, name) => {
        const data = sampleEvaluation(2)
        const [first, ...others] = data.problems
        return isWellFormed(
          await Report.renderEvaluation({
            ...data,
            models: [name, name],
            problems: first === undefined ? [] : [{ ...first, id }, ...others],
            support: data.support === undefined ? undefined : { ...data.support, solved: [id], lost: [name] },
            tables: [{ caption: id, head: ["", name], rows: [[id, name]] }],
          }),
        )
      }),
      { numRuns: 20 },
    )
  })
  test("one model, or none, is a report", async () => {
    const data = sampleEvaluation(3)
    const one = { ...data, models: data.models.slice(0, 1), support: undefined }
    expect(isWellFormed(await Report.renderEvaluation(one))).toBe(true)
    const none = { ...one, models: [], problems: [], tables: [] }
    expect(isWellFormed(await Report.renderEvaluation(none))).toBe(true)
  })
})

describe("colours of rates", () => {
  test.each(["light", "dark"] as const)("text on every step can be read in %s mode (4.5 : 1)", (mode) => {
    for (const { ground, ink } of Heat.steps)
      expect(contrast(ink[mode], ground[mode]), ground[mode]).toBeGreaterThanOrEqual(4.5)
  })
  test("steps rise with the count, and none is only for none", () =>
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1024 }), fc.nat(1024), (samples, some) => {
        const correct = some % (samples + 1)
        const step = Heat.stepOf(samples, correct)
        return (
          (step === 0) === (correct === 0) &&
          step <= Heat.stepOf(samples, Math.min(samples, correct + 1)) &&
          Heat.stepOf(samples, samples) === Heat.steps.length - 1
        )
      }),
    ))
})
