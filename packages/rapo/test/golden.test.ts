/** Values that verl and NeMo-RL compute, from a folder of reference data that stands beside the repository. */
import { expect, test } from "vitest"
import type { Case } from "./golden/cases.ts"
import { failures, read, tally } from "./golden/cases.ts"
import { nemo } from "./golden/nemo.ts"
import type { Nemo } from "./golden/nemoData.ts"
import type {
  AdaptiveSteps,
  ComputeRewards,
  GaeCase,
  GroupCase,
  MaskedStats,
} from "./golden/verlAdvantages.ts"
import { adaptive, gae, groupAdvantages, maskedStatistics, tokenRewards } from "./golden/verlAdvantages.ts"
import type { AggLoss, PolicyLoss } from "./golden/verlPolicyLoss.ts"
import { aggregations, policyLosses } from "./golden/verlPolicyLoss.ts"
import type { EntropyLogprob, KlPenalty } from "./golden/verlTokens.ts"
import { entropies, penalties } from "./golden/verlTokens.ts"

interface Verl {
  readonly advantages: { readonly cases: ReadonlyArray<GroupCase> }
  readonly gae: ReadonlyArray<GaeCase>
  readonly kl_penalty: KlPenalty
  readonly policy_loss: PolicyLoss
  readonly agg_loss: AggLoss
  readonly entropy_logprob: EntropyLogprob
  readonly masked_stats: MaskedStats
  readonly compute_rewards: ComputeRewards
  readonly adaptive_kl: AdaptiveSteps
}

const verl = (data: Verl): ReadonlyArray<Case> => [
  ...groupAdvantages(data.advantages.cases),
  ...gae(data.gae),
  ...penalties(data.kl_penalty),
  ...policyLosses(data.policy_loss),
  ...aggregations(data.agg_loss),
  ...entropies(data.entropy_logprob),
  ...maskedStatistics(data.masked_stats),
  ...tokenRewards(data.compute_rewards),
  ...adaptive(data.adaptive_kl),
]

/** Every case of a file holds: it is reproduced, or it differs in exactly the documented way. */
const compare = (file: string, casesOf: (data: unknown) => ReadonlyArray<Case>): void => {
  const data = read(file)
  if (data === undefined) return
  const cases = casesOf(data)
  console.log(tally(file, cases))
  expect(cases.length).toBeGreaterThan(0)
  expect(failures(cases)).toEqual([])
}

test("verl: core algorithms, every value and gradient", () => {
  compare("verl-core-algos.json", (data) => verl(data as Verl))
})

test("NeMo-RL: losses and advantages, every value", () => {
  compare("nemo-rl-loss.json", (data) => nemo(data as Nemo))
})
