/**
 * What every comparison of parts needs: the options, the fuel, and the comparison of two answers itself.
 */
import type { Expression } from "../Expression.ts"
import type { Options } from "../Options.ts"
import type { Comparison } from "./Comparison.ts"
import type { Fuel } from "./Fuel.ts"

/** @category models */
export interface Context {
  readonly options: Options
  readonly fuel: Fuel
  /** The comparison of any two answers, for the items of a structure. */
  readonly compare: (gold: Expression, answer: Expression) => Comparison
}
