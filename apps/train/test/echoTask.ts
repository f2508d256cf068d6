/**
 * The smallest task that can be learned: repeat the digit that was asked for.
 *
 *     prompt  3=        response  3, and then anything
 *
 * A random policy is right about once in seven times, and a few steps of RLVR suffice to see the reward rise.
 */
import { Seed } from "@rapo/distributions"
import { Verify } from "@rapo/verifier"
import type { Problem, Task } from "../src/tasks/Task.ts"

const digits = ["1", "2", "3", "4"]

const problemOf = (digit: string): Problem => ({
  id: `echo:${digit}`,
  task: "echo",
  level: "all",
  prompt: `${digit}=`,
  answer: digit,
})

/** Every problem of the task. */
export const echoProblems: ReadonlyArray<Problem> = digits.map(problemOf)

/** See the module header. */
export const echoTask: Task = {
  name: "echo",
  alphabet: [...digits, "="],
  levels: ["all"],
  maxResponseTokens: 3,
  maxPromptTokens: 2,
  draw: (_, seed) => problemOf(String(Seed.generator(seed).integer(1, digits.length))),
  drawDemonstration: (_, seed) => {
    const problem = problemOf(String(Seed.generator(seed).integer(1, digits.length)))
    return { problem, response: problem.answer }
  },
  verify: ({ answer }, response) => Verify.verify(answer, `\\boxed{${response.slice(0, 1)}}`),
  isLegal: (_, response) => digits.includes(response.slice(0, 1)),
}
