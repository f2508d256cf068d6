import { Seed } from "@rapo/distributions"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { countCorrect, sequencesAtOnce } from "../../src/evaluation/countCorrect.ts"
import { diagnose } from "../../src/evaluation/diagnose.ts"
import { collectRollouts } from "../../src/rollout/collect.ts"
import { Countdown } from "../../src/tasks/Countdown.ts"
import { seed } from "../arbitraries.ts"
import { echoProblems, echoTask } from "../echoTask.ts"
import { freeing, leakOf } from "../engine.ts"
import { settingOf } from "../configs.ts"
import { talkativeParameters } from "../models.ts"

const echo = settingOf(echoTask, { num_hidden_layers: 1 })

describe("countCorrect", () => {
  it("counts what the verifier says of each sample", () => {
    freeing(() => {
      const parameters = talkativeParameters(echo.config, Seed.fromInteger(1))
      const samples = 20
      const counts = countCorrect(
        echo,
        parameters,
        echoProblems,
        samples,
        1,
        Seed.fromInteger(2),
        () => undefined,
      )
      const { responses } = collectRollouts(echo, parameters, echoProblems, samples, 1, Seed.fromInteger(2))
      const expected = echoProblems.map(({ id, answer }, p) => {
        const own = responses.slice(p * samples, (p + 1) * samples)
        const texts = own.map(echo.codec.decode)
        return {
          id,
          samples,
          correct: texts.filter((text) => text.startsWith(answer)).length,
          legal: texts.filter((text) => /^[1-4]/.test(text)).length,
          tokens: own.flat().length,
        }
      })
      expect(counts).toEqual(expected)
      expect(counts.some(({ correct }) => correct > 0 && correct < samples)).toBe(true)
    })
  })

  it("does not depend on how problems are put together, and tells of every sample", () => {
    freeing(() => {
      const parameters = talkativeParameters(echo.config, Seed.fromInteger(1))
      // Two problems at once, so that four take two batches.
      const samples = sequencesAtOnce / 2
      const told: Array<number> = []
      const leak = leakOf(() => {
        const all = countCorrect(echo, parameters, echoProblems, samples, 1, Seed.fromInteger(3), (n) =>
          told.push(n),
        )
        const one = countCorrect(
          echo,
          parameters,
          echoProblems.slice(2, 3),
          samples,
          1,
          Seed.fromInteger(3),
          () => undefined,
        )
        expect(all.slice(2, 3)).toEqual(one)
        expect(all.map(({ id }) => id)).toEqual(echoProblems.map(({ id }) => id))
      })
      expect(told).toEqual([2 * samples, 2 * samples])
      expect(leak).toBe(0)
    })
  })
})

describe("diagnose", () => {
  const setting = settingOf(Countdown, { num_hidden_layers: 1 })
  const problems = [1, 2].map((n) => Countdown.draw("n3", Seed.fromInteger(n), "typical"))
  /** Means of float32 log-probabilities. */
  const rounding = 1e-5

  it("finds no distance between a policy and itself, and an entropy of at most ln V", () => {
    fc.assert(
      fc.property(seed, (own) =>
        freeing(() => {
          const base = talkativeParameters(setting.config, own)
          const { entropy, klBasePolicy, klPolicyBase } = diagnose(setting, base, base, problems, 2, 1, own)
          return (
            entropy >= 0 &&
            entropy <= Math.log(setting.config.vocab_size) + rounding &&
            Math.abs(klBasePolicy) <= rounding &&
            Math.abs(klPolicyBase) <= rounding
          )
        }),
      ),
      { numRuns: 10 },
    )
  })

  it("says the same, whatever is held at once", () => {
    const size = fc.integer({ min: 1, max: 40 })
    fc.assert(
      fc.property(seed, size, size, (own, tokens, rows) =>
        freeing(() => {
          const [policy, base] = [1, 2].map((n) => talkativeParameters(setting.config, Seed.child(own, n)))
          if (policy === undefined || base === undefined) throw new Error("there are two")
          const whole = diagnose(setting, policy, base, problems, 2, 1, own)
          const inParts = diagnose(setting, policy, base, problems, 2, 1, own, { tokens, rows: () => rows })
          return (["entropy", "klPolicyBase", "klBasePolicy"] as const).every(
            (figure) => Math.abs(whole[figure] - inParts[figure]) <= rounding,
          )
        }),
      ),
      { numRuns: 6 },
    )
  })

  it("finds a distance to another policy, and exchanges the two directions with the two policies", () => {
    const leak = leakOf(() =>
      freeing(() => {
        const [a, b] = [1, 2].map((n) => talkativeParameters(setting.config, Seed.fromInteger(n)))
        if (a === undefined || b === undefined) throw new Error("there are two")
        const own = Seed.fromInteger(3)
        const there = diagnose(setting, a, b, problems, 4, 1, own)
        const back = diagnose(setting, b, a, problems, 4, 1, own)
        expect(there.klPolicyBase).toBeGreaterThan(0.01)
        expect(there.klBasePolicy).toBeGreaterThan(0.01)
        expect(Math.abs(there.klPolicyBase - back.klBasePolicy)).toBeLessThan(rounding)
        expect(Math.abs(there.klBasePolicy - back.klPolicyBase)).toBeLessThan(rounding)
      }),
    )
    expect(leak).toBe(0)
  })
})
