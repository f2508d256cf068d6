import * as fc from "fast-check"
import { isLeft, isRight } from "fp-ts/lib/Either.js"
import { expect, test } from "vitest"
import {
  Ace,
  Apo,
  Arms,
  Dapo,
  DotsRr,
  DrGrpo,
  Gdc,
  Grpo,
  Objective,
  Objectives,
  Pacs,
  Phi,
  PolicyGradient,
  ProRl,
  Rapo,
  Regulariser,
  RlPlus,
  Rover,
  TrustRegion,
} from "../src/index.ts"
import * as arb from "./arbitraries.ts"

const systems = Objectives.names.map((name) => Objectives.all[name])

const gradient = (changed: Partial<PolicyGradient.PolicyGradient>): Objective.Objective =>
  ({ ...Dapo.dapo, surrogate: { ...Dapo.dapo.surrogate, ...changed } }) as Objective.Objective

test("every system is an objective", () => {
  expect(systems.map(({ name }) => name)).toHaveLength(new Set(systems.map(({ name }) => name)).size)
  for (const system of systems) expect(isRight(Objective.validate(system))).toBe(true)
})

test("every drawn objective is one", () => {
  fc.assert(fc.property(arb.objective, (objective) => isRight(Objective.validate(objective))))
})

/** Objectives with one thing wrong, and the field that the error must name. */
const wrong: ReadonlyArray<readonly [Objective.Objective, RegExp]> = [
  [{ ...Rapo.rapo, name: " " }, /name/],
  [{ ...Rapo.rapo, entropy: -0.1 }, /entropy/],
  [{ ...Rapo.rapo, entropy: NaN }, /entropy/],
  [Arms.reverseKL(-1), /regulariser\.coefficient/],
  [Arms.reverseKL(Infinity), /regulariser\.coefficient/],
  [Rapo.withParameters({ phiMinimum: 1.5 }), /φ_min/],
  [
    {
      ...Arms.forwardKL(1),
      regulariser: Regulariser.exact("forward", 1, {
        reference: Regulariser.reweighted({ ...Phi.binary(0), rewardHigh: 0 }),
      }),
    },
    /φ must rise/,
  ],
  [{ ...Grpo.grpo, regulariser: Regulariser.sampled("k3-naive", 1, { logRatioBound: 0 }) }, /logRatioBound/],
  [ProRl.resettingEvery(0.5), /regulariser\.anchor\.every/],
  [
    gradient({ advantage: { centre: "GroupMean", scale: { _tag: "GroupStd", epsilon: -1 } } }),
    /advantage\.scale\.epsilon/,
  ],
  [gradient({ trustRegion: { _tag: "Clip", low: -0.1, high: 0.2 } }), /trustRegion\.low/],
  [gradient({ trustRegion: { _tag: "Clip", low: 0.1, high: NaN } }), /trustRegion\.high/],
  [gradient({ trustRegion: { _tag: "Clip", low: 0.2, high: 0.2, dual: 1 } }), /trustRegion\.dual/],
  [gradient({ shaping: { _tag: "LongWrong", base: 1 } }), /shaping\.base/],
  [gradient({ correction: { _tag: "Masked", low: 1.1, high: 2 } }), /correction\.low/],
  [gradient({ correction: { _tag: "Truncated", maximum: 0.5 } }), /correction\.maximum/],
  [
    {
      ...RlPlus.rlPlus,
      surrogate: {
        ...PolicyGradient.of(RlPlus.rlPlus.surrogate.advantage, TrustRegion.none),
        demonstrations: { _tag: "Mixed", gamma: -1 },
      },
    },
    /demonstrations\.gamma/,
  ],
  [Ace.over(Grpo.grpo, -1), /shaping\.strength/],
  [Pacs.withBeta(0), /surrogate\.beta/],
  [Gdc.dpgAt(0), /target\.temperature/],
  [{ ...Rover.rover, surrogate: { ...Rover.rover.surrogate, temperature: 0 } }, /surrogate\.temperature/],
  [DrGrpo.ofLength(0), /aggregation\.length/],
]

test("what is wrong is refused, by a sentence that names it", () => {
  for (const [objective, named] of wrong) {
    const result = Objective.validate(objective)
    expect(isLeft(result) && Objective.showError(result.left)).toMatch(named)
  }
})

test("a reference is needed exactly by a regulariser that counts, and by what compares with it", () => {
  const needing = Objectives.names.filter((name) => Objective.needsReference(Objectives.all[name]))
  expect(needing.toSorted()).toEqual(
    [
      "ace",
      "apo",
      "brorl",
      "dpg",
      "gdc",
      "grpo",
      "prorl",
      "prorl-v2",
      "rapo",
      "rapo-literal",
      "reinforce-plus-plus",
      "reinforce-plus-plus-baseline",
      "rorecomp",
    ].toSorted(),
  )
  expect(Objective.needsReference(Arms.forwardKL(0))).toBe(false)
})

test("what else is needed is named", () => {
  expect(Objective.needs(Apo.apo)).toEqual(["reference", "kl-weights"])
  expect(Objective.needs(Rover.rover)).toEqual(["mean-log-probs"])
  expect(Objective.needs(RlPlus.rlPlus)).toEqual(["demonstrations"])
  expect(Objective.needs(DotsRr.dotsRr)).toEqual(["sampler"])
  expect(Objective.needs(Gdc.gdc)).toEqual(["reference", "partition"])
  expect(Objective.needs(Ace.over(Dapo.dapo, 1))).toEqual(["reference"])
})

test("an anchor is the regulariser's, and frozen without one", () => {
  expect(Objective.anchorOf(Dapo.dapo)).toEqual(Regulariser.frozen)
  expect(Objective.anchorOf(ProRl.proRl)).toEqual({ _tag: "Moving", every: 500, resetsOptimiser: true })
})

test("every name of a KL has its regulariser", () => {
  const names: ReadonlyArray<Regulariser.Name> = [
    "none",
    "fkl-exact-vocab",
    "rkl-exact-vocab",
    "rkl-k1-reward",
    "rkl-k2-loss",
    "k3-naive",
    "k3-weighted",
    "fkl-naive",
    "fkl-weighted",
  ]
  const made = names.map((name) => Regulariser.ofName(name, 0.1))
  expect(new Set(made.map((regulariser) => JSON.stringify(regulariser))).size).toBe(names.length)
  expect(made.filter(Regulariser.shapesAdvantage)).toHaveLength(1)
  expect(made.filter(Regulariser.holds)).toHaveLength(names.length - 1)
})
