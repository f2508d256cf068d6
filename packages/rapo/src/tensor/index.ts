export * as Loss from "./Loss.ts"
export * as Projection from "./Projection.ts"
export * as Rast from "./Rast.ts"
export * as Statistic from "./Statistic.ts"
