/**
 * Every system's own formula on two answers, worked out by hand.
 *
 * Answer 0 is right and has two tokens, answer 1 is wrong and has one. Probabilities of the sampled tokens:
 *
 *     π      (0.5, 0.8), (0.25)          r = π/π_old   (1.25, 1), (0.5)
 *     π_old  (0.4, 0.8), (0.5)           ρ = π_ref/π   (1, 0.5),  (2)
 *     π_ref  (0.5, 0.4), (0.5)
 */
import { expect, test } from "vitest"
import { Credit, Loss, Objectives } from "../../src/index.ts"
import type { Advantage } from "../../src/index.ts"

/** Logits of a vocabulary of two in which token 0 has this probability. */
const logitsOf = (p: number): ReadonlyArray<number> => [Math.log(p), Math.log(1 - p)]

/** The second answer's second position is padding. */
const padding = 0.5

const lossOf = (
  name: Objectives.Name,
  group: Partial<Advantage.Group> = {},
  batch: Partial<Loss.Batch<number>> = {},
): number => {
  const objective = Objectives.all[name]
  const [credit] = Credit.ofBatch(objective)([{ rewards: [1, 0], lengths: [2, 1], ...group }])
  return Loss.loss(objective)({
    logits: [[0.5, 0.8].map(logitsOf), [0.25, padding].map(logitsOf)],
    tokens: [
      [0, 0],
      [0, 0],
    ],
    mask: [
      [1, 1],
      [1, 0],
    ],
    advantages: credit?.advantages ?? [],
    klWeights: credit?.klWeights,
    rewards: [1, 0],
    oldLogProbs: [
      [Math.log(0.4), Math.log(0.8)],
      [Math.log(0.5), 0],
    ],
    referenceLogits: [[0.5, 0.4].map(logitsOf), [0.5, padding].map(logitsOf)],
    groupSize: 2,
    tokenCount: 3,
    sequenceCount: 2,
    ...batch,
  }).loss
}

const { exp, log, sqrt } = Math

/** (1 - ½)/(std + 1e-6), and minus that for the wrong answer. */
const a = 0.5 / (sqrt(0.5) + 1e-6)

/** ρ - ln ρ - 1 of ρ = ½ and of ρ = 2. */
const [k3Half, k3Two] = [0.5 + log(2) - 1, 2 - log(2) - 1]

/** ½ ln² ρ of either. */
const k2 = log(2) ** 2 / 2

/** Whitened over the tokens 1 1 0: mean ⅔, variance ⅓. */
const [high, low] = [1 / 3 / sqrt(1 / 3 + 1e-8), -2 / 3 / sqrt(1 / 3 + 1e-8)]

/** Sampled by a policy that said 0.1, 0.1 and 0.5: π_old/μ is 4, 8 and 1. */
const elsewhere: Partial<Loss.Batch<number>> = {
  behaviourLogProbs: [
    [log(0.1), log(0.1)],
    [log(0.5), 0],
  ],
}

const expectLoss = (loss: number, gain: number): void => expect(loss).toBeCloseTo(-gain, 9)

test("GRPO: 1.25 is clipped to 1.2, and 0.5 to 0.8", () => {
  const grpo = ((1.2 * a + a) / 2 - 0.04 * (k3Half / 2) + (-0.8 * a - 0.04 * k3Two)) / 2
  expectLoss(lossOf("grpo"), grpo)
  expectLoss(lossOf("rorecomp"), grpo)
})

test("SELF and PrefixRL: GRPO without KL", () => {
  const free = ((1.2 * a + a) / 2 - 0.8 * a) / 2
  expectLoss(lossOf("self"), free)
  expectLoss(lossOf("prefix-rl"), free)
})

test("DAPO: 1.25 is below 1.28, tokens count the same", () => {
  expectLoss(lossOf("dapo"), (1.25 * a + a - 0.8 * a) / 3)
  expectLoss(lossOf("unregularised"), (1.2 * a + a - 0.8 * a) / 3)
})

test("Dr. GRPO: no deviation, divided by 3,000 tokens a response", () => {
  expectLoss(lossOf("dr-grpo"), (1.2 * 0.5 + 0.5 - 0.8 * 0.5) / (3000 * 2))
})

test("Lite PPO: the batch's deviation, not the group's", () => {
  expectLoss(lossOf("lite-ppo"), (1.2 * a + a - 0.8 * a) / 3)
  const groups = [
    { rewards: [1, 0], lengths: [1, 1] },
    { rewards: [1, 1], lengths: [1, 1] },
  ]
  // rewards 1 0 1 1: unbiased variance ¼
  const credits = Credit.ofBatch(Objectives.all["lite-ppo"])(groups)
  expect(credits[0]?.advantages[0]).toBeCloseTo(0.5 / (0.5 + 1e-6), 12)
  expect(credits[1]).toMatchObject({ _tag: "AllEqual", advantages: [0, 0] })
})

test("GSPO: √1.25 is clipped to 1.0004, 0.5 to 0.9997", () => {
  expectLoss(lossOf("gspo"), (1.0004 * a - 0.9997 * a) / 2)
})

test("LUSPO: the same with wider clips, and the longer answer counts twice", () => {
  expectLoss(lossOf("luspo"), (2 * 1.0025 * a - 0.998 * a) / 2)
})

test("REINFORCE++: whitened over tokens, k1 in the reward", () => {
  const [first, second, third] = [high, high + 0.01 * log(0.5), low + 0.01 * log(2)]
  expectLoss(lossOf("reinforce-plus-plus"), (1.2 * first + second + 0.8 * third) / 3)
})

test("REINFORCE++-baseline: whitened deviations from the group, k2 in the loss", () => {
  const gain = (1.2 * high + high + 0.8 * low) / 3 - (1e-4 * (k2 + k2)) / 3
  expectLoss(lossOf("reinforce-plus-plus-baseline"), gain)
})

test("ProRLv2: a clip of 1.27, and a token whose sampler differs by 8 left out", () => {
  const gain = (4 * 1.25 * high + 0.8 * low) / 3 - (1e-4 * (k2 + k2)) / 3
  expectLoss(lossOf("prorl-v2", {}, elsewhere), gain)
})

test("ProRL and BroRL: a clip of 1.4, k3", () => {
  const gain = (1.25 * a + a - 0.8 * a) / 3 - (1e-4 * (k3Half + k3Two)) / 3
  expectLoss(lossOf("prorl"), gain)
  expectLoss(lossOf("brorl"), gain)
})

test("RLOO: each against the other, unclipped, summed over tokens", () => {
  expectLoss(lossOf("rloo"), (1.25 + 1 - 0.5) / 2)
})

test("PACS: logits ± ln 2.5, each on the right side", () => {
  expectLoss(lossOf("pacs"), -log(1.4))
})

test("ACE: the wrong answer, of confidence ln ½, counts 1 + ln 1.5 times", () => {
  const wrong = a * (1 + log(1.5))
  expectLoss(lossOf("ace"), ((1.2 * a + a) / 2 - 0.04 * (k3Half / 2) + (-0.8 * wrong - 0.04 * k3Two)) / 2)
})

test("APO: the right answer's KL weighs 1 - e^{-e/2}; a wrong answer two tokens longer counts more", () => {
  const sharp = 0.5 / (sqrt(0.5) + 1e-9)
  const weight = 1 - exp(-Math.E / 2)
  const gain = ((1.2 * sharp + sharp) / 2 - 1e-3 * weight * (k3Half / 2) - 0.8 * sharp - 1e-3 * k3Two) / 2
  expectLoss(lossOf("apo"), gain)
  const [credit] = Credit.ofBatch(Objectives.all.apo)([{ rewards: [1, 0], lengths: [1, 3] }])
  expect(credit?.advantages[1]).toBeCloseTo(-sharp * (2 - 1.00001 ** -2), 12)
})

test("ROVER: Q = ln r, its target ±½ and, before the last token, the change of the mean", () => {
  const change = (log(0.8) + log(0.2)) / 2 + 1
  const gain = -((log(1.25) - 0.5 - change) ** 2 + 0.5 ** 2 + (log(0.5) + 0.5) ** 2) / 3
  const oldMeanLogProbs = [
    [-9, -1],
    [-9, -9],
  ]
  expectLoss(lossOf("rover", {}, { oldMeanLogProbs }), gain)
})

test("RL-PLUS: a demonstration against the mean of the others", () => {
  const [first, second] = [(sqrt(0.5) * 2 * 0.5) / (0.4 + 0.7), (sqrt(0.2) * 2 * 0.8) / (0.8 + 0.9)]
  const entropy = [0.5, 0.8, 0.25].map((p) => -p * log(p) - (1 - p) * log(1 - p)).reduce((sum, h) => sum + h)
  const loss = lossOf("rl-plus", { isDemonstration: [true, false] }, { isDemonstration: [1, 0] })
  // multiplied back, for a loss of 1e-5 has few digits behind the point
  expectLoss(loss * 8192 * 2, first + second + 0.001 * entropy)
})

test("DOTS+RR: each token weighed by π_old/μ", () => {
  expectLoss(lossOf("dots-rr", {}, elsewhere), (4 * 1.2 * a + 8 * a - 0.8 * a) / 3)
})

test("DPG: e^r π_ref/q times ln π", () => {
  expectLoss(lossOf("dpg"), (exp(1) * 0.625 * log(0.4) + log(0.25)) / 2)
})

test("GDC: r π_ref/q - Z π/q times ln π", () => {
  const gain = ((0.625 - 0.3 * 1.25) * log(0.4) - 0.3 * 0.5 * log(0.25)) / 2
  expectLoss(lossOf("gdc", {}, { partition: 0.3 }), gain)
})

test("RAPO: the exact KL from the reference, flattened for the wrong answer", () => {
  const kl = 0.4 * log(0.4 / 0.8) + 0.6 * log(0.6 / 0.2) + 0.5 * log(0.5 / 0.25) + 0.5 * log(0.5 / 0.75)
  expectLoss(lossOf("rapo"), (1.2 * a + a - 0.8 * a) / 3 - (0.1 * kl) / 3)
})

test("RAPO to the letter: ρ ln ρ - ρ + 1 of whole answers", () => {
  const kF = 0.5 * log(0.5) - 0.5 + 1 + (2 * log(2) - 2 + 1)
  expectLoss(lossOf("rapo-literal"), (1.2 * a + a - 0.8 * a) / 3 - (0.1 * kF) / 3)
})
