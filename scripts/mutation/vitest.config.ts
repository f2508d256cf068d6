/** The tests that mutants of `divergences` and `rapo` must fail: those two packages' own, without the doc examples. */
import { defineConfig } from "vitest/config"

const conditions = ["@rapo/source"]

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ["packages/{divergences,rapo}/test/**/*.test.ts"],
    setupFiles: ["scripts/mutation/setup.ts"],
    pool: "forks",
    testTimeout: 60_000,
  },
})
