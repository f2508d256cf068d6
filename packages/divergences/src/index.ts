export * as Estimator from "./Estimator.ts"
export * as KL from "./KL.ts"
export * as Laws from "./Laws.ts"
