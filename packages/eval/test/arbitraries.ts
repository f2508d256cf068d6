/** Generators of this package's values. */
import { Seed } from "@rapo/distributions"
import type { Interval, Majority, PassAtK, PassCurve, Report, Support } from "@rapo/eval"
import * as fc from "fast-check"

export const seed: fc.Arbitrary<Seed.Seed> = fc.integer().map(Seed.fromInteger)

/** 1 <= k <= n and 0 <= c <= n. */
export const counts = (
  largest: number,
): fc.Arbitrary<{ readonly n: number; readonly c: number; readonly k: number }> =>
  fc.integer({ min: 1, max: largest }).chain((n) =>
    fc.record({
      n: fc.constant(n),
      c: fc.integer({ min: 0, max: n }),
      k: fc.integer({ min: 1, max: n }),
    }),
  )

export const finite: fc.Arbitrary<number> = fc.double({ min: -1e6, max: 1e6, noNaN: true })

export const values: fc.Arbitrary<ReadonlyArray<number>> = fc.array(finite, { minLength: 1, maxLength: 40 })

export const level: fc.Arbitrary<number> = fc.double({ min: 0.01, max: 0.99, noNaN: true })

/** A probability, often one of the ends. */
export const rate: fc.Arbitrary<number> = fc.oneof(
  fc.constantFrom(0, 1, 1e-9),
  fc.double({ min: 0, max: 1, noNaN: true }),
)

/** The votes of at most `most` samples. */
export const votes = (most: number): fc.Arbitrary<ReadonlyArray<Majority.Votes>> =>
  fc
    .array(fc.record({ count: fc.integer({ min: 1, max: 12 }), correct: fc.boolean() }), {
      minLength: 1,
      maxLength: 8,
    })
    .map((all) => {
      let left = most
      return all.flatMap(({ count, correct }) => {
        const taken = Math.min(count, left)
        left -= taken
        return taken === 0 ? [] : [{ count: taken, correct }]
      })
    })

/** One of 1, ..., the number of votes. */
export const oneTo = (all: ReadonlyArray<Majority.Votes>, choice: number): number =>
  1 + (choice % all.reduce((total, { count }) => total + count, 0))

export const supportCounts: fc.Arbitrary<Support.Counts> = fc.record({
  preserved: fc.nat(50),
  expanded: fc.nat(50),
  shrunk: fc.nat(50),
  out: fc.nat(50),
})

export const answers: fc.Arbitrary<ReadonlyArray<string>> = fc.array(fc.constantFrom("1", "2", "3", "x"), {
  maxLength: 20,
})

/** A text of a few words of a small vocabulary. */
export const text: fc.Arbitrary<string> = fc
  .array(fc.constantFrom("so", "the", "sum", "is", "4", "5"), { minLength: 1, maxLength: 12 })
  .map((words) => words.join(" "))

export const texts: fc.Arbitrary<ReadonlyArray<string>> = fc.array(text, { maxLength: 6 })

/** J columns over the same P problems. */
export const columns: fc.Arbitrary<ReadonlyArray<ReadonlyArray<number>>> = fc
  .integer({ min: 1, max: 20 })
  .chain((problems) =>
    fc.array(fc.array(finite, { minLength: problems, maxLength: problems }), { minLength: 1, maxLength: 5 }),
  )

export const pair: fc.Arbitrary<readonly [ReadonlyArray<number>, ReadonlyArray<number>]> = fc
  .array(fc.tuple(finite, finite), { minLength: 1, maxLength: 40 })
  .map((rows) => [rows.map(([a]) => a), rows.map(([, b]) => b)])

/** Problems p0, p1, ... with their own numbers of samples. */
export const tallies: fc.Arbitrary<ReadonlyArray<PassAtK.Tally>> = fc
  .array(counts(70), { minLength: 1, maxLength: 12 })
  .map((rows) => rows.map(({ n, c }, index) => ({ id: `p${index}`, samples: n, correct: c })))

/** Two runs over the same problems. */
export const runs: fc.Arbitrary<readonly [ReadonlyArray<PassAtK.Tally>, ReadonlyArray<PassAtK.Tally>]> = fc
  .array(fc.tuple(counts(70), counts(70)), { minLength: 1, maxLength: 12 })
  .map((rows) => {
    const side = (of: 0 | 1): ReadonlyArray<PassAtK.Tally> =>
      rows.map((row, index) => ({ id: `p${index}`, samples: row[of].n, correct: row[of].c }))
    return [side(0), side(1)]
  })

/** Text that would break a page that forgot to escape it, or XML that forgot what it may not contain. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    `<script>alert(1)</script>`,
    `"><img src=x onerror=alert(1)>`,
    `' onmouseover='alert(1)`,
    `</svg></style></title><b>`,
    `]]><!-- -->`,
    `&amp; & &#x3c; &nbsp;`,
    `datum.x; event.view`,
    `line\nbreak\ttab`,
    `\u0000\u0008\u001f\ufffe\uffff`,
    `\ud800 alone`,
    `é 漢字 🎲 α=0.3 ‖`,
    ``,
  ),
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.string({ unit: fc.constantFrom(...`<>&"'/=;:{}()[]\\\`$ab`.split("")), maxLength: 20 }),
)

const point: fc.Arbitrary<Interval.Interval> = fc
  .tuple(fc.double({ noNaN: true, min: 0, max: 1 }), fc.constantFrom(0.01, 0.1, Number.NaN))
  .map(([mean, half]) => ({ mean, low: mean - half, high: mean + half, level: 0.95 }))

const curve: fc.Arbitrary<PassCurve.PassCurve> = fc
  .array(point, { maxLength: 4 })
  .map((points) => ({ k: points.map((_, e) => 2 ** e), points }))

/** Any number that a program might hand over, however wrong. */
const anyNumber: fc.Arbitrary<number> = fc.oneof(fc.double(), fc.constantFrom(0, -0, 1e-300, -1e300))

/** A small report in which every text is hostile, and numbers may be missing or absurd. */
export const hostileReport: fc.Arbitrary<Report.ReportData> = fc
  .record({
    text: fc.func(hostileText),
    arms: fc.array(
      fc.record({
        name: hostileText,
        family: fc.oneof(hostileText, fc.constantFrom("base", "RAPO", "constructor", "__proto__")),
        label: hostileText,
        chosen: fc.boolean(),
        pass: curve,
        difference: fc.option(curve, { nil: undefined }),
      }),
      { maxLength: 4 },
    ),
    set: hostileText,
    metrics: fc.tuple(anyNumber, anyNumber, anyNumber),
    texts: fc.array(hostileText, { maxLength: 3 }),
  })
  .map(({ text, arms, set, metrics: [entropy, kl, reward], texts }) => ({
    title: text("title"),
    summary: texts,
    arms: arms.map(({ name, family, label, chosen, pass, difference }) => ({
      name,
      family,
      label,
      chosen,
      sets: [
        {
          set,
          title: text("set title"),
          description: text("description"),
          problems: 3,
          samples: 8,
          pass,
          difference,
        },
      ],
      diagnostics: { entropy, klPolicyBase: kl, klBasePolicy: kl, legalRate: reward, meanLength: entropy },
    })),
    front: arms.flatMap(({ name, family, pass }) =>
      pass.points.slice(0, 1).map((x) => ({ arm: name, family, set, x, y: x, kLarge: 8 })),
    ),
    training: arms.flatMap(({ name }) => [0, 1, 2].map((step) => ({ arm: name, step, reward, entropy, kl }))),
    settings: texts.map((each) => [each, text(each)] as const),
    notes: texts,
  }))
