/**
 * The laws of this package as predicates: each takes an instance or a notion of equality, then values, and answers whether
 * the law holds for them. The tests feed them with random values; other packages may do the same with their own.
 *
 * The file is a table of contents: `laws/` has one file for each subject.
 */

export * from "./laws/Equality.ts"
export * from "./laws/Algebra.ts"
export * from "./laws/Categorical.ts"
export * from "./laws/Finite.ts"
export * from "./laws/Autoregressive.ts"
export * from "./laws/Sampling.ts"
