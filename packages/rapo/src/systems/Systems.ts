/**
 * The systems of the field that one text-only training loop can express, as values.
 *
 * | system | objective | strategies | G | temperature | prompts |
 * |---|---|---|---|---|---|
 * | grpo | GRPO | | 64 | 1 | 16 |
 * | dr-grpo | Dr. GRPO | | 8 | 1 | 128 |
 * | dapo | DAPO | dynamic sampling, overlong penalty | 16 | 1 | 512 |
 * | lite-ppo | Lite PPO | | 8 | 0.99 | 128 |
 * | self | SELF | greedy-wrong | 8 | 1 | 128 |
 * | pacs | PACS | | 8 | 1 | 1024 |
 * | rover | ROVER | | 8 | 0.6 | 128 |
 * | apo | APO | | 8 | 1 | 64 |
 * | dots-rr | DOTS+RR | difficulty-targeted, replay | 8 | 0.6 | 512 |
 * | prorl | ProRL | dynamic sampling, reference resets | 16 | 1.2 | 256 |
 * | prorl-v2 | ProRLv2 | dynamic sampling | 16 | 1 | 256 |
 * | brorl | BroRL | dynamic sampling, reference resets | 512 | 1.2 | 256 |
 * | rorecomp | RoRecomp | recomposition | 8 | 1 | 128 |
 * | prefix-rl | PrefixRL | prefixed problems | 8 | 1 | 128 |
 * | rl-plus | RL-PLUS | | 8 | 1 | 128 |
 * | all others | the objective of the same name | | 8 | 1 | 128 |
 *
 * Beside each value in the code stands where it comes from. Those that are recalled and unsourced are *ours*.
 *
 * Sources: the files of the objectives and strategies; docs/papers.md.
 */
import { broRl } from "../objectives/BroRl.ts"
import * as Objectives from "../objectives/Objectives.ts"
import { proRl } from "../objectives/ProRl.ts"
import type { Objective, PolicyGradientObjective } from "../Objective.ts"
import * as Regulariser from "../Regulariser.ts"
import * as DifficultyTargeted from "../strategies/DifficultyTargeted.ts"
import * as DynamicSampling from "../strategies/DynamicSampling.ts"
import * as OverlongPenalty from "../strategies/OverlongPenalty.ts"
import * as PrefixedProblems from "../strategies/PrefixedProblems.ts"
import * as Recomposition from "../strategies/Recomposition.ts"
import * as ReferenceReset from "../strategies/ReferenceReset.ts"
import * as ReplayBuffer from "../strategies/ReplayBuffer.ts"
import type { Strategy } from "../strategies/Strategy.ts"
import type { Origin, Sampling, System } from "./System.ts"

// constructors

type Cited = readonly [value: number, from: Origin]

const sampling = (groupSize: Cited, temperature: Cited, prompts: Cited, maximumLength: Cited): Sampling => {
  const setting = ([value, from]: Cited): Sampling["prompts"] => ({ value, from })
  return {
    groupSize: setting(groupSize),
    temperature: setting(temperature),
    prompts: setting(prompts),
    maximumLength: setting(maximumLength),
  }
}

const system = (
  objective: Objective,
  sampled: Sampling,
  strategies: ReadonlyArray<Strategy>,
  sources: ReadonlyArray<string>,
): System => ({ name: objective.name, objective, strategies, sampling: sampled, sources })

const dynamicSampling = (config: Partial<DynamicSampling.Config> = {}): Strategy => ({
  _tag: "DynamicSampling",
  ...DynamicSampling.defaults,
  ...config,
})

const referenceReset: Strategy = { _tag: "ReferenceReset", ...ReferenceReset.defaults }

/** The strategy moves the reference, so that the objective's own anchor must rest. */
const anchoredByStrategy = (objective: PolicyGradientObjective): PolicyGradientObjective =>
  objective.regulariser._tag === "None"
    ? objective
    : { ...objective, regulariser: { ...objective.regulariser, anchor: Regulariser.frozen } }

/** The substitute where a paper's settings were not found: SimpleRL-Zoo's, with a batch that is an eighth of its. */
const ourSampling: Sampling = sampling([8, "ours"], [1, "ours"], [128, "ours"], [8192, "ours"])

/** A system that is its objective, sampled as by the substitute. */
const plain = (objective: Objective, ...sources: ReadonlyArray<string>): System =>
  system(objective, ourSampling, [], sources)

const { all: objectives } = Objectives

/**
 * The system of every objective's name.
 *
 * ```ts import.meta.vitest
 * import { Systems } from "@rapo/rapo"
 * Systems.all.dapo.strategies.map(({ _tag }) => _tag) // => ["DynamicSampling", "OverlongPenalty"]
 * Systems.all.brorl.sampling.groupSize // => { value: 512, from: "paper" }
 * ```
 *
 * @category systems
 * @since 0.1.0
 */
export const all: Readonly<Record<Objectives.Name, System>> = {
  ace: plain(objectives.ace, "arXiv 2602.21420"),
  dpg: plain(objectives.dpg, "arXiv 2205.11275", "naver/gdc @a59c5b7"),
  gdc: plain(objectives.gdc, "arXiv 2205.11275", "naver/gdc @a59c5b7"),
  gspo: plain(objectives.gspo, "arXiv 2507.18071"),
  luspo: plain(objectives.luspo, "arXiv 2602.05261", "TRL grpo_trainer.py"),
  rapo: plain(objectives.rapo, "arXiv 2510.03865"),
  "rapo-literal": plain(objectives["rapo-literal"], "arXiv 2510.03865"),
  "reinforce-plus-plus": plain(objectives["reinforce-plus-plus"], "arXiv 2501.03262"),
  "reinforce-plus-plus-baseline": plain(objectives["reinforce-plus-plus-baseline"], "arXiv 2501.03262"),
  rloo: plain(objectives.rloo, "arXiv 2402.14740"),
  unregularised: plain(objectives.unregularised),
  // 1024 responses a batch, of 64 to a prompt
  grpo: system(
    objectives.grpo,
    sampling([64, "paper"], [1, "ours"], [16, "paper"], [1024, "paper"]),
    [],
    ["arXiv 2402.03300"],
  ),
  "dr-grpo": system(
    objectives["dr-grpo"],
    sampling([8, "code"], [1, "code"], [128, "code"], [3000, "code"]),
    [],
    ["arXiv 2503.20783", "sail-sg/understand-r1-zero train_zero_math.py"],
  ),
  dapo: system(
    objectives.dapo,
    sampling([16, "code"], [1, "code"], [512, "code"], [20480, "code"]),
    [dynamicSampling(), { _tag: "OverlongPenalty", ...OverlongPenalty.defaults }],
    ["arXiv 2503.14476", "volcengine/verl recipe/dapo/run_dapo_qwen2.5_32b.sh"],
  ),
  "lite-ppo": system(
    objectives["lite-ppo"],
    sampling([8, "library"], [0.99, "library"], [128, "ours"], [4096, "ours"]),
    [],
    ["arXiv 2508.08221", "ROLL docs LitePPO.md"],
  ),
  self: system(
    objectives.self,
    sampling([8, "code"], [1, "code"], [128, "code"], [3072, "code"]),
    [{ _tag: "GreedyWrong" }],
    ["arXiv 2510.02230", "code @d17634b slurm/train_max_ppo.sh"],
  ),
  pacs: system(
    objectives.pacs,
    sampling([8, "code"], [1, "ours"], [1024, "code"], [4096, "code"]),
    [],
    ["arXiv 2509.02522", "code @bbe1dc6"],
  ),
  rover: system(
    objectives.rover,
    sampling([8, "code"], [0.6, "code"], [128, "code"], [8192, "code"]),
    [],
    ["arXiv 2509.24981", "tinnerhrhe/ROVER @b0fa587"],
  ),
  apo: system(
    objectives.apo,
    sampling([8, "code"], [1, "code"], [64, "code"], [4096, "code"]),
    [],
    ["arXiv 2506.21655", "Indolent-Kawhi/View-R1 @093f2d8"],
  ),
  "dots-rr": system(
    objectives["dots-rr"],
    sampling([8, "code"], [0.6, "code"], [512, "code"], [4096, "ours"]),
    [
      { _tag: "DifficultyTargeted", ...DifficultyTargeted.defaults },
      { _tag: "Replay", capacity: ReplayBuffer.defaultCapacity },
    ],
    ["arXiv 2506.05316", "ASTRAL-Group @59df918"],
  ),
  prorl: system(
    anchoredByStrategy(proRl),
    sampling([16, "ours"], [1.2, "ours"], [256, "ours"], [8192, "ours"]),
    [dynamicSampling({ groups: 256 }), referenceReset],
    ["arXiv 2505.24864"],
  ),
  "prorl-v2": system(
    objectives["prorl-v2"],
    sampling([16, "ours"], [1, "ours"], [256, "ours"], [8192, "ours"]),
    [dynamicSampling({ groups: 256, factor: 1.5 })],
    ["NeMo-RL docs/guides/prorlv2.md"],
  ),
  brorl: system(
    anchoredByStrategy(broRl),
    sampling([512, "paper"], [1.2, "ours"], [256, "ours"], [8192, "ours"]),
    [dynamicSampling({ groups: 256 }), referenceReset],
    ["arXiv 2510.01180"],
  ),
  rorecomp: system(
    objectives.rorecomp,
    ourSampling,
    [{ _tag: "Recomposition", ...Recomposition.defaults }],
    ["arXiv 2509.25958"],
  ),
  "prefix-rl": system(
    objectives["prefix-rl"],
    ourSampling,
    [{ _tag: "PrefixedProblems", ...PrefixedProblems.defaults }],
    ["arXiv 2601.18795"],
  ),
  "rl-plus": system(
    objectives["rl-plus"],
    sampling([8, "code"], [1, "code"], [128, "code"], [8192, "code"]),
    [],
    ["arXiv 2508.00222", "code @eb4aa4d rlplus_core_alg.py"],
  ),
}
