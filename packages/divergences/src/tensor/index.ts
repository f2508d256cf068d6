export * as KL from "./KL.ts"
