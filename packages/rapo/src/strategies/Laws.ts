/**
 * The laws of the strategies as predicates: each takes values and answers whether the law holds for them. Tests run them on
 * random values.
 */
export * from "./laws/Batches.ts"
export * from "./laws/Choices.ts"
