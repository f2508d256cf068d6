export * as Categorical from "./Categorical.ts"
export * as Gradient from "./Gradient.ts"
export * as Real from "./Real.ts"
export * as Vocabulary from "./Vocabulary.ts"
