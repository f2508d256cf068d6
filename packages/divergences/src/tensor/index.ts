export * as ChunkedKL from "./ChunkedKL.ts"
export * as FDivergence from "./FDivergence.ts"
export * as KL from "./KL.ts"
