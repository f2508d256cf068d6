import * as tf from "@tensorflow/tfjs"
import * as fc from "fast-check"
import { beforeAll, describe, expect, test } from "vitest"
import type { Objective } from "../src/index.ts"
import { Arms, Loss as Reference, Objective as Needs, Objectives, Rapo } from "../src/index.ts"
import { Loss } from "../src/tensor/index.ts"
import * as arb from "./arbitraries.ts"
import { padded } from "./arbitraries/batches.ts"
import { engines, use } from "./engines.ts"
import type { Cube } from "./gradients.ts"
import { gradientOf } from "./gradients.ts"
import { agree, scoped, tensorsOf } from "./tensors.ts"

/** Each run costs tens of milliseconds: dual numbers differentiate one logit at a time. */
const numRuns = 40

const scalar = (tensor: tf.Tensor): number => tensor.dataSync()[0] ?? NaN

interface Evaluated {
  readonly loss: number
  readonly metrics: Reference.Metrics<number>
  readonly gradient: Cube
}

const evaluate = (objective: Objective.Objective, batch: Loss.Batch): Evaluated => {
  const { loss, metrics } = Loss.loss(objective)(batch)
  const gradient = tf.grad(
    (logits) => Loss.loss(objective)({ ...batch, logits: logits as tf.Tensor3D }).loss,
  )(batch.logits)
  return {
    loss: scalar(loss),
    metrics: {
      policyGradient: scalar(metrics.policyGradient),
      regulariser: scalar(metrics.regulariser),
      entropy: scalar(metrics.entropy),
      clipFraction: scalar(metrics.clipFraction),
      clampRate: scalar(metrics.clampRate),
    },
    gradient: gradient.arraySync() as unknown as Cube,
  }
}

const flat = (gradient: Cube): ReadonlyArray<number> => gradient.flat(2)

const summary = ({ loss, metrics }: Pick<Evaluated, "loss" | "metrics">): ReadonlyArray<number> => [
  loss,
  metrics.policyGradient,
  metrics.regulariser,
  metrics.entropy,
  metrics.clipFraction,
  metrics.clampRate,
]

const overTensors = (objective: Objective.Objective, batch: Reference.Batch<number>): Evaluated =>
  scoped(() => evaluate(objective, tensorsOf(batch)))

describe.each(engines)("on %s", (engine) => {
  beforeAll(() => use(engine))

  test("[A6] value, metrics and gradient equal the reference's", () => {
    fc.assert(
      fc.property(arb.objective, arb.batch, (objective, batch) => {
        const evaluated = overTensors(objective, batch)
        return (
          agree(summary(evaluated), summary(Reference.loss(objective)(batch))) &&
          agree(flat(evaluated.gradient), flat(gradientOf("loss")(objective, batch)))
        )
      }),
      { numRuns },
    )
  })

  test.each(Objectives.names)("[A6] so does %s, on-policy and off-policy", (name) => {
    const objective = Objectives.all[name]
    fc.assert(
      fc.property(arb.batch, (batch) => {
        const evaluated = overTensors(objective, batch)
        return (
          agree(summary(evaluated), summary(Reference.loss(objective)(batch))) &&
          agree(flat(evaluated.gradient), flat(gradientOf("loss")(objective, batch)))
        )
      }),
      { numRuns: 8 },
    )
  })

  test("[A4] padding changes nothing, and passes no gradient", () => {
    fc.assert(
      fc.property(arb.objective, arb.batch, (objective, batch) => {
        const [without, withPads] = [batch, padded(batch, 7)].map((each) => overTensors(objective, each))
        return (
          without !== undefined &&
          withPads !== undefined &&
          agree(summary(without), summary(withPads)) &&
          agree(flat(without.gradient), flat(withPads.gradient.map((rows) => rows.slice(0, -1)))) &&
          flat(withPads.gradient.map((rows) => rows.slice(-1))).every((g) => Math.abs(g) === 0)
        )
      }),
      { numRuns },
    )
  })

  test("[A5] micro-batches of whole groups add up, with tokenCount as a tensor too", () => {
    fc.assert(
      fc.property(arb.objective, arb.batch, (objective, batch) =>
        scoped(() => {
          const whole = { ...tensorsOf(batch), tokenCount: tf.scalar(batch.tokenCount) }
          const size = batch.groupSize ?? 1
          const rows = <T extends tf.Tensor>(tensor: T, group: number): T =>
            tf.slice(tensor, group * size, size)
          const parts = Array.from({ length: batch.tokens.length / size }, (_, group) =>
            evaluate(
              objective,
              Object.fromEntries(
                Object.entries(whole).map(([name, value]) => [
                  name,
                  value instanceof tf.Tensor && value.rank > 0 ? rows(value, group) : value,
                ]),
              ) as unknown as Loss.Batch,
            ),
          )
          const sums = parts.map(summary).reduce((total, part) => total.map((x, i) => x + (part[i] ?? NaN)))
          const together = evaluate(objective, whole)
          return (
            agree(sums, summary(together)) &&
            agree(
              parts.flatMap(({ gradient }) => flat(gradient)),
              flat(together.gradient),
            )
          )
        }),
      ),
      { numRuns },
    )
  })

  test("no tensor is left behind but the loss and its metrics", () => {
    const [batch] = fc.sample(arb.batch, 1)
    if (batch === undefined) throw new Error("no batch was drawn")
    const tensors = tensorsOf(batch)
    for (const objective of Object.values(Objectives.all)) {
      const before = tf.memory().numTensors
      const { loss, metrics } = Loss.loss(objective)(tensors)
      const made = new Set([loss, ...Object.values(metrics)])
      expect(tf.memory().numTensors - before).toBe(made.size)
      tf.dispose([...made])
    }
    tf.dispose(Object.values(tensors).filter((tensor) => tensor instanceof tf.Tensor))
  })

  test("a batch without the reference that its objective needs is refused", () => {
    const [batch] = fc.sample(arb.batch, 1)
    if (batch === undefined) throw new Error("no batch was drawn")
    const bare = { ...batch, referenceLogits: undefined }
    expect(Needs.needsReference(Rapo.rapo)).toBe(true)
    expect(() => overTensors(Rapo.rapo, bare)).toThrow(/referenceLogits/)
    expect(Number.isFinite(overTensors(Arms.unregularised, bare).loss)).toBe(true)
  })
})
