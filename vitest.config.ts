import { configDefaults, defineConfig } from "vitest/config"
import { writeDoctests } from "./scripts/doctests.ts"
import { LongestFirst } from "./scripts/testOrder.ts"

/** Tests read the packages' sources through this export condition, so that nothing has to be built first. */
const conditions = ["@rapo/source"]

writeDoctests(import.meta.dirname)

/** Files of the application that need a process of their own, for another engine than wasm; and those that only start the command. */
const apart = [
  "apps/*/test/{cli,engine,plan,verify}/**/*.test.ts",
  "apps/*/test/**/process.test.ts",
  "apps/*/test/experiment/resume.test.ts",
]

/** A test file takes a second to load what it tests: where nothing global is left behind, files share that. */
const together = { isolate: false, setupFiles: ["scripts/seed.ts", "scripts/sameEngine.ts"] }

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    setupFiles: ["scripts/seed.ts"],
    pool: "forks",
    // By default vitest leaves a core idle; on two cores that doubles the time.
    maxWorkers: "100%",
    testTimeout: 60_000,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        test: { name: "apart", include: [...apart, "scripts/test/**/*.test.ts", ".doctests/**/*.test.ts"] },
      },
      {
        extends: true,
        test: {
          name: "application",
          include: ["apps/*/test/**/*.test.ts"],
          exclude: [...configDefaults.exclude, ...apart],
          ...together,
        },
      },
      { extends: true, test: { name: "packages", include: ["packages/*/test/**/*.test.ts"], ...together } },
    ],
    coverage: {
      include: ["packages/{distributions,divergences,rapo}/src/**"],
      reporter: ["text-summary", "html"],
      thresholds: { lines: 95 },
    },
  },
})
