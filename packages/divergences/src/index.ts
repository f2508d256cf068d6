export * as Estimator from "./Estimator.ts"
export * as FDivergence from "./FDivergence.ts"
export * as KL from "./KL.ts"
export * as Laws from "./Laws.ts"
