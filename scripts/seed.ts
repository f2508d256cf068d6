/**
 * One seed for every property of a run: `FC_SEED=123 npm test` repeats it; fast-check prints it on failure.
 * The default is fixed, so that a green run stays green until the code or the seed changes.
 */
import * as fc from "fast-check"

const seed = Number(process.env["FC_SEED"] ?? 20261121)
if (!Number.isSafeInteger(seed)) throw new Error(`FC_SEED must be an integer, got ${process.env["FC_SEED"]}`)
fc.configureGlobal({ seed })
