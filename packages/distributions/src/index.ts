export * as Dual from "./Dual.ts"
export * as Float64 from "./Float64.ts"
export * as Real from "./Real.ts"
export * as Seed from "./Seed.ts"
