/** Laws of the diversity of samples. */
import * as Diversity from "../Diversity.ts"
import { near } from "../internal/holds.ts"

/** 0 <= H <= ln(distinct answers); neither their order nor their names matter. */
export const entropyOfAnswers = (answers: ReadonlyArray<string>): boolean => {
  const entropy = Diversity.answerEntropy(answers)
  return (
    0 <= entropy &&
    entropy <= Math.log(Math.max(1, Diversity.distinctAnswers(answers))) + 1e-12 &&
    near(Diversity.answerEntropy(answers.toReversed().map((answer) => `${answer}!`)), entropy, 1e-12)
  )
}

/** distinct-N and self-BLEU are in [0, 1], up to rounding. */
export const diversityIsAShare = (texts: ReadonlyArray<string>): boolean =>
  [Diversity.distinctN(texts, 1), Diversity.distinctN(texts, 2), Diversity.selfBleu(texts) ?? 0].every(
    (x) => 0 <= x && x <= 1 + 1e-12,
  )

/** Copies of a text with at least one word have self-BLEU 1; adding a copy never raises distinct-1. */
export const copiesAreNotDiverse = (text: string, copies: number): boolean => {
  const texts = Array.from({ length: copies }, () => text)
  return (
    near(Diversity.selfBleu(texts) ?? NaN, 1, 1e-12) &&
    Diversity.distinctN([...texts, text], 1) <= Diversity.distinctN(texts, 1)
  )
}
