/**
 * The systems of the field that an arm may name, besides those with coefficients to choose, and why some cannot train here.
 *
 * What trains here are groups that the policy itself has just sampled. An objective that needs more than that is refused
 * with a remedy, not trained as something that it is not.
 */
import { Objective, Objectives } from "@rapo/rapo"

/** Names as in the file. Those of "grpo" and "rapo" have coefficients of their own; "no-kl" is the unregularised one. */
export const systems = [
  "ace",
  "apo",
  "brorl",
  "dapo",
  "dots-rr",
  "dpg",
  "dr-grpo",
  "gdc",
  "gspo",
  "lite-ppo",
  "luspo",
  "pacs",
  "prefix-rl",
  "prorl",
  "prorl-v2",
  "rapo-literal",
  "reinforce-plus-plus",
  "reinforce-plus-plus-baseline",
  "rl-plus",
  "rloo",
  "rorecomp",
  "rover",
  "self",
] as const satisfies ReadonlyArray<Objectives.Name>

/** One of them. */
export type System = (typeof systems)[number]

/** What a batch of the policy's own fresh groups does not bring. */
const lacking: ReadonlyArray<readonly [Objective.Need, string]> = [
  ["demonstrations", "responses of another policy"],
  ["sampler", "replayed responses"],
  ["partition", "a running estimate of the target's Z"],
]

/** Systems whose objective is another's: what makes them is which problems or responses they train on. */
const ofData: ReadonlyMap<System, string> = new Map<System, string>([
  ["prefix-rl", "prefixes of solved problems"],
  ["rorecomp", "recomposed batches"],
  ["self", "a selection of problems by greedy decoding"],
])

/** What a system needs that training on fresh groups does not have; undefined where there is nothing. */
export const lackOf = (system: System): string | undefined => {
  const needs = Objective.needs(Objectives.all[system])
  return lacking.find(([need]) => needs.includes(need))?.[1] ?? ofData.get(system)
}
