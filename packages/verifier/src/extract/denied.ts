/**
 * Whether a sentence denies the value in it, only compares with it, calculates on with it, or numbers something by it.
 *
 *     "the answer is not 5"   "so x > 5"   "more than 5"   "5 is wrong"   "5 times 3"   "by Theorem 5"
 *
 * A new clause ends a denial: "not 4 but 5" and "since 4 does not divide it, the answer is 5" say 5.
 */

/** Whether the text around a value says that the value is no answer. */
export const isDenied = (before: string, after: string): boolean => {
  const [near, next] = [before.slice(-reach), after.slice(0, reach)]
  return (
    denial.test(near) ||
    comparison.test(near) ||
    label.test(near) ||
    continuation.test(next) ||
    refutation.test(next)
  )
}

/** No clause has more characters between its "not" and the value that it denies. */
const reach = 60

const denial =
  /(?:\b(?:not|never|neither|nor|cannot|except(?: for)?|excluding|(?:all|any|every|nothing|anything|everything)[ a-z]{0,12} but)\b|n['’]t\b)(?:(?!\b(?:but|rather|so|thus|hence|therefore|is|are|equals?|to|answer|it|that|this|which|we|you|he|she|they|there)\b)[^,;:.=])*$/iu

const comparison =
  /(?:[<>≤≥≠]|\\(?:leq?|geq?|neq?|lt|gt|leqslant|geqslant)|\b(?:more|less|fewer|greater|larger|smaller|higher|lower|other|rather) than|\b(?:negative|minus))[\s${}(]*$/iu

const label =
  /\b(?:figure|fig|theorem|lemma|corollary|step|equation|eq|problem|question|section|chapter|page|example|exercise)s?\b[.\s${}(]*$/iu

const continuation =
  /^[\s}$]*(?:\\text\s*\{\s*)?(?:(?:to|plus|minus|times|over|divided by|or|through)\b[^,;.]{0,20}\d|(?:if|when)\b[^]*\b(?:if|when|otherwise|else)\b)/iu

const refutation = /^[\s}$)]*(?:\\text\s*\{\s*)?(?:is|are|was) (?:wrong|false|incorrect|not|impossible)\b/iu
