import * as tf from "@tensorflow/tfjs"
import * as fc from "fast-check"
import { beforeAll, describe, expect, test } from "vitest"
import type { Objective } from "../src/index.ts"
import { Arms, Objectives, Rapo } from "../src/index.ts"
import { Loss, Projection, Statistic } from "../src/tensor/index.ts"
import * as arb from "./arbitraries.ts"
import { engines, use } from "./engines.ts"
import { agree, matrix, scoped, tensorsOf } from "./tensors.ts"

/** Width of the hidden states. */
const width = 3

/** A batch with models that say it: hidden states and heads, drawn; the logits are their products. */
interface Projected {
  readonly given: Loss.Batch
  readonly policy: Projection.Projection
  readonly reference: Projection.Projection
}

const layout = fc.constantFrom<Projection.Head["layout"]>("in-out", "out-in")

/** Numbers that float32 has exactly, drawn evenly, as in the batches. */
const number = fc.noBias(fc.integer({ min: -64, max: 64 })).map((n) => n / 64)

const numbers = (rows: number, columns: number): fc.Arbitrary<Array<Array<number>>> =>
  fc.array(fc.array(number, { minLength: columns, maxLength: columns }), { minLength: rows, maxLength: rows })

/** The tensors are made when they are asked for, on the engine of the test. */
const projected: fc.Arbitrary<() => Projected> = arb.batch.chain((batch) => {
  const [B, T, V] = [batch.logits.length, batch.logits[0]?.length ?? 0, batch.logits[0]?.[0]?.length ?? 0]
  const drawn = fc.record({ hidden: numbers(B * T, width), head: numbers(width, V), layout })
  return fc.tuple(drawn, drawn).map(([policy, reference]) => () => {
    const project = (each: typeof policy): Projection.Projection & { readonly logits: tf.Tensor3D } => {
      const [hidden, w] = [matrix(each.hidden), matrix(each.head)]
      return {
        hidden,
        head: { weight: each.layout === "in-out" ? w : tf.transpose(w), layout: each.layout },
        logits: tf.reshape(tf.matMul(hidden, w), [B, T, V]),
      }
    }
    const [own, other] = [project(policy), project(reference)]
    const given = { ...tensorsOf(batch), logits: own.logits, referenceLogits: other.logits }
    return { given, policy: own, reference: other }
  })
})

const rows = fc.integer({ min: 1, max: 7 })

interface Evaluated {
  readonly numbers: ReadonlyArray<number>
  readonly hidden: ReadonlyArray<number>
  readonly head: ReadonlyArray<number>
}

const list = (tensor: tf.Tensor): ReadonlyArray<number> => [...tensor.dataSync()]

const evaluated = (
  { policy }: Projected,
  loss: (policy: Projection.Projection) => Loss.LossAndMetrics,
): Evaluated => {
  const { loss: value, metrics } = loss(policy)
  const [hidden, head] = tf.grads(
    (h, w) => loss({ hidden: h as tf.Tensor2D, head: { ...policy.head, weight: w as tf.Tensor2D } }).loss,
  )([policy.hidden, policy.head.weight]) as [tf.Tensor, tf.Tensor]
  return {
    numbers: [value, ...Object.values(metrics)].flatMap(list),
    hidden: list(hidden),
    head: list(head),
  }
}

const fromLogits =
  (objective: Objective.Objective, { given }: Projected) =>
  ({ hidden, head }: Projection.Projection): Loss.LossAndMetrics =>
    Loss.loss(objective)({
      ...given,
      logits: tf.reshape(
        tf.matMul(hidden, head.layout === "in-out" ? head.weight : tf.transpose(head.weight)),
        given.logits.shape,
      ),
    })

const inChunks =
  (objective: Objective.Objective, { given, reference }: Projected, chunk: number, isHeadFrozen = false) =>
  (policy: Projection.Projection): Loss.LossAndMetrics =>
    Loss.ofProjection(objective)({ ...given, policy, reference, isHeadFrozen, rows: chunk })

const sourcesAgree = (objective: Objective.Objective, drawn: Projected, chunk: number): boolean => {
  const whole = evaluated(drawn, fromLogits(objective, drawn))
  const cut = evaluated(drawn, inChunks(objective, drawn, chunk))
  return agree(cut.numbers, whole.numbers) && agree(cut.hidden, whole.hidden) && agree(cut.head, whole.head)
}

describe.each(engines)("on %s", (engine) => {
  beforeAll(() => use(engine))

  test.each(Objectives.names)(
    "[A6] %s: loss, metrics and gradients in chunks equal those of whole logits",
    (name) => {
      fc.assert(
        fc.property(projected, rows, (make, chunk) =>
          scoped(() => sourcesAgree(Objectives.all[name], make(), chunk)),
        ),
        { numRuns: 8 },
      )
    },
  )

  test("[A6] so do those of any objective", () => {
    fc.assert(
      fc.property(arb.objective, projected, rows, (objective, make, chunk) =>
        scoped(() => sourcesAgree(objective, make(), chunk)),
      ),
      { numRuns: 40 },
    )
  })

  test("a frozen head changes nothing for the hidden states", () => {
    fc.assert(
      fc.property(arb.objective, projected, rows, (objective, make, chunk) =>
        scoped(() => {
          const drawn = make()
          const gradient = (isHeadFrozen: boolean): ReadonlyArray<number> =>
            list(
              tf.grad(
                (hidden) =>
                  inChunks(
                    objective,
                    drawn,
                    chunk,
                    isHeadFrozen,
                  )({ ...drawn.policy, hidden: hidden as tf.Tensor2D }).loss,
              )(drawn.policy.hidden),
            )
          return agree(gradient(true), gradient(false))
        }),
      ),
      { numRuns: 30 },
    )
  })

  test("no tensor is left behind but the loss and its metrics", () => {
    scoped(() => {
      const [make] = fc.sample(projected, 1)
      const drawn = make?.()
      if (drawn === undefined) throw new Error("no batch was drawn")
      for (const objective of Object.values(Objectives.all)) {
        const before = tf.memory().numTensors
        const { loss, metrics } = inChunks(objective, drawn, 2)(drawn.policy)
        const made = new Set([loss, ...Object.values(metrics)])
        expect(tf.memory().numTensors - before).toBe(made.size)
        const gradient = tf.grads(
          (hidden, weight) =>
            inChunks(
              objective,
              drawn,
              2,
            )({
              hidden: hidden as tf.Tensor2D,
              head: { ...drawn.policy.head, weight: weight as tf.Tensor2D },
            }).loss,
        )([drawn.policy.hidden, drawn.policy.head.weight])
        expect(tf.memory().numTensors - before).toBe(made.size + gradient.length)
        tf.dispose([...made, ...gradient])
      }
    })
  })

  test("a batch without the reference that its objective needs is refused", () => {
    scoped(() => {
      const [make] = fc.sample(projected, 1)
      const drawn = make?.()
      if (drawn === undefined) throw new Error("no batch was drawn")
      const bare = { ...drawn.given, policy: drawn.policy, isHeadFrozen: true, reference: undefined, rows: 2 }
      expect(() => Loss.ofProjection(Rapo.rapo)(bare)).toThrow(/reference/)
      expect(Number.isFinite(list(Loss.ofProjection(Arms.unregularised)(bare).loss)[0])).toBe(true)
    })
  })
})

test("an objective asks for each statistic once, and for the reference if and only if it needs it", () => {
  fc.assert(
    fc.property(arb.objective, fc.boolean(), (objective, isOnPolicy) => {
      const asked = Statistic.ofObjective(objective, isOnPolicy)
      const keys = asked.map(Statistic.keyOf)
      return new Set(keys).size === keys.length
    }),
  )
})
