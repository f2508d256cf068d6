/**
 * `[lora]` of an experiment: an adapter is trained instead of the whole model.
 */
import { Schema } from "effect"
import { type Lora, type Target, targets } from "../model/lora/Lora.ts"
import type { Contradiction } from "./contradictions.ts"

/** See the module header. */
export const LoraTable = Schema.Struct({
  /** r: columns of A, rows of B. */
  rank: Schema.Int.pipe(Schema.check(Schema.isGreaterThan(0))),
  /** α: the adapter acts with the factor α/r. */
  alpha: Schema.Finite.pipe(Schema.check(Schema.isGreaterThan(0))),
  /** Which linear layers of every block; left out: all seven. */
  targets: Schema.optionalKey(Schema.NonEmptyArray(Schema.Literals(targets))),
  /** The factor is α/√r instead: rsLoRA. Left out: false. */
  rslora: Schema.optionalKey(Schema.Boolean),
  /** There is none: a policy that drops at random would not be the one whose log-probabilities are compared. */
  dropout: Schema.optionalKey(Schema.Literal(0)),
})

type Table = (typeof LoraTable)["Type"]

/** The adapter that a table asks for; undefined without a table. */
export const loraOf = (table: Table | undefined): Lora | undefined => {
  if (table === undefined) return undefined
  const { rank, alpha, rslora = false } = table
  const named: ReadonlyArray<Target> = table.targets ?? targets
  // In the model's order, so that equal sets are written alike.
  return {
    rank,
    alpha,
    targets: targets.filter((target) => named.includes(target)),
    rankStabilised: rslora,
  }
}

/** What the fields cannot say one by one. */
export const loraContradictions = (table: Table | undefined): ReadonlyArray<Contradiction> => {
  const named: ReadonlyArray<Target> = table?.targets ?? []
  const twice = named.find((target, i) => named.indexOf(target) < i)
  return twice === undefined
    ? []
    : [{ field: "lora.targets", problem: `"${twice}" stands twice`, remedy: "Name each layer once." }]
}
