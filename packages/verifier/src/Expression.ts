/**
 * The syntax of answers: numbers, formulas, structures and words, as one type of tagged data.
 *
 *     e ::= number | ±e | e + e | e ^ e | f(e) | e% | (e, e] | {e, e} | e ∪ e | e < e | words | …
 *
 * Everything about an expression is read off its reverse Polish notation: `numbersOf` are its numbers, `fold` runs it on a
 * stack, `evaluate` and `show` are folds. None of these recurses on the structure, so none can overflow the call stack.
 *
 * Laws (`Laws.ts`)
 * 1. `parse(show(e)) = e` for every `e` that parsing gives.
 * 2. `evaluate` is a homomorphism: the value of `a + b` is the sum of the values, where they exist.
 * 3. `numbersOf` lists the numbers in the order of the text.
 */
export * from "./expression/evaluate.ts"
export * from "./expression/fold.ts"
export * from "./expression/make.ts"
export type * from "./expression/model.ts"
export * from "./expression/show.ts"
