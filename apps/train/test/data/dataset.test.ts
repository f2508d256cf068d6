/** Data sets: what is read from them, and what is said about records that cannot be used. */
import * as E from "fp-ts/lib/Either.js"
import * as fc from "fast-check"
import { readFileSync, readdirSync } from "node:fs"
import * as path from "node:path"
import { describe, expect, it } from "vitest"
import { type Fields, finalAnswer, parseFields, usual } from "../../src/data/Fields.ts"
import { parseProblems } from "../../src/data/parseProblems.ts"
import { parsePrompts } from "../../src/data/parsePrompts.ts"
import { recordsOf } from "../../src/data/records.ts"
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
        fc.array(fc.record({ problem: fc.string().filter((s) => s.trim() !== ""), answer: fc.integer() }), {
          minLength: 1,
        }),
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
      "line 2: problem or question or prompt",
      "is missing",
    ],
    ["a missing answer", lines({ problem: "x", level: 3 }), "line 1: answer or gold or solution", "level"],
    ["a problem that is no text", lines({ problem: ["x"], answer: "1" }), "line 1: problem", "is missing"],
    ["an empty problem", lines({ problem: " ", answer: "1" }), "line 1: problem", "is empty"],
    ["an empty answer", lines(fine, { problem: "y", answer: "" }), "line 2: answer", "is empty"],
    ["no answer behind ####", lines({ problem: "y", answer: "so\n####" }), "line 1: answer", "is empty"],
    ["an id that stands there twice", lines(fine, fine), "line 2: id", "line 1 too"],
    [
      "a gold answer that cannot be read",
      lines({ problem: "y", answer: "(".repeat(999) }),
      "line 1: answer",
      "cannot parse",
    ],
    ["in JSON, the record's number", JSON.stringify([fine, fine]), "record 2: id", "record 1 too"],
    ["an empty file", "", "", "holds no problems"],
  ])("%s", (_, text, place, problem) => {
    const fault = parsed(text)
    expect(fault).toMatchObject({ place })
    expect(fault).toHaveProperty("problem", expect.stringContaining(problem))
  })

  it("and left out on demand, but a text that is not JSON is not", () => {
    const text = lines(fine, { problem: "y", answer: "" }, fine, { id: "c", problem: "z", answer: "2" })
    const result = parseProblems(text, usual, true)
    expect(result).toMatchObject({
      right: {
        questions: [{ id: "a" }, { id: "c" }],
        faults: [{ place: "line 2: answer" }, { place: "line 3: id" }],
      },
    })
    expect(parseProblems(`${text}\n{`, usual, true)).toMatchObject({ left: { place: "line 5" } })
    expect(parseProblems(lines({ problem: "y" }), usual, true)).toMatchObject({
      left: { problem: expect.stringContaining("no usable problems") as unknown },
    })
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
      "line 1: problem or question or prompt",
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
  /** Records, and those among them whose answer is empty. */
  const sizes: Readonly<Record<string, readonly [number, number]>> = {
    "aime2024.jsonl": [30, 0],
    "aime2025.jsonl": [30, 0],
    "amc23.jsonl": [40, 0],
    "gsm8k-test.jsonl": [1319, 0],
    "math500.jsonl": [500, 0],
    "simplerl-zero-8k.jsonl": [8523, 2],
  }

  it("are all known", () => {
    expect(
      readdirSync(folder)
        .filter((name) => name.endsWith(".jsonl"))
        .toSorted(),
    ).toEqual(Object.keys(sizes))
  })

  it.each(Object.entries(sizes))("%s", (name, [size, empty]) => {
    const result = parseProblems(readFileSync(path.join(folder, name), "utf8"), usual, true)
    if (E.isLeft(result)) throw new Error(result.left.problem)
    const { questions, faults } = result.right
    expect(questions.length + faults.length).toBe(size)
    expect(faults.filter(({ problem }) => problem === "is empty").length).toBe(empty)
    // What else is left out, the verifier cannot read.
    const unreadable = faults.filter(({ problem }) => problem.startsWith("the verifier cannot parse"))
    expect(unreadable.length + empty).toBe(faults.length)
    console.info(
      `${name}: ${questions.length} of ${size} problems usable, ${unreadable.length} golds unreadable`,
    )
  })

  it.each(["aime2024.jsonl", "aime2025.jsonl", "amc23.jsonl", "gsm8k-test.jsonl"])(
    "%s can be used whole",
    (name) => {
      expect(parsed(readFileSync(path.join(folder, name), "utf8"))).toHaveLength(sizes[name]?.[0] ?? NaN)
    },
  )
})
