/** What groups that say nothing do to a loss: nothing. */
import * as fc from "fast-check"
import { test } from "vitest"
import type { Objective } from "../src/index.ts"
import { Advantage, Arms, Credit, Loss, Regulariser } from "../src/index.ts"
import * as arb from "./arbitraries.ts"
import { distance, gradientOf } from "./gradients.ts"

/** Sums of at most twelve tokens of four logits. */
const tolerance = 1e-10

test("[A7] where advantages are zero, only the regulariser and the entropy act", () => {
  fc.assert(
    fc.property(arb.policyGradientObjective, arb.batch, (objective, drawn) => {
      const batch = { ...drawn, advantages: drawn.advantages.map(() => 0) }
      const { regulariser } = objective
      if (Regulariser.shapesAdvantage(regulariser)) return true
      const silent: Objective.Objective = {
        ...objective,
        surrogate: Arms.unregularised.surrogate,
        regulariser,
      }
      return (
        gradientOf("policyGradient")(objective, batch)
          .flat(2)
          .every((g) => g === 0) &&
        distance(gradientOf("loss")(objective, batch), gradientOf("loss")(silent, batch)) === 0
      )
    }),
    { numRuns: 100 },
  )
})

test("[A7] on-policy a degenerate group moves no system but those that match a distribution", () => {
  fc.assert(
    fc.property(arb.system, arb.batch, fc.constantFrom(0, 1), (objective, drawn, reward) => {
      const { surrogate } = objective
      const isRelative =
        surrogate._tag === "Classification" ||
        (surrogate._tag !== "DistributionMatching" && Advantage.isGroupRelative(surrogate.advantage))
      if (!isRelative || Regulariser.shapesAdvantage(objective.regulariser)) return true
      const size = drawn.groupSize ?? 1
      const rewards = drawn.mask.map(() => reward)
      const groups = Array.from({ length: rewards.length / size }, () => ({
        rewards: rewards.slice(0, size),
        lengths: rewards.slice(0, size).map(() => 1),
      }))
      const credits = Credit.ofBatch(objective)(groups)
      const batch: Loss.Batch<number> = {
        ...drawn,
        rewards,
        oldLogProbs: undefined,
        isDemonstration: undefined,
        advantages: credits.flatMap(({ advantages }) => advantages),
      }
      return (
        credits.every(({ _tag }) => _tag !== "Informative") &&
        gradientOf("policyGradient")(objective, batch)
          .flat(2)
          .every((g) => Math.abs(g) <= tolerance)
      )
    }),
    { numRuns: 150 },
  )
})
