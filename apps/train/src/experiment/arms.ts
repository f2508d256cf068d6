/**
 * From the arms of an experiment file to objectives: one candidate for each combination of coefficients.
 */
import { Arms, Grpo, type Objective, Objectives, Rapo } from "@rapo/rapo"
import { type ArmConfig, isSystem } from "../config/tables.ts"

/** An objective to be trained. Candidates of one family differ in their coefficients; validation chooses among them. */
export interface Candidate {
  /** Unique, and usable as a folder's name. */
  readonly name: string
  readonly family: string
  readonly label: string
  readonly objective: Objective.Objective
}

/** The family of the untrained policy. */
export const baseFamily = "base"

/** All candidates, in the order of the file. */
export const candidates = (arms: ReadonlyArray<ArmConfig>): ReadonlyArray<Candidate> =>
  arms.flatMap(candidatesOf)

const candidatesOf = (arm: ArmConfig): ReadonlyArray<Candidate> => {
  if (isSystem(arm)) {
    const objective = Objectives.all[arm.objective]
    return [{ name: arm.objective, family: objective.name, label: objective.name, objective }]
  }
  switch (arm.objective) {
    case "no-kl":
      return [{ name: "no-kl", family: "no KL", label: "no KL", objective: Arms.unregularised }]
    case "reverse-kl":
      return arm.alpha.map((alpha) => ({
        name: `reverse-kl-${alpha}`,
        family: "reverse KL",
        label: `reverse KL α=${alpha}`,
        objective: Arms.reverseKL(alpha),
      }))
    case "forward-kl":
      return arm.alpha.map((alpha) => ({
        name: `forward-kl-${alpha}`,
        family: "forward KL",
        label: `forward KL α=${alpha}`,
        objective: Arms.forwardKL(alpha),
      }))
    case "rapo":
      return arm.alpha.flatMap((alpha) =>
        arm.phi_min.map((phiMinimum) => ({
          name: `rapo-${alpha}-phi-${phiMinimum}`,
          family: "RAPO",
          label: `RAPO α=${alpha} φ=${phiMinimum}`,
          objective: Rapo.withParameters({ alpha, phiMinimum, beta: arm.beta ?? 0 }),
        })),
      )
    case "grpo":
      return arm.alpha.map((coefficient) => ({
        name: `grpo-${coefficient}`,
        family: "GRPO",
        label: `GRPO α=${coefficient}`,
        objective: Grpo.withCoefficient(coefficient),
      }))
  }
}
