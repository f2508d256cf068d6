/**
 * 04: from responses to verdicts, and from verdicts to pass@k with an interval.
 *
 * A verdict is exact: 0.5 is 1/2, and 0.33 is not 1/3. What cannot be read is Unparseable, never Wrong.
 */
import { Seed } from "@rapo/distributions"
import { Interval, PassCurve } from "@rapo/eval"
import { Verdict, Verify } from "@rapo/verifier"
import * as E from "fp-ts/lib/Either.js"

const problems = [
  {
    id: "half",
    answer: "1/2",
    responses: ["\\boxed{0.5}", "So it is \\boxed{\\frac12}.", "\\boxed{2}", "the answer is 1/2"],
  },
  {
    id: "third",
    answer: "1/3",
    responses: ["\\boxed{0.33}", "\\boxed{x}", "\\boxed{1/3}", "I cannot tell."],
  },
  { id: "sum", answer: "21", responses: ["\\boxed{2*8+5}", "\\boxed{20}", "\\boxed{22}", "\\boxed{12}"] },
]

const tallies = problems.map(({ id, answer, responses }) => {
  const verdicts = responses.map((response) => Verify.verify(answer, response))
  verdicts.forEach((verdict) => console.log(id.padEnd(6), Verdict.show(verdict)))
  return { id, samples: responses.length, correct: verdicts.filter(Verdict.isCorrect).length }
})

const curve = PassCurve.fromTallies(tallies, Seed.fromInteger(1))
if (E.isLeft(curve)) console.log(PassCurve.showError(curve.left))
else curve.right.points.forEach((point, i) => console.log(`pass@${curve.right.k[i]}`, Interval.show(point)))

/* Prints
half   Correct: 0.5 is 1/2 (exact-value)
half   Correct: \frac12 is 1/2 (structure)
half   Wrong: 2 is not 1/2 (exact-value)
half   Correct: 1/2 is 1/2 (structure)
third  Wrong: 0.33 is not 1/3 (exact-value)
third  Wrong: x is not 1/3 (canonical-form)
third  Correct: 1/3 is 1/3 (structure)
third  Unparseable: no answer was found (looked for: final, boxed, tagged, hashes, phrase, bare, choice, line, math, number)
sum    Correct: 2*8+5 is 21 (exact-value)
sum    Wrong: 20 is not 21 (exact-value)
sum    Wrong: 22 is not 21 (exact-value)
sum    Wrong: 12 is not 21 (exact-value)
pass@1 0.417 [0.154, 0.750]
pass@2 0.667 [0.246, 1.000]
pass@4 1.000 [0.368, 1.000]
*/
