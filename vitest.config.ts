import { defineConfig } from "vitest/config"
import { writeDoctests } from "./scripts/doctests.ts"

/** Tests read the packages' sources through this export condition, so that nothing has to be built first. */
const conditions = ["@rapo/source"]

writeDoctests(import.meta.dirname)

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: [
      "packages/*/test/**/*.test.ts",
      "apps/*/test/**/*.test.ts",
      "scripts/test/**/*.test.ts",
      ".doctests/**/*.test.ts",
    ],
    setupFiles: ["scripts/seed.ts"],
    pool: "forks",
    // By default vitest leaves a core idle; on two cores that doubles the time.
    maxWorkers: "100%",
    testTimeout: 60_000,
    coverage: {
      include: ["packages/{distributions,divergences,rapo}/src/**"],
      reporter: ["text-summary", "html"],
      thresholds: { lines: 95 },
    },
  },
})
