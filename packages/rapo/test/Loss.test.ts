import { LogSpace } from "@rapo/distributions"
import * as fc from "fast-check"
import { expect, test } from "vitest"
import type { Objective } from "../src/index.ts"
import { Arms, Grpo, Loss, Rapo, Regulariser, TrustRegion } from "../src/index.ts"
import * as arb from "./arbitraries.ts"
import { distance, gradientOf } from "./gradients.ts"

/** Sums of at most nine tokens of four logits; a clamped ρ ln ρ, or a weight, reaches e⁵ · 5, two digits more. */
const tolerance = 1e-10

const near = (a: number, b: number): boolean =>
  Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(a), Math.abs(b))

const lossOf = (objective: Objective.Objective, batch: Loss.Batch<number>): number =>
  Loss.loss(objective)(batch).loss

/** The responses from `from` to `to`, with the counts of the whole batch. */
const slice = (batch: Loss.Batch<number>, from: number, to?: number): Loss.Batch<number> => ({
  ...batch,
  logits: batch.logits.slice(from, to),
  tokens: batch.tokens.slice(from, to),
  mask: batch.mask.slice(from, to),
  advantages: batch.advantages.slice(from, to),
  rewards: batch.rewards.slice(from, to),
  oldLogProbs: batch.oldLogProbs?.slice(from, to),
  referenceLogits: batch.referenceLogits?.slice(from, to),
})

test("additive: micro-batches sum to the whole, metrics too", () => {
  fc.assert(
    fc.property(arb.objective, arb.batch, fc.nat({ max: 3 }), (objective, batch, cut) => {
      const whole = Loss.loss(objective)(batch)
      const parts = [slice(batch, 0, cut), slice(batch, cut)].map(Loss.loss(objective))
      const sum = (f: (part: ReturnType<ReturnType<typeof Loss.loss>>) => number): number =>
        parts.reduce((total, part) => total + f(part), 0)
      return (
        near(
          whole.loss,
          sum((part) => part.loss),
        ) &&
        near(
          whole.metrics.entropy,
          sum((part) => part.metrics.entropy),
        ) &&
        near(
          whole.metrics.regulariser,
          sum((part) => part.metrics.regulariser),
        ) &&
        near(
          whole.metrics.clipFraction,
          sum((part) => part.metrics.clipFraction),
        ) &&
        near(
          whole.metrics.clampRate,
          sum((part) => part.metrics.clampRate),
        )
      )
    }),
  )
})

test("padding changes nothing, and passes no gradient", () => {
  fc.assert(
    fc.property(
      arb.objective,
      arb.batch,
      fc.double({ min: -50, max: 50, noNaN: true }),
      (objective, batch, junk) => {
        const padded: Loss.Batch<number> = {
          ...batch,
          logits: batch.logits.map((rows) => [...rows, (rows[0] ?? []).map((_, v) => v * junk)]),
          tokens: batch.tokens.map((row) => [...row, 0]),
          mask: batch.mask.map((row) => [...row, 0]),
          oldLogProbs: batch.oldLogProbs?.map((row) => [...row, junk]),
          referenceLogits: batch.referenceLogits?.map((rows) => [
            ...rows,
            (rows[0] ?? []).map((_, v) => -v * junk),
          ]),
        }
        const pads = gradientOf("loss")(objective, padded).map((rows) => rows.at(-1) ?? [NaN])
        return (
          lossOf(objective, padded) === lossOf(objective, batch) &&
          pads.every((row) => row.every((g) => g === 0))
        )
      },
    ),
    { numRuns: 50 },
  )
})

test("the loss is minus the terms with their coefficients, in weights that are token means", () => {
  fc.assert(
    fc.property(arb.objective, arb.batch, (objective, batch) => {
      const { regulariser, entropy } = objective
      const { loss, metrics } = Loss.loss({ ...objective, aggregation: { _tag: "TokenMean" } })(batch)
      const alpha =
        regulariser._tag === "None" || Regulariser.shapesAdvantage(regulariser) ? 0 : regulariser.coefficient
      return near(-loss, metrics.policyGradient - alpha * metrics.regulariser + entropy * metrics.entropy)
    }),
  )
})

test("on-policy the gradient is the plain policy gradient, whatever the trust region", () => {
  fc.assert(
    fc.property(arb.region, arb.batch, (trustRegion, drawn) => {
      const batch = { ...drawn, oldLogProbs: undefined }
      const objective: Objective.Objective = { ...Arms.unregularised, trustRegion }
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

test("on-policy is π_old = π_θ: stating its log-probabilities changes neither value nor gradient", () => {
  fc.assert(
    fc.property(arb.objective, arb.batch, (objective, drawn) => {
      const implicit = { ...drawn, oldLogProbs: undefined }
      const explicit = {
        ...drawn,
        oldLogProbs: drawn.logits.map((rows, b) =>
          rows.map((logits, t) => LogSpace.logSoftmax(logits)[drawn.tokens[b]?.[t] ?? 0] ?? NaN),
        ),
      }
      return (
        near(lossOf(objective, implicit), lossOf(objective, explicit)) &&
        distance(gradientOf("loss")(objective, implicit), gradientOf("loss")(objective, explicit)) <=
          tolerance
      )
    }),
    { numRuns: 50 },
  )
})

test("where advantages are zero only the regulariser and the entropy act", () => {
  fc.assert(
    fc.property(arb.objective, arb.batch, (objective, batch) => {
      const still = { ...batch, advantages: batch.advantages.map(() => 0) }
      const { regulariser } = objective
      if (Regulariser.shapesAdvantage(regulariser)) return true
      const alpha = regulariser._tag === "None" ? 0 : regulariser.coefficient
      const parts = [gradientOf("regulariser"), gradientOf("entropy")].map((of) => of(objective, still))
      const expected = still.logits.map((rows, b) =>
        rows.map((row, t) =>
          row.map(
            (_, v) =>
              alpha * (parts[0]?.[b]?.[t]?.[v] ?? NaN) - objective.entropy * (parts[1]?.[b]?.[t]?.[v] ?? NaN),
          ),
        ),
      )
      return distance(gradientOf("loss")(objective, still), expected) <= 10 * tolerance
    }),
    { numRuns: 50 },
  )
})

test("exact-vocabulary gradients are the closed forms: π - p, and π (ln π - ln p - KL)", () => {
  fc.assert(
    fc.property(arb.batch, fc.constantFrom("forward" as const, "reverse" as const), (batch, direction) => {
      const objective = direction === "forward" ? Arms.forwardKL(1) : Arms.reverseKL(1)
      const closed = batch.logits.map((rows, b) =>
        rows.map((logits, t) => {
          const weight = (batch.mask[b]?.[t] ?? NaN) / batch.tokenCount
          const logPi = LogSpace.logSoftmax(logits)
          const logP = LogSpace.logSoftmax(batch.referenceLogits?.[b]?.[t] ?? [])
          const gap = logPi.map((l, v) => l - (logP[v] ?? NaN))
          const kl = LogSpace.sum(logPi.map((l, v) => Math.exp(l) * (gap[v] ?? NaN)))
          return logPi.map((l, v) =>
            direction === "forward"
              ? weight * (Math.exp(l) - Math.exp(logP[v] ?? NaN))
              : weight * Math.exp(l) * ((gap[v] ?? NaN) - kl),
          )
        }),
      )
      return distance(gradientOf("regulariser")(objective, batch), closed) <= tolerance
    }),
    { numRuns: 50 },
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
        regulariser: {
          _tag: "Sampled",
          estimator: "rkl-k1-reward",
          coefficient: 0.7,
          reference: Regulariser.plain,
          logRatioBound: Infinity,
        },
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

test("one token: at sequence level ratio and estimator are the token's", () => {
  fc.assert(
    fc.property(arb.objective, arb.batch, (objective, drawn) => {
      const batch = {
        ...drawn,
        mask: drawn.mask.map((row) => row.map((_, t) => (t === 0 ? 1 : 0))),
        tokenCount: drawn.mask.length,
      }
      const { regulariser } = objective
      const at = (level: "token" | "sequence"): number =>
        lossOf(
          {
            ...objective,
            ratio: level,
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
    trustRegion: TrustRegion.clip(0.2),
    regulariser: { ...Rapo.literal.regulariser, level: "token" } as Regulariser.Sampled,
  }
  const { metrics } = Loss.loss(objective)(batch)
  expect(metrics.clipFraction).toBe(0.5)
  expect(metrics.clampRate).toBe(0.5)
})
