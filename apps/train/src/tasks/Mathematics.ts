/**
 * Problems of mathematics with reference answers, as data sets have them: judged by `@rapo/verifier`.
 *
 *     reward = 1  if the last \boxed{…} of the response equals the reference answer,  0 otherwise
 *
 * An answer counts in a box only, as in SimpleRL-Zoo (arXiv 2503.18892): a reward that also took the last number of a text would
 * pay for ending anywhere. An evaluation is more generous (`rapo eval`): it looks for an answer wherever one may stand.
 */
import { Verify } from "@rapo/verifier"
import type { Exercise } from "./Task.ts"

/** The exercise of responses with at most `maxResponseTokens` tokens. */
export const mathematics = (maxResponseTokens: number): Exercise => {
  const verify: Exercise["verify"] = ({ answer }, response) =>
    Verify.verify(answer, response, { order: ["boxed"] })
  return {
    name: "mathematics",
    maxResponseTokens,
    verify,
    isLegal: (problem, response) => {
      const { _tag } = verify(problem, response)
      return _tag === "Correct" || _tag === "Wrong"
    },
  }
}
