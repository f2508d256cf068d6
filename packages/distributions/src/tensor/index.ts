export * as Real from "./Real.ts"
