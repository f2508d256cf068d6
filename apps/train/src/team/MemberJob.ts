/**
 * What a member of a team is asked, and answers: plain data, but for numbers in memory that threads share.
 *
 *     Join → (Step | (Collect → Recall? → (Differentiate → Contribute)* → Descend*) → MoveReference? → Save?)* → Keep? → Leave
 *     Begin → (Pretrain → Save?)* → Keep? → Leave
 *
 * A member holds a replica of what is learnt, so parameters and moments never travel; gradients do, as one sum. A lone member
 * does whole steps. What is learnt goes from the device to its file.
 */
import type { Seed } from "@rapo/distributions"
import type { Objective } from "@rapo/rapo"
import type { HostParameters, ModelDescription, ParametersSource } from "../model/Checkpoint.ts"
import type { Lora } from "../model/lora/Lora.ts"
import type { Rollouts } from "../rollout/collect.ts"
import type { Problem } from "../tasks/Task.ts"
import type { ShardGradient } from "../training/gradientOf.ts"
import type { StepMetrics } from "../training/Judged.ts"
import type { Memory } from "../training/Memory.ts"
import type { OptimiserOptions } from "../training/Optimise.ts"
import type { Recipe } from "../training/Recipe.ts"
import type { Divergence } from "../training/reinforce.ts"
import type { ReinforceOptions } from "../training/ReinforceStep.ts"
import type { SaveLabel } from "../training/save/write.ts"
import type { OldPolicy, Shard, Totals } from "../training/Shard.ts"
import type { Assignment } from "../workers/Assignment.ts"

/** A job that is for the worker who holds the replica. */
export type MemberJob =
  /** Makes the replica, as it is at the start of an arm, or as a save has it; one that the worker still holds is freed. */
  | {
      readonly _tag: "Join"
      readonly assignment: Assignment
      readonly model: ModelDescription
      readonly base: ParametersSource
      readonly objective: Objective.Objective
      readonly memory: Memory | undefined
      readonly lora: Lora | undefined
      /** Of the adapter's start. */
      readonly seed: Seed.Seed
      /** The file of the save to go on from. */
      readonly save: string | undefined
    }
  /** Makes the start of a base from nothing, or takes it from a save; who begins is alone. */
  | {
      readonly _tag: "Begin"
      readonly recipe: Recipe
      /** The file of the save to go on from. */
      readonly save: string | undefined
    }
  /** A step of pre-training. */
  | { readonly _tag: "Pretrain"; readonly step: number }
  /** A whole step, by a member that is alone. */
  | {
      readonly _tag: "Step"
      readonly options: ReinforceOptions
      readonly problems: ReadonlyArray<Problem>
      readonly step: number
      readonly seed: Seed.Seed
    }
  /** Rollouts of the policy. */
  | {
      readonly _tag: "Collect"
      readonly problems: ReadonlyArray<Problem>
      readonly groupSize: number
      readonly temperature: number
      readonly seed: Seed.Seed
    }
  /** What the policy says of a shard before it moves. */
  | { readonly _tag: "Recall"; readonly shard: Shard }
  /** A shard's gradient, which the member keeps until it contributes it. */
  | { readonly _tag: "Differentiate"; readonly shard: Shard; readonly totals: Totals }
  /** Adds the kept gradient to the team's sum, or begins the sum with it. */
  | { readonly _tag: "Contribute"; readonly sum: HostParameters; readonly isFirst: boolean }
  /** Descends along the team's sum. */
  | {
      readonly _tag: "Descend"
      readonly options: OptimiserOptions
      readonly learningRate: number
      readonly loss: number
      readonly sum: HostParameters
    }
  /** The policy as it is becomes the reference. */
  | { readonly _tag: "MoveReference"; readonly resetsOptimiser: boolean }
  /** Writes all that the next step depends on. */
  | { readonly _tag: "Save"; readonly file: string; readonly label: SaveLabel }
  /** Writes what was learnt: a checkpoint, or an adapter for the base that is named. */
  | { readonly _tag: "Keep"; readonly folder: string; readonly baseName: string }
  /** Frees the replica. */
  | { readonly _tag: "Leave" }

/** A step's outcome; the state is the members'. */
export type StepOutcome = { readonly _tag: "Stepped"; readonly metrics: StepMetrics } | Diverged

/** A step at which a number was not finite, and which was not made. */
export type Diverged = Divergence & { readonly _tag: "Diverged" }

/** The answer to each. */
export interface MemberAnswers {
  /** What is trained: names and shapes. */
  readonly Join: ReadonlyMap<string, ReadonlyArray<number>>
  readonly Begin: undefined
  /** Undefined where the step was made. */
  readonly Pretrain: Diverged | undefined
  readonly Step: StepOutcome
  readonly Collect: Rollouts
  readonly Recall: OldPolicy
  readonly Differentiate: Pick<ShardGradient, "loss" | "metrics">
  readonly Contribute: undefined
  readonly Descend: { readonly descended: boolean; readonly gradientNorm: number }
  readonly MoveReference: undefined
  readonly Save: undefined
  readonly Keep: undefined
  readonly Leave: undefined
}

/** The name of a member's job. */
export type MemberTask = keyof MemberAnswers
