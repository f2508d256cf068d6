/**
 * The learning of an arm, or of a base that is made, at the end of a step, as data: all that the steps after it depend on.
 *
 *     save = steps, updates t, and for every trained parameter θ, its moments m and v;  π_ref's θ, where the reference moves
 *
 * Everything else follows from the experiment: the base, what LoRA leaves frozen, the order of the problems and every random
 * number, which are functions of the seed and the step. So n steps, saved and continued for m more, are n + m steps; on an
 * engine whose operations give equal results for equal inputs, bit for bit (test).
 *
 * **Bytes**  12 for each number that is trained, 16 where the reference moves.
 */
import type { Parameters } from "../../model/Parameters.ts"
import type { Learning } from "../start.ts"

// model

/** What is known of a save without its numbers. */
export interface Saved {
  /** Steps that were done. */
  readonly steps: number
  /** Updates that the optimiser had made; they count anew when a moving reference resets it. */
  readonly updates: number
}

/** Names of parts, in the order of the file. */
export const partNames = ["parameters", "first", "second", "reference"] as const

/** One of them. */
export type PartName = (typeof partNames)[number]

/** The parts of a save, each with a tensor for every trained parameter. */
export interface Parts {
  readonly parameters: Parameters
  readonly first: Parameters
  readonly second: Parameters
  /** Of a reference that moves. */
  readonly reference?: Parameters
}

// constructors

/** The parts of a learning; the tensors stay its own. */
export const partsOf = ({ trained, reference }: Learning, movesReference: boolean): Parts => ({
  parameters: trained.parameters,
  first: trained.optimiser.first,
  second: trained.optimiser.second,
  ...(movesReference ? { reference: reference.own } : {}),
})

// combinators

/** Every tensor of a save with its name there, such as "first.model.norm.weight". */
export const entriesOf = (parts: Parts): ReadonlyArray<readonly [string, Parameters[string]]> =>
  partNames.flatMap((part) =>
    Object.entries(parts[part] ?? {}).map(([name, tensor]) => [`${part}.${name}`, tensor] as const),
  )
