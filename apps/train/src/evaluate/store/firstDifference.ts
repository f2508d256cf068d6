/**
 * Whether two evaluations ask for the same samples, and if not, where they first differ.
 *
 * Paths, addresses and versions may differ: a data set is known by its hash, a checkpoint by that of its parameters.
 */
import type { Evaluation } from "../EvaluationRecord.ts"

/** A field and its two values, as JSON. */
export interface Difference {
  readonly field: string
  readonly before: string
  readonly now: string
}

/** See the module header. */
export const firstDifference = (before: Evaluation, now: Evaluation): Difference | undefined => {
  const differing = Object.entries(what(before)).flatMap(([field, value]) => {
    const [old, fresh] = [JSON.stringify(value), JSON.stringify(what(now)[field])]
    return old === fresh ? [] : [{ field, before: shortened(old), now: shortened(fresh) }]
  })
  return differing[0]
}

/** What the samples depend on, by the fields' names. */
const what = ({
  model,
  source,
  problems,
  template,
  sampling,
  n,
  seeds,
}: Evaluation): Record<string, unknown> => ({
  "model.name": model.name,
  "model.kind": model._tag,
  ...(model._tag === "Checkpoint"
    ? { "model.sha256": model.sha256, "model.adapter.sha256": model.adapter?.sha256 }
    : { "model.api": model.api }),
  "source.kind": source._tag,
  ...(source._tag === "File"
    ? { "source.sha256": source.sha256 }
    : { "source.task": source.task, "source.level": source.level, "source.seed": source.seed }),
  problems,
  "template.name": template.name,
  "template.text": template.text,
  "template.ends": template.ends,
  "sampling.temperature": sampling.temperature,
  "sampling.topP": sampling.topP,
  "sampling.topK": sampling.topK,
  "sampling.minP": sampling.minP,
  "sampling.maxTokens": sampling.maxTokens,
  "sampling.stop": sampling.stop,
  n,
  seeds,
})

/** Long enough for a hash, short enough for a message. */
const longest = 80

const shortened = (json: string | undefined): string =>
  json === undefined ? "nothing" : json.length > longest ? `${json.slice(0, longest)}…` : json
