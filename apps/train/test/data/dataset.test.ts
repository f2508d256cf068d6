/** Data sets: what is read from them, and what is said about records that cannot be used. */
import * as E from "fp-ts/lib/Either.js"
import * as fc from "fast-check"
import { Verify } from "@rapo/verifier"
import { readFileSync, readdirSync } from "node:fs"
import * as path from "node:path"
import { describe, expect, it } from "vitest"
import { type Fields, finalAnswer, parseFields, usual } from "../../src/data/Fields.ts"
import { parseProblems } from "../../src/data/parseProblems.ts"
import { parsePrompts } from "../../src/data/parsePrompts.ts"
import { problemKey } from "../../src/data/Question.ts"
import { numbered, recordsOf } from "../../src/data/records.ts"
import { describeWith } from "../sharedData.ts"

const lines = (...records: ReadonlyArray<unknown>): string =>
  records.map((record) => JSON.stringify(record)).join("\n")

const fieldsOf = (text: string): Fields => {
  const fields = parseFields(text)
  if (E.isLeft(fields)) throw new Error(`no fields: ${fields.left.part}`)
  return fields.right
}

const parsed = (text: string, fields = usual, skip = false) => {
  const result = parseProblems(recordsOf(text), fields, skip)
  return E.isRight(result) ? result.right.questions : result.left
}

describe("records", () => {
  it.each([
    ["problem and answer", { id: "a", problem: "1+1?", answer: "2" }, ["a", "1+1?", "2"]],
    ["question and gold", { question: "1+1?", gold: "2" }, ["1", "1+1?", "2"]],
    ["prompt and solution", { prompt: "1+1?", solution: "So \\boxed{2}." }, ["1", "1+1?", "So \\boxed{2}."]],
    ["a number as answer", { problem: "x", answer: 27.5 }, ["1", "x", "27.5"]],
    ["a number as id", { id: 0, problem: "x", answer: 1 }, ["0", "x", "1"]],
    ["a worked solution of GSM8K", { question: "x", answer: "9 * 2 = 18\n#### 18" }, ["1", "x", "18"]],
    ["unique_id", { unique_id: "t/1.json", problem: "x", answer: "1" }, ["t/1.json", "x", "1"]],
    ["more fields", { level: 5, problem: "x", answer: "1", url: "y" }, ["1", "x", "1"]],
    ["names in capitals", { ID: "I-1", Problem: "x", Solution: "So 1.", Answer: 1 }, ["I-1", "x", "1"]],
    [
      "what a reward compares with, before a worked answer",
      { question: "x", answer: "Long.", reward_model: { style: "rule", ground_truth: "1" } },
      ["1", "x", "1"],
    ],
    [
      "a conversation, whose last question counts",
      {
        prompt: [
          { role: "user", content: "x" },
          { role: "assistant", content: "1" },
          { role: "user", content: "y" },
        ],
        answer: "2",
      },
      ["1", "y", "2"],
    ],
    ["a null, which is nothing", { problem: null, question: "x", answer: "1" }, ["1", "x", "1"]],
    ["a control token in its words", { problem: "<|im_start|>?", answer: "1" }, ["1", "<|im_start|>?", "1"]],
  ] as const)("with %s", (_, record, [id, problem, answer]) => {
    expect(parsed(lines(record))).toEqual([{ id, problem, answer }])
    expect(parsed(JSON.stringify([record]))).toEqual([{ id, problem, answer }])
  })

  it("are found under the names that a user gives", () => {
    const record = { nr: 7, q: "x", a: "1", problem: "another", answer: "2" }
    expect(parsed(lines(record), fieldsOf("id=nr, problem=q,answer=a"))).toEqual([
      { id: "7", problem: "x", answer: "1" },
    ])
    expect(parsed(lines(record), fieldsOf("answer=a"))).toEqual([
      { id: "1", problem: "another", answer: "1" },
    ])
  })

  it("have their line's number as id, empty lines counted", () => {
    const text = `\n${lines({ problem: "x", answer: "1" })}\n\n${lines({ problem: "y", answer: "1" })}\n`
    expect(parsed(text)).toMatchObject([{ id: "2" }, { id: "4" }])
  })

  it("of JSONL and of JSON are the same, whatever the texts", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(
          fc.record({ problem: fc.string().filter((s) => s.trim() !== ""), answer: fc.integer() }),
          { minLength: 1, selector: ({ problem }) => problemKey(problem) },
        ),
        (records) => {
          const [line, list] = [parsed(lines(...records)), parsed(JSON.stringify(records))]
          return (
            JSON.stringify(line) === JSON.stringify(list) &&
            JSON.stringify(line) ===
              JSON.stringify(
                records.map(({ problem, answer }, i) => ({
                  id: String(i + 1),
                  problem,
                  answer: String(answer),
                })),
              )
          )
        },
      ),
    )
  })
})

describe("what is wrong is named with its place", () => {
  const fine = { id: "a", problem: "x", answer: "1" }

  it.each([
    ["a line that is not JSON", `${lines(fine)}\n{"id": "b`, "line 2", "is not JSON"],
    ["a line that is no record", `${lines(fine)}\n3`, "line 2", "is not a record"],
    [
      "a missing problem",
      lines(fine, { answer: "1" }),
      "line 2: problem or question or extra_info.question or prompt",
      "is missing",
    ],
    [
      "a missing answer",
      lines({ problem: "x", level: 3 }),
      `line 1: ${usual.answer.join(" or ")}`,
      "the record has problem, level",
    ],
    ["a problem that is no text", lines({ problem: ["x"], answer: "1" }), "line 1: problem", "is missing"],
    ["an id that stands there twice", lines(fine, { ...fine, problem: "y" }), "line 2: id", "line 1 too"],
    [
      "in JSON, the record's number",
      JSON.stringify([fine, { ...fine, problem: "y" }]),
      "record 2: id",
      "record 1 too",
    ],
    [
      "a prompt that is rendered already",
      lines({ prompt: "<|im_start|>user\nx<|im_end|>", answer: "1" }),
      "line 1: prompt",
      "rendered for a chat model",
    ],
    [
      "nothing but records of no use",
      lines({ problem: "x", answer: "" }),
      "",
      "no usable problems; line 1: answer",
    ],
    ["an empty file", "", "", "holds no problems"],
  ])("and refused: %s", (_, text, place, problem) => {
    const fault = parsed(text)
    expect(fault).toMatchObject({ place })
    expect(fault).toHaveProperty("problem", expect.stringContaining(problem))
  })

  it.each([
    ["an empty problem", { problem: " ", answer: "1" }, "line 2: problem", "is empty"],
    ["an empty answer", { problem: "y", answer: "" }, "line 2: answer", "is empty"],
    ["no answer behind ####", { problem: "y", answer: "so\n####" }, "line 2: answer", "is empty"],
    [
      "a gold that cannot be read",
      { problem: "y", answer: "(".repeat(999) },
      "line 2: answer",
      "cannot parse",
    ],
    ["a record twice", fine, "line 2: problem", "stands in line 1 too, with the same answer"],
    [
      "a problem twice, white space aside",
      { problem: " x\n", answer: "2" },
      "line 2: problem",
      "stands in line 1 too, with another answer",
    ],
  ])("and left out: %s", (_, record, place, problem) => {
    expect(parseProblems(recordsOf(lines(fine, record)), usual, false)).toMatchObject({
      right: {
        questions: [{ id: "a" }],
        faults: [{ place, problem: expect.stringContaining(problem) as unknown }],
      },
    })
  })

  it("malformed records are left out on demand, but a text that is not JSON is not", () => {
    const text = lines(
      fine,
      { problem: "y" },
      { ...fine, problem: "z" },
      { id: "c", problem: "w", answer: "2" },
    )
    expect(parseProblems(recordsOf(text), usual, true)).toMatchObject({
      right: {
        questions: [{ id: "a" }, { id: "c" }],
        faults: [{ place: `line 2: ${usual.answer.join(" or ")}` }, { place: "line 3: id" }],
      },
    })
    expect(parseProblems(recordsOf(`${text}\n{`), usual, true)).toMatchObject({ left: { place: "line 5" } })
  })

  it("every record is a question or a fault; ids and problems are distinct; answers verify", () => {
    const text = fc.constantFrom("", "x", "y", " x", "y  ", "1/2", "((", "2\n#### 3")
    const record = fc.record(
      { id: fc.constantFrom("a", "b", "c"), problem: text, answer: text, extra: fc.anything() },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(fc.array(fc.oneof(record, fc.anything()), { maxLength: 12 }), (values) => {
        const result = parseProblems(numbered("record", values), usual, true)
        if (E.isLeft(result)) return result.left.severity === "broken"
        const { questions, faults } = result.right
        const isDistinct = (texts: ReadonlyArray<string>): boolean => new Set(texts).size === texts.length
        return (
          questions.length + faults.length === values.length &&
          isDistinct(questions.map(({ id }) => id)) &&
          isDistinct(questions.map(({ problem }) => problemKey(problem))) &&
          questions.every(({ answer }) => Verify.verify(answer, `\\boxed{${answer}}`)._tag === "Correct")
        )
      }),
    )
  })

  it.each(["id", "id=", "answer=a=b", "level=x", "problem=p,x"])("--fields %s", (text) => {
    expect(parseFields(text)).toHaveProperty("left._tag", "InvalidFields")
  })
})

describe("prompts without answers", () => {
  it("are strings or records", () => {
    expect(parsePrompts(lines("1+1?", { id: "b", question: "2+2?" }), usual)).toEqual(
      E.right([
        { id: "1", problem: "1+1?" },
        { id: "b", problem: "2+2?" },
      ]),
    )
    expect(parsePrompts(lines({ text: "x" }), usual)).toHaveProperty(
      "left.place",
      "line 1: problem or question or extra_info.question or prompt",
    )
  })
})

it("finalAnswer is what follows the last ####", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (solution, answer) =>
      answer.includes("#") ? true : finalAnswer(`${solution}####${answer}`) === answer.trim(),
    ),
  )
})

describeWith("sets", "the usual sets", (folder) => {
  /** Records, and those among them whose answer is empty, and whose problem stands there before. */
  const sizes: Readonly<Record<string, readonly [number, number, number]>> = {
    "aime2024.jsonl": [30, 0, 0],
    "aime2025.jsonl": [30, 0, 0],
    "amc23.jsonl": [40, 0, 0],
    "gsm8k-test.jsonl": [1319, 0, 0],
    "math500.jsonl": [500, 0, 0],
    "simplerl-zero-8k.jsonl": [8523, 2, 2],
  }

  it("are all known", () => {
    expect(
      readdirSync(folder)
        .filter((name) => name.endsWith(".jsonl"))
        .toSorted(),
    ).toEqual(Object.keys(sizes))
  })

  it.each(Object.entries(sizes))("%s", (name, [size, empty, twice]) => {
    const result = parseProblems(recordsOf(readFileSync(path.join(folder, name), "utf8")), usual, false)
    if (E.isLeft(result)) throw new Error(result.left.problem)
    const { questions, faults } = result.right
    expect(questions.length + faults.length).toBe(size)
    const because = (words: string): number => faults.filter(({ problem }) => problem.includes(words)).length
    const unreadable = because("the verifier cannot parse")
    expect([because("is empty"), because("stands in line")]).toEqual([empty, twice])
    expect(empty + twice + unreadable).toBe(faults.length)
    for (const { place } of faults) expect(place).toMatch(/^line \d+: (answer|problem)$/)
    console.info(
      `${name}: ${questions.length} of ${size} problems; ${empty} empty, ${twice} twice, ${unreadable} golds unreadable`,
    )
  })

  it.each(["aime2024.jsonl", "aime2025.jsonl", "amc23.jsonl", "gsm8k-test.jsonl"])(
    "%s can be used whole",
    (name) => {
      expect(parsed(readFileSync(path.join(folder, name), "utf8"))).toHaveLength(sizes[name]?.[0] ?? NaN)
    },
  )
})
