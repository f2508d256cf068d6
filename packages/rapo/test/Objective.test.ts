import * as fc from "fast-check"
import { isLeft, isRight } from "fp-ts/lib/Either.js"
import { expect, test } from "vitest"
import { Arms, Dapo, DrGrpo, Grpo, Objective, Phi, Rapo, Regulariser } from "../src/index.ts"
import * as arb from "./arbitraries.ts"

const systems: ReadonlyArray<Objective.Objective> = [
  Grpo.grpo,
  DrGrpo.drGrpo,
  Dapo.dapo,
  Rapo.rapo,
  Rapo.literal,
  Arms.unregularised,
  Arms.reverseKL(0.3),
  Arms.forwardKL(0.1),
]

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
      regulariser: {
        _tag: "ExactVocabulary",
        direction: "forward",
        coefficient: 1,
        reference: Regulariser.reweighted({ ...Phi.binary(0), rewardHigh: 0 }),
      },
    },
    /φ must rise/,
  ],
  [
    {
      ...Grpo.grpo,
      regulariser: {
        _tag: "Sampled",
        estimator: "k3-naive",
        coefficient: 1,
        reference: Regulariser.plain,
        logRatioBound: 0,
      },
    },
    /logRatioBound/,
  ],
  [{ ...Grpo.grpo, advantage: { _tag: "Standardised", epsilon: -1 } }, /advantage\.epsilon/],
  [{ ...Dapo.dapo, trustRegion: { _tag: "Clip", low: -0.1, high: 0.2 } }, /trustRegion\.low/],
  [{ ...Dapo.dapo, trustRegion: { _tag: "Clip", low: 0.1, high: NaN } }, /trustRegion\.high/],
  [{ ...Dapo.dapo, trustRegion: { _tag: "Clip", low: 0.2, high: 0.2, dual: 1 } }, /trustRegion\.dual/],
  [DrGrpo.ofLength(0), /aggregation\.length/],
  [{ ...Rapo.rapo, anchor: { _tag: "Moving", every: 0.5 } }, /anchor\.every/],
  [{ ...Arms.unregularised, anchor: { _tag: "Moving", every: 10 } }, /moves its reference/],
]

test("what is wrong is refused, by a sentence that names it", () => {
  for (const [objective, named] of wrong) {
    const result = Objective.validate(objective)
    expect(isLeft(result) && Objective.showError(result.left)).toMatch(named)
  }
})

test("a reference is needed exactly by a regulariser that counts", () => {
  expect(systems.filter(Objective.needsReference).map(({ name }) => name)).toEqual([
    "GRPO",
    Rapo.rapo.name,
    Rapo.literal.name,
    "reverse KL, α = 0.3",
    "forward KL, α = 0.1",
  ])
  expect(Objective.needsReference(Arms.forwardKL(0))).toBe(false)
})
