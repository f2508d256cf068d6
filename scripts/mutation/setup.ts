/** As `scripts/seed.ts`, with fewer runs of a property: thousands of mutants are to be tried, so a score is a lower bound. */
import * as fc from "fast-check"

fc.configureGlobal({ seed: 20261121, numRuns: 25 })
