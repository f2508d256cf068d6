/**
 * One iteration of RLVR by a team: `training/ReinforceStep.ts`, its phases dealt out.
 *
 *     rollouts of portions, each by whoever is free  →  credits and shards, here
 *     gradients of shards, each by whoever is free   →  Σ in the order of the shards
 *     the same descent on every replica
 *
 * What is computed together is the experiment's choice (`sampling_batch`, `micro_batch`), and sums are made in the order of the
 * shards whoever is quicker; so the numbers do not depend on the size of the team. Equal bit for bit on wasm (test); with
 * `checkpoint_layers` and a trained tied embedding up to rounding, since a lone worker adds that one's two parts one by one.
 *
 * **Bytes**  of a step, with P numbers trained and n shards: n·P are added to the sum, P are read by each member. To descend once and
 * send the parameters round would move as many, and the members would wait.
 */
import type { Seed } from "@rapo/distributions"
import { Deferred, Effect } from "effect"
import type { WorkerError } from "../errors.ts"
import type { HostParameters } from "../model/Checkpoint.ts"
import { joinRollouts, portionsOf } from "../rollout/portions.ts"
import type { Problem } from "../tasks/Task.ts"
import type { ShardGradient } from "../training/gradientOf.ts"
import { type StepMetrics, judgedBy, metricsOf } from "../training/Judged.ts"
import type { Learner } from "../training/Learner.ts"
import type { ReinforceOptions } from "../training/ReinforceStep.ts"
import { rateAt } from "../training/Schedule.ts"
import type { Shard, Totals } from "../training/Shard.ts"
import type { StepOutcome } from "./MemberJob.ts"
import { type Team, byAll, dealt } from "./Team.ts"

// combinators

/** See the module header. `sum` is the team's memory for gradients. */
export const stepTogether = Effect.fnUntraced(function* (
  team: Team,
  sum: HostParameters,
  learner: Learner,
  options: ReinforceOptions,
  problems: ReadonlyArray<Problem>,
  step: number,
  seed: Seed.Seed,
): Effect.fn.Return<StepOutcome, WorkerError> {
  const { groupSize, temperature, updatesPerBatch, memory, optimiser } = options
  const portions = yield* dealt(
    team,
    portionsOf(problems, groupSize, memory?.samplingBatch),
    (member, portion) => member.run({ _tag: "Collect", problems: portion, groupSize, temperature, seed }),
  )
  const judged = judgedBy(learner, joinRollouts(portions))
  const shards =
    updatesPerBatch === 1
      ? judged.shards
      : yield* dealt(team, judged.shards, (member, shard) =>
          member.run({ _tag: "Recall", shard }).pipe(Effect.map((old): Shard => ({ ...shard, old }))),
        )
  const learningRate = rateAt(options.schedule, step)

  let first: StepMetrics | undefined
  for (let update = 0; update < updatesPerBatch; update++) {
    const told = yield* sumTogether(team, sum, shards, judged.totals)
    const { loss } = told
    const descents = yield* byAll(team, (member) =>
      member.run({ _tag: "Descend", options: optimiser, learningRate, loss, sum }),
    )
    const { descended, gradientNorm } = agreed(descents)
    if (!descended) return { _tag: "Diverged", step, loss, gradientNorm }
    first ??= metricsOf(judged, told, { step, learningRate, gradientNorm })
  }
  if (first === undefined) throw new Error("bug: updatesPerBatch is at least 1")
  return { _tag: "Stepped", metrics: first }
})

// numerics

type Told = Pick<ShardGradient, "loss" | "metrics">

/** The gradients of all shards into `sum`, in their order; their losses and metrics, added in the same order. */
const sumTogether = Effect.fnUntraced(function* (
  team: Team,
  sum: HostParameters,
  shards: ReadonlyArray<Shard>,
  totals: Totals,
) {
  const added = yield* Effect.forEach(shards, () => Deferred.make<void>())
  const told = yield* dealt(
    team,
    shards,
    Effect.fnUntraced(function* (member, shard, i) {
      const own = yield* member.run({ _tag: "Differentiate", shard, totals })
      const before = added[i - 1]
      if (before !== undefined) yield* Deferred.await(before)
      yield* member.run({ _tag: "Contribute", sum, isFirst: i === 0 })
      yield* Deferred.succeed(added[i] as Deferred.Deferred<void>, undefined)
      return own
    }),
  )
  return told.reduce(plus)
})

const plus = (a: Told, b: Told): Told => ({
  loss: a.loss + b.loss,
  metrics: Object.fromEntries(
    Object.entries(a.metrics).map(([name, x]) => [name, x + b.metrics[name as keyof Told["metrics"]]]),
  ) as Told["metrics"],
})

/** What every replica says: replicas that differ are a bug that no result must come from. */
const agreed = <A extends { readonly gradientNorm: number }>(answers: ReadonlyArray<A>): A => {
  const [first] = answers
  if (
    first === undefined ||
    !answers.every(({ gradientNorm }) => Object.is(gradientNorm, first.gradientNorm))
  )
    throw new Error("bug: replicas of one policy differ")
  return first
}
