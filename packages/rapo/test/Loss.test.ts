import { LogSpace } from "@rapo/distributions"
import * as fc from "fast-check"
import { expect, test } from "vitest"
import type { Objective } from "../src/index.ts"
import { Arms, Grpo, Loss, Phi, Rapo, Regulariser, TrustRegion } from "../src/index.ts"
import * as arb from "./arbitraries.ts"
import { padded, slice } from "./arbitraries/batches.ts"
import type { Cube } from "./gradients.ts"
import { distance, gradientOf } from "./gradients.ts"

/** Sums of at most nine tokens of four logits; a clamped ρ ln ρ, or a weight, reaches e⁵ · 5, two digits more. */
const tolerance = 1e-10

const near = (a: number, b: number): boolean =>
  Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(a), Math.abs(b))

const lossOf = (objective: Objective.Objective, batch: Loss.Batch<number>): number =>
  Loss.loss(objective)(batch).loss

test("[A5] additive: micro-batches of whole groups sum to the whole, metrics too", () => {
  fc.assert(
    fc.property(arb.objective, arb.batch, fc.nat({ max: 2 }), (objective, batch, groups) => {
      const cut = groups * (batch.groupSize ?? 1)
      const whole = Loss.loss(objective)(batch)
      const parts = [slice(batch, 0, cut), slice(batch, cut)].map(Loss.loss(objective))
      const sum = (f: (part: ReturnType<ReturnType<typeof Loss.loss>>) => number): number =>
        parts.reduce((total, part) => total + f(part), 0)
      return (
        near(
          whole.loss,
          sum((part) => part.loss),
        ) &&
        (["entropy", "regulariser", "clipFraction", "clampRate"] as const).every((metric) =>
          near(
            whole.metrics[metric],
            sum((part) => part.metrics[metric]),
          ),
        )
      )
    }),
    { numRuns: 300 },
  )
})

test("[A4] padding changes nothing, and passes no gradient", () => {
  fc.assert(
    fc.property(
      arb.objective,
      arb.batch,
      fc.double({ min: -50, max: 50, noNaN: true }),
      (objective, batch, junk) => {
        const pads = gradientOf("loss")(objective, padded(batch, junk)).map((rows) => rows.at(-1) ?? [NaN])
        return (
          lossOf(objective, padded(batch, junk)) === lossOf(objective, batch) &&
          pads.every((row) => row.every((g) => g === 0))
        )
      },
    ),
    { numRuns: 150 },
  )
})

test("the loss is minus the terms with their coefficients, in weights that are token means", () => {
  fc.assert(
    fc.property(arb.policyGradientObjective, arb.batch, (objective, batch) => {
      const { regulariser, entropy } = objective
      const { loss, metrics } = Loss.loss({ ...objective, aggregation: { _tag: "TokenMean" } })(batch)
      const alpha =
        regulariser._tag === "None" || Regulariser.shapesAdvantage(regulariser) ? 0 : regulariser.coefficient
      return near(-loss, metrics.policyGradient - alpha * metrics.regulariser + entropy * metrics.entropy)
    }),
  )
})

test("[A3] on-policy the gradient is the plain policy gradient, whatever the trust region", () => {
  fc.assert(
    fc.property(arb.region, arb.batch, (trustRegion, drawn) => {
      const batch = { ...drawn, oldLogProbs: undefined }
      const objective: Objective.Objective = {
        ...Arms.unregularised,
        surrogate: { ...Arms.unregularised.surrogate, trustRegion },
      }
      // -(1/n) A (onehot - π), by hand
      const plain = batch.logits.map((rows, b) =>
        rows.map((logits, t) => {
          const weight = ((batch.mask[b]?.[t] ?? NaN) * (batch.advantages[b] ?? NaN)) / batch.tokenCount
          return LogSpace.logSoftmax(logits).map(
            (l, v) => -weight * ((v === batch.tokens[b]?.[t] ? 1 : 0) - Math.exp(l)),
          )
        }),
      )
      return distance(gradientOf("loss")(objective, batch), plain) <= tolerance
    }),
    { numRuns: 50 },
  )
})

test("[A3] on-policy no trust region of any policy gradient has a say in its gradient", () => {
  fc.assert(
    fc.property(arb.policyGradientObjective, arb.region, arb.batch, (objective, trustRegion, drawn) => {
      const batch = { ...drawn, oldLogProbs: undefined }
      const other = { ...objective, surrogate: { ...objective.surrogate, trustRegion } }
      const [a, b] = [objective, other].map((each) => gradientOf("loss")(each, batch))
      return a !== undefined && b !== undefined && distance(a, b) === 0
    }),
    { numRuns: 100 },
  )
})

const gradientWith =
  (objective: Objective.Objective) =>
  (batch: Loss.Batch<number>): Cube =>
    gradientOf("loss")(objective, batch)

const zeros = (cube: Cube): Cube => cube.map((matrix) => matrix.map((row) => row.map(() => 0)))

/** A batch with what the policy itself says, said. */
const stated = (batch: Loss.Batch<number>): Loss.Batch<number> => {
  const logProbs = batch.logits.map((rows) => rows.map((logits) => LogSpace.logSoftmax(logits)))
  return {
    ...batch,
    oldLogProbs: logProbs.map((rows, b) => rows.map((row, t) => row[batch.tokens[b]?.[t] ?? 0] ?? NaN)),
    oldMeanLogProbs: logProbs.map((rows) =>
      rows.map((row) => row.reduce((sum, l) => sum + l, 0) / row.length),
    ),
  }
}

test("[A3] on-policy is π_old = π_θ: stating its log-probabilities changes neither value nor gradient", () => {
  fc.assert(
    fc.property(arb.objective, arb.batch, (objective, drawn) => {
      const [implicit, explicit] = [{ ...drawn, oldLogProbs: undefined }, stated(drawn)]
      const [one, other] = [implicit, explicit].map(gradientWith(objective))
      return (
        near(lossOf(objective, implicit), lossOf(objective, explicit)) &&
        one !== undefined &&
        other !== undefined &&
        distance(one, other) <= tolerance * Math.max(1, distance(one, zeros(one)))
      )
    }),
    { numRuns: 150 },
  )
})

test("k1 in the reward has, in expectation over tokens, the gradient of the exact reverse KL", () => {
  fc.assert(
    fc.property(arb.batch, (drawn) => {
      const base = slice(drawn, 0, 1)
      const [logits, referenceLogits] = [base.logits[0]?.[0] ?? [], base.referenceLogits?.[0]?.[0] ?? []]
      const at = (token: number): Loss.Batch<number> => ({
        logits: [[logits]],
        tokens: [[token]],
        mask: [[1]],
        advantages: [0],
        rewards: [0],
        oldLogProbs: undefined,
        referenceLogits: [[referenceLogits]],
        tokenCount: 1,
        sequenceCount: 1,
      })
      const shaped: Objective.Objective = {
        ...Arms.unregularised,
        regulariser: Regulariser.sampled("rkl-k1-reward", 0.7, { logRatioBound: Infinity }),
      }
      const expected = LogSpace.logSoftmax(logits)
        .map((l, token) =>
          gradientOf("loss")(shaped, at(token))
            .flat(2)
            .map((g) => Math.exp(l) * g),
        )
        .reduce((total, gradient) => total.map((g, v) => g + (gradient[v] ?? NaN)))
      return distance([[expected]], gradientOf("loss")(Arms.reverseKL(0.7), at(0))) <= tolerance
    }),
    { numRuns: 50 },
  )
})

test("[A9] one token: at sequence level ratio and estimator are the token's", () => {
  fc.assert(
    fc.property(arb.policyGradientObjective, arb.batch, (objective, drawn) => {
      const batch = {
        ...drawn,
        mask: drawn.mask.map((row) => row.map((_, t) => (t === 0 ? 1 : 0))),
        tokenCount: drawn.mask.length,
      }
      const { regulariser, surrogate } = objective
      const at = (level: "token" | "sequence"): number =>
        lossOf(
          {
            ...objective,
            surrogate: { ...surrogate, ratio: level, demonstrations: { _tag: "None" } },
            regulariser: regulariser._tag === "Sampled" ? { ...regulariser, level } : regulariser,
          },
          batch,
        )
      return near(at("token"), at("sequence"))
    }),
  )
})

test("φ_min = 1 is the plain reference", () => {
  fc.assert(
    fc.property(arb.batch, (batch) =>
      near(
        lossOf(Rapo.withParameters({ phiMinimum: 1, alpha: 0.3 }), batch),
        lossOf(Arms.forwardKL(0.3), batch),
      ),
    ),
  )
})

test("an objective with a reference refuses a batch without one", () => {
  const [batch] = fc.sample(arb.batch, 1)
  if (batch === undefined) throw new Error("no batch was drawn")
  expect(() => lossOf(Grpo.grpo, { ...batch, referenceLogits: undefined })).toThrow(/referenceLogits/)
  expect(Number.isFinite(lossOf(Arms.unregularised, { ...batch, referenceLogits: undefined }))).toBe(true)
})

test("clip fraction and clamp rate count tokens", () => {
  const batch: Loss.Batch<number> = {
    logits: [
      [
        [0, 0],
        [0, 0],
      ],
    ],
    tokens: [[0, 1]],
    mask: [[1, 1]],
    advantages: [1],
    rewards: [0],
    oldLogProbs: [[Math.log(0.5), Math.log(0.25)]],
    referenceLogits: [
      [
        [0, 0],
        [0, -9],
      ],
    ],
    tokenCount: 2,
    sequenceCount: 1,
  }
  const objective: Objective.Objective = {
    ...Grpo.grpo,
    surrogate: { ...Grpo.grpo.surrogate, trustRegion: TrustRegion.clip(0.2) },
    regulariser: Regulariser.sampled("fkl-naive", 0.1, {
      reference: Regulariser.reweighted(Phi.binary(0.8)),
    }),
  }
  const { metrics } = Loss.loss(objective)(batch)
  expect(metrics.clipFraction).toBe(0.5)
  expect(metrics.clampRate).toBe(0.5)
})
