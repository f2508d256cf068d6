#!/usr/bin/env node
import "./source.mjs"
await import("../src/main.ts")
