export * as Loss from "./Loss.ts"
export * as Rast from "./Rast.ts"
