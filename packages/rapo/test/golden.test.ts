/** Values that verl and NeMo-RL compute, from a folder of reference data that stands beside the repository. */
import * as fs from "node:fs"
import * as path from "node:path"
import { Float64 } from "@rapo/distributions"
import { expect, test } from "vitest"
import { Advantage, Aggregation, Ratio, TrustRegion } from "../src/index.ts"

const folder = path.resolve(import.meta.dirname, "../../../../shared/data/golden")

/** What is asserted of a file; where the data are not, a line that says so. */
const onGolden = (file: string, check: (data: unknown) => void): void => {
  const full = path.join(folder, file)
  if (fs.existsSync(full)) return check(JSON.parse(fs.readFileSync(full, "utf8")) as unknown)
  console.log(`golden: ${file} is not beside this repository, so nothing was compared`)
}

/** Inputs are printed with 4 digits and computed with in float64; verl adds 1e-8 to some denominators. */
const tolerance = 5e-8

type Matrix = ReadonlyArray<ReadonlyArray<number>>

interface Verl {
  readonly advantages: {
    readonly cases: ReadonlyArray<{
      readonly name: string
      readonly scores: ReadonlyArray<number>
      readonly group: ReadonlyArray<number>
      readonly grpo_std: Matrix
      readonly dr_grpo_no_std: Matrix
    }>
  }
  readonly policy_loss: {
    readonly inputs: {
      readonly old_log_prob: Matrix
      readonly log_prob: Matrix
      readonly advantages: Matrix
      readonly response_mask: Matrix
    }
    readonly cases: ReadonlyArray<{
      readonly loss_fn: string
      readonly loss_agg_mode: "token-mean" | "seq-mean-token-mean"
      readonly clip_ratio_low: number
      readonly clip_ratio_high: number
      readonly clip_ratio_c: number
      readonly loss: number
      readonly metrics: Readonly<Record<string, number>>
    }>
  }
  readonly agg_loss: {
    readonly loss_mat: Matrix
    readonly mask: Matrix
    readonly "token-mean": number
    readonly "seq-mean-token-mean": number
    readonly "seq-mean-token-sum-norm": number
  }
}

const onVerl = (check: (data: Verl) => void): void =>
  onGolden("verl-core-algos.json", (data) => check(data as Verl))

const at = (matrix: Matrix, b: number, t: number): number => matrix[b]?.[t] ?? NaN

const weightedSum = (weights: Matrix, values: Matrix): number =>
  weights.reduce((sum, row, b) => row.reduce((inner, w, t) => inner + w * at(values, b, t), sum), 0)

test("verl: group advantages, standardised and centred", () => {
  onVerl(({ advantages }) => {
    expect(advantages.cases).toHaveLength(5)
    for (const { scores, group, grpo_std, dr_grpo_no_std } of advantages.cases) {
      for (const id of new Set(group)) {
        const members = [...group.keys()].filter((i) => group[i] === id)
        const rewards = members.map((i) => scores[i] ?? NaN)
        // verl gives a singleton its raw reward; here it is a named case of advantage 0
        if (members.length === 1) {
          expect(Advantage.standardised(rewards)).toEqual({ _tag: "Singleton", advantages: [0] })
          continue
        }
        members.forEach((i, g) => {
          expect(Advantage.standardised(rewards).advantages[g]).toBeCloseTo(at(grpo_std, i, 0), 12)
          expect(Advantage.centred(rewards).advantages[g]).toBeCloseTo(at(dr_grpo_no_std, i, 0), 12)
        })
      }
    }
  })
})

test("verl: clipped, dual-clipped and sequence-level policy losses", () => {
  onVerl(({ policy_loss: { inputs, cases } }) => {
    const R = Float64.Real
    const mask = inputs.response_mask
    const known = cases.filter(({ loss_fn }) => loss_fn === "vanilla" || loss_fn === "gspo")
    expect(known).toHaveLength(5)
    for (const {
      loss_fn,
      loss_agg_mode,
      clip_ratio_low,
      clip_ratio_high,
      clip_ratio_c,
      loss,
      metrics,
    } of known) {
      const vanilla = loss_fn === "vanilla"
      const region: TrustRegion.TrustRegion = {
        _tag: "Clip",
        low: clip_ratio_low,
        high: clip_ratio_high,
        ...(vanilla ? { dual: clip_ratio_c } : {}),
      }
      const ratios = mask.map((row, b) => {
        const positions = [...row.keys()].filter((t) => row[t] === 1)
        const logRatios = positions.map((t) => at(inputs.log_prob, b, t) - at(inputs.old_log_prob, b, t))
        const lifted = Ratio.atLevel(R)(vanilla ? "token" : "sequence", logRatios).map(Ratio.fromLog(R))
        return row.map((m, t) => (m === 1 ? (lifted[positions.indexOf(t)] ?? NaN) : 1))
      })
      const surrogates = ratios.map((row, b) =>
        row.map((ratio, t) => TrustRegion.surrogate(R)(region, ratio, at(inputs.advantages, b, t))),
      )
      const clipped = ratios.map((row, b) =>
        row.map((ratio, t) => Number(TrustRegion.isClipped(region, ratio, at(inputs.advantages, b, t)))),
      )
      const counts = Aggregation.countsOf(mask)
      const weights = Aggregation.weights(
        { _tag: loss_agg_mode === "token-mean" ? "TokenMean" : "SequenceMean" },
        mask,
        counts,
      )
      expect(Math.abs(-weightedSum(weights, surrogates) - loss)).toBeLessThan(tolerance)
      const tokenMean = Aggregation.weights({ _tag: "TokenMean" }, mask, counts)
      expect(Math.abs(weightedSum(tokenMean, clipped) - (metrics["actor/pg_clipfrac"] ?? NaN))).toBeLessThan(
        tolerance,
      )
    }
  })
})

test("verl: aggregations", () => {
  onVerl(({ agg_loss }) => {
    const { mask, loss_mat } = agg_loss
    // verl's sequence means leave empty responses out of the count, and its normalised sum has no count at all
    const sequenceCount = mask.filter((row) => row.some((m) => m === 1)).length
    const counts = { ...Aggregation.countsOf(mask), sequenceCount }
    const total = (aggregation: Aggregation.Aggregation, c: Aggregation.Counts): number =>
      weightedSum(Aggregation.weights(aggregation, mask, c), loss_mat)
    expect(Math.abs(total({ _tag: "TokenMean" }, counts) - agg_loss["token-mean"])).toBeLessThan(tolerance)
    expect(Math.abs(total({ _tag: "SequenceMean" }, counts) - agg_loss["seq-mean-token-mean"])).toBeLessThan(
      tolerance,
    )
    expect(
      Math.abs(
        total({ _tag: "Constant", length: mask[0]?.length ?? NaN }, { ...counts, sequenceCount: 1 }) -
          agg_loss["seq-mean-token-sum-norm"],
      ),
    ).toBeLessThan(tolerance)
  })
})

interface PpoCase {
  readonly advantages: ReadonlyArray<number>
  readonly prev_logprobs: ReadonlyArray<number>
  readonly curr_logprobs: ReadonlyArray<number>
  readonly clip_min: number
  readonly clip_max: number
  readonly ratio_clip_c?: number
  readonly per_token: ReadonlyArray<number>
}

/** Upstream's tests print four digits, of which dual clipping's ratio 10 leaves three decimals. */
const printed = 2e-3

test("NeMo-RL: clipped and dual-clipped losses a token", () => {
  onGolden("nemo-rl-loss.json", (file) => {
    const data = file as { readonly ppo_clip: PpoCase; readonly dual_clip: PpoCase }
    for (const { advantages, prev_logprobs, curr_logprobs, clip_min, clip_max, ratio_clip_c, per_token } of [
      data.ppo_clip,
      data.dual_clip,
    ]) {
      const region: TrustRegion.TrustRegion = {
        _tag: "Clip",
        low: clip_min,
        high: clip_max,
        ...(ratio_clip_c === undefined ? {} : { dual: ratio_clip_c }),
      }
      per_token.forEach((expected, t) => {
        const ratio = Ratio.fromLog(Float64.Real)((curr_logprobs[t] ?? NaN) - (prev_logprobs[t] ?? NaN))
        const value = TrustRegion.surrogate(Float64.Real)(region, ratio, advantages[t] ?? NaN)
        expect(Math.abs(-value - expected)).toBeLessThan(printed)
      })
    }
  })
})
