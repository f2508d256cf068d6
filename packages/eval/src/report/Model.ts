/**
 * What a report is made of: finished numbers and finished sentences. Nothing here computes.
 */
import type { Interval } from "../Interval.ts"
import type { PassCurve } from "../PassCurve.ts"

// model

/**
 * One arm on one set of problems.
 *
 * @category models
 * @since 0.1.0
 */
export interface SetResult {
  /** The same name in every arm identifies the set. */
  readonly set: string
  readonly title: string
  readonly description: string
  readonly problems: number
  readonly samples: number
  readonly pass: PassCurve
  /**
   * The paired difference to the base over the same problems. Where the problems were selected by what the base
   * failed to solve, it is to a fresh draw of the base: selection makes the first draw 0 by construction.
   */
  readonly difference: PassCurve | undefined
}

/**
 * One trained policy, or the base.
 *
 * @category models
 * @since 0.1.0
 */
export interface ArmResult {
  readonly name: string
  /** "base" | "no KL" | "reverse KL" | "forward KL" | "RAPO": the colour. Other families get spare colours. */
  readonly family: string
  readonly label: string
  /** Shown in the curves, having been chosen on validation problems. All arms appear on the front. */
  readonly chosen: boolean
  readonly sets: ReadonlyArray<SetResult>
  /** Undefined where the policy itself is not at hand, as behind an endpoint. */
  readonly diagnostics:
    | {
        readonly entropy: number
        readonly klPolicyBase: number
        readonly klBasePolicy: number
        readonly legalRate: number
        readonly meanLength: number
      }
    | undefined
}

/**
 * One training step of one arm: mean reward, entropy and KL in nats.
 *
 * @category models
 * @since 0.1.0
 */
export interface TrainingPoint {
  readonly arm: string
  readonly step: number
  readonly reward: number
  readonly entropy: number
  readonly kl: number
}

/**
 * One dot on the front of a set: pass@1 across, pass@kLarge upwards.
 *
 * @category models
 * @since 0.1.0
 */
export interface FrontPoint {
  readonly arm: string
  readonly family: string
  readonly set: string
  readonly x: Interval
  readonly y: Interval
  readonly kLarge: number
}

/**
 * Everything that a report says.
 *
 * @category models
 * @since 0.1.0
 */
export interface ReportData {
  readonly title: string
  /** What was found, in sentences, the failures too. */
  readonly summary: ReadonlyArray<string>
  readonly arms: ReadonlyArray<ArmResult>
  readonly front: ReadonlyArray<FrontPoint>
  readonly training: ReadonlyArray<TrainingPoint>
  readonly settings: ReadonlyArray<readonly [string, string]>
  readonly notes: ReadonlyArray<string>
}
