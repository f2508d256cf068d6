/** The reward of problems that stand in files. */
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { mathematics } from "../../src/tasks/Mathematics.ts"
import type { Problem } from "../../src/tasks/Task.ts"

const exercise = mathematics(64)

const withAnswer = (answer: string): Problem => ({
  id: "set:1",
  task: "mathematics",
  level: "set",
  prompt: "How many?",
  answer,
})

describe("mathematics", () => {
  it("rewards the last box, and a box only", () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer(), fc.lorem(), (right, wrong, words) => {
        const judge = (response: string): string => exercise.verify(withAnswer(`${right}`), response)._tag
        return (
          judge(`${words} \\boxed{${wrong}} so \\boxed{${right}}`) === "Correct" &&
          (right === wrong || judge(`\\boxed{${right}} or \\boxed{${wrong}}`) === "Wrong") &&
          judge(`The answer is ${right}`) === "Unparseable"
        )
      }),
    )
  })

  it("an answer that is not there is not legal, and a wrong one is", () => {
    const isLegal = (response: string): boolean => exercise.isLegal(withAnswer("2"), response)
    expect([isLegal("\\boxed{2}"), isLegal("\\boxed{3}"), isLegal("2"), isLegal("\\boxed{2")]).toEqual([
      true,
      true,
      false,
      false,
    ])
  })

  it("judges any text", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (answer, response) =>
        ["Correct", "Wrong", "Unparseable", "TimedOut"].includes(
          exercise.verify(withAnswer(answer), response)._tag,
        ),
      ),
    )
  })
})
