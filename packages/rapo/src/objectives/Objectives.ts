/**
 * All objectives by name: what a test runs over, and what an experiment may name.
 *
 * Each stands in a file of its own with formula, source and defaults; `Objective.needs` says what a batch must bring for it.
 */
import type { Objective } from "../Objective.ts"
import { ace } from "./Ace.ts"
import { apo } from "./Apo.ts"
import { unregularised } from "./Arms.ts"
import { broRl } from "./BroRl.ts"
import { dapo } from "./Dapo.ts"
import { dotsRr } from "./DotsRr.ts"
import { drGrpo } from "./DrGrpo.ts"
import { dpg, gdc } from "./Gdc.ts"
import { grpo } from "./Grpo.ts"
import { gspo } from "./Gspo.ts"
import { litePpo } from "./LitePpo.ts"
import { luspo } from "./Luspo.ts"
import { pacs } from "./Pacs.ts"
import { prefixRl } from "./PrefixRl.ts"
import { proRl, proRlV2 } from "./ProRl.ts"
import { literal, rapo } from "./Rapo.ts"
import { baseline, reinforcePlusPlus } from "./ReinforcePlusPlus.ts"
import { rlPlus } from "./RlPlus.ts"
import { rloo } from "./Rloo.ts"
import { roRecomp } from "./RoRecomp.ts"
import { rover } from "./Rover.ts"
import { self } from "./Self.ts"

// model

/**
 * @category models
 * @since 0.1.0
 */
export type Name =
  | "ace"
  | "apo"
  | "brorl"
  | "dapo"
  | "dots-rr"
  | "dpg"
  | "dr-grpo"
  | "gdc"
  | "grpo"
  | "gspo"
  | "lite-ppo"
  | "luspo"
  | "pacs"
  | "prefix-rl"
  | "prorl"
  | "prorl-v2"
  | "rapo"
  | "rapo-literal"
  | "reinforce-plus-plus"
  | "reinforce-plus-plus-baseline"
  | "rl-plus"
  | "rloo"
  | "rorecomp"
  | "rover"
  | "self"
  | "unregularised"

// constructors

/**
 * Every objective with its defaults.
 *
 * ```ts import.meta.vitest
 * import { Objectives } from "@rapo/rapo"
 * Objectives.all.gspo.aggregation // => { _tag: "SequenceMean" }
 * ```
 *
 * @category objectives
 * @since 0.1.0
 */
export const all: Readonly<Record<Name, Objective>> = {
  ace,
  apo,
  brorl: broRl,
  dapo,
  "dots-rr": dotsRr,
  dpg,
  "dr-grpo": drGrpo,
  gdc,
  grpo,
  gspo,
  "lite-ppo": litePpo,
  luspo,
  pacs,
  "prefix-rl": prefixRl,
  prorl: proRl,
  "prorl-v2": proRlV2,
  rapo,
  "rapo-literal": literal,
  "reinforce-plus-plus": reinforcePlusPlus,
  "reinforce-plus-plus-baseline": baseline,
  "rl-plus": rlPlus,
  rloo,
  rorecomp: roRecomp,
  rover,
  self,
  unregularised,
}

/**
 * @category objectives
 * @since 0.1.0
 */
export const names: ReadonlyArray<Name> = Object.keys(all) as ReadonlyArray<Name>
