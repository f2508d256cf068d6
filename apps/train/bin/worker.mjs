import "./source.mjs"
await import("../src/workers/worker.ts")
