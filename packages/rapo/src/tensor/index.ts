export * as Loss from "./Loss.ts"
