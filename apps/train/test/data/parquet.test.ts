/** Parquet files of the Hub's layouts, whole and damaged. `fixtures/generate.py` makes them. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Effect } from "effect"
import * as E from "fp-ts/lib/Either.js"
import * as fc from "fast-check"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import * as path from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, describe, expect, it } from "vitest"
import { type Fields, parseFields, usual } from "../../src/data/Fields.ts"
import { readParquet } from "../../src/data/parquet/read.ts"
import { isParquet, parquetRows } from "../../src/data/parquet/rows.ts"
import { type Dataset, describeDataset, readDataset } from "../../src/data/readDataset.ts"
import type { ConfigError } from "../../src/errors.ts"

const folder = fileURLToPath(new URL("fixtures/", import.meta.url))
const scratch = mkdtempSync(path.join(tmpdir(), "rapo-parquet-"))
afterAll(() => rmSync(scratch, { recursive: true }))

const bytesOf = (name: string): Uint8Array => new Uint8Array(readFileSync(path.join(folder, name)))

const fieldsOf = (text: string): Fields => E.getOrElse(() => usual)(parseFields(text))

const read = (name: string, fields = "", skip = false): Promise<Dataset> =>
  Effect.runPromise(
    readDataset(path.resolve(folder, name), fieldsOf(fields), skip).pipe(Effect.provide(NodeServices.layer)),
  )

const failure = (name: string, fields = ""): Promise<ConfigError> =>
  Effect.runPromise(
    Effect.flip(readDataset(path.resolve(folder, name), fieldsOf(fields), false)).pipe(
      Effect.provide(NodeServices.layer),
    ),
  )

const questionsOf = async (
  name: string,
  fields = "",
): Promise<ReadonlyArray<readonly [string, string, string]>> =>
  (await read(name, fields)).questions.map(({ id, problem, answer }) => [id, problem, answer] as const)

describe("layouts of the Hub", () => {
  it.each([
    [
      "gsm8k.parquet",
      [
        ["1", "Two boxes of 3 pens. How many pens?", "6"],
        ["2", "1,200 steps a day for 2 days?", "2,400"],
      ],
    ],
    [
      "math500.parquet",
      [
        ["test/prealgebra/1.json", "What is half of a third?", "\\frac{1}{6}"],
        ["test/algebra/2.json", "Solve $x^2 = 4$ for $x > 0$.", "2"],
      ],
    ],
    ["math.parquet", [["1", "What is $7 \\cdot 6$?", "It is $\\boxed{42}$."]]],
    [
      "simplerl.parquet",
      [
        ["1", "Add 1 and 1.", "2"],
        ["4", "Divide 1 by 4.", "\\frac14"],
      ],
    ],
    [
      "aime.parquet",
      [
        ["2024-I-1", "What is $200 + 4$?", "204"],
        ["2024-I-2", "What is $5^2$?", "25"],
      ],
    ],
    ["messages.parquet", [["1", "What is 3 + 4?", "7"]]],
  ])("%s", async (name, expected) => {
    expect(await questionsOf(name)).toEqual(expected)
  })

  it("rows of no use are left out, named by their rows and counted", async () => {
    const [count, ...leftOut] = describeDataset(await read("simplerl.parquet"))
    expect(count).toMatch(/simplerl\.parquet: 2 of 5 problems; 3 left out$/)
    expect(leftOut.map((sentence) => sentence.replace(/.*left out: /, ""))).toEqual([
      "row 2: reward_model.ground_truth: is empty",
      "row 3: question: stands in row 1 too, with the same answer",
      expect.stringContaining("row 5: reward_model.ground_truth: the verifier cannot parse"),
    ])
  })

  it("a nested field can be named", async () => {
    expect(await questionsOf("simplerl.parquet", "id=extra_info.index,problem=extra_info.question")).toEqual([
      ["0", "Add 1 and 1.", "2"],
      ["3", "Divide 1 by 4.", "\\frac14"],
    ])
  })

  it("prompts that are rendered already are not taken for problems", async () => {
    const error = await failure("rendered.parquet")
    expect(error).toMatchObject({ field: "row 1: prompt" })
    expect(error.problem).toContain("rendered for a chat model")
  })

  it("a file with other columns is refused with those that it has", async () => {
    const error = await failure("other.parquet")
    expect(error.field).toMatch(/^row 1: problem or question/)
    expect(error.problem).toContain("the record has text, label")
    expect(error.remedy).toContain("--fields problem=")
  })
})

describe("damaged files", () => {
  it.each([
    ["cut short", (bytes: Uint8Array) => bytes.subarray(0, bytes.length >> 1)],
    ["nothing but the beginning", (bytes: Uint8Array) => bytes.subarray(0, 4)],
    ["an end that claims too much", (bytes: Uint8Array) => bytes.with(bytes.length - 6, 255)],
  ])("%s", async (_, damage) => {
    const file = path.join(scratch, "damaged.parquet")
    writeFileSync(file, damage(bytesOf("gsm8k.parquet")))
    expect(await failure(file)).toMatchObject({
      path: file,
      problem: expect.stringContaining("is not a whole Parquet file") as unknown,
    })
  })

  it("a page that never ends is given up when its time is over", async () => {
    // Found by mutation: zstd's reader goes round for ever.
    const endless = bytesOf("math500.parquet").with(259, 206).with(1386, 26)
    const error = await Effect.runPromise(Effect.flip(readParquet(endless, 2_000)))
    expect(error.problem).toContain("could not be read within 2 s")
  })

  it("any bytes behind the magic are rows or an error, never an exception", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (rest) => {
        const bytes = new Uint8Array([...new TextEncoder().encode("PAR1"), ...rest])
        return isParquet(bytes) && E.isLeft(await parquetRows(bytes)())
      }),
    )
  })

  it("what is no Parquet is not taken for it", () => {
    fc.assert(fc.property(fc.string({ maxLength: 3 }), (text) => !isParquet(new TextEncoder().encode(text))))
  })
})
