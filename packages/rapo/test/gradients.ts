/** Exact gradients of the reference loss, one dual number at a time. */
import { Dual } from "@rapo/distributions"
import type { Objective } from "../src/index.ts"
import { Loss } from "../src/index.ts"

export type Cube = ReadonlyArray<ReadonlyArray<ReadonlyArray<number>>>

/** A term's derivative by every logit, [B, T, V]. */
export const gradientOf =
  (term: keyof Loss.Terms<Dual.Dual>) =>
  (objective: Objective.Objective, batch: Loss.Batch<number>): Cube =>
    map(batch.logits, (_, here) => {
      const logits = map(batch.logits, (z, place) => (place === here ? Dual.variable(z) : Dual.constant(z)))
      return Loss.terms(Dual.Real)(objective)({ ...batch, logits })[term].derivative
    })

/** Every place of a cube in turn, named by a string that is unique to it. */
const map = <A, B>(
  cube: ReadonlyArray<ReadonlyArray<ReadonlyArray<A>>>,
  f: (a: A, place: string) => B,
): ReadonlyArray<ReadonlyArray<ReadonlyArray<B>>> =>
  cube.map((matrix, b) => matrix.map((row, t) => row.map((a, v) => f(a, `${b},${t},${v}`))))

/** The largest distance between two cubes, or Infinity when their shapes differ. */
export const distance = (a: Cube, b: Cube): number => {
  const xs = a.flat(2)
  const ys = b.flat(2)
  return xs.length === ys.length
    ? xs.reduce((worst, x, i) => Math.max(worst, Math.abs(x - (ys[i] ?? NaN))), 0)
    : Infinity
}
