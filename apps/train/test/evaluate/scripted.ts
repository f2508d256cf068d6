/**
 * A sampler that needs no model: what it answers is a function of the seed, the problem and the index; and a plan for it.
 */
import { Effect, Layer, Stream } from "effect"
import { keyOf } from "../../src/evaluate/EvaluationRecord.ts"
import type { Plan } from "../../src/evaluate/evaluate.ts"
import { type Sample, Sampler, SamplerError } from "../../src/evaluate/Sampler.ts"
import { templateOf } from "../../src/evaluate/templates.ts"
import { Verifiers } from "../../src/evaluate/verify/Verifiers.ts"

/** What is asked of the sampler. */
export interface Shape {
  readonly problems: number
  readonly n: number
  readonly seeds: ReadonlyArray<number>
}

/** Problem i asks for the number i. */
export const planOf = ({ problems, n, seeds }: Shape): Plan => {
  const questions = Array.from({ length: problems }, (_, i) => ({
    id: `p${i}`,
    problem: `Say ${i}.`,
    answer: String(i),
  }))
  const template = templateOf("scripted", "{problem}")
  if (template === undefined) throw new Error("the template has a place for the problem")
  return {
    questions,
    form: { _tag: "Template", template },
    judge: { _tag: "Mathematics" },
    evaluation: {
      schema: "rapo-evaluation-settings-1",
      model: { _tag: "Checkpoint", name: "scripted", path: "nowhere", sha256: "0" },
      source: { _tag: "File", path: "nowhere", sha256: "1", skipped: [] },
      problems: questions.map(({ id, answer }) => ({ id, answer })),
      template: { name: template.name, text: template.text },
      sampling: { temperature: 1, topP: 1, topK: null, maxTokens: 8, stop: [] },
      n,
      seeds,
      versions: {},
    },
  }
}

/** The script: numbers from 0 to 2, with a line end, a quotation mark and a letter of two bytes in the text. */
export const scriptedText = (seed: number, problem: string, sample: number): string =>
  `„So"\né \\boxed{${(seed + 7 * sample + problem.length + Number(problem.slice(1))) % 3}}`

/** Answers by the script, notes the name of every response that it gives, and breaks down when it has given `patience`. */
export const scriptedSampler = (given: Array<string>, patience: number): Layer.Layer<Sampler | Verifiers> =>
  Layer.merge(
    Verifiers.layerHere,
    Layer.sync(Sampler, () => {
      let left = patience
      return {
        name: "scripted",
        sample: (asks) =>
          Stream.fromIterable(asks.entries()).pipe(
            Stream.flatMap(
              ([ask, { prompt, seed, indices }]) =>
                Stream.fromIterable(indices).pipe(
                  Stream.mapEffect((sample) =>
                    Effect.suspend((): Effect.Effect<Sample, SamplerError> => {
                      if (left-- <= 0)
                        return Effect.fail(
                          new SamplerError({ path: "scripted", field: "", problem: "broke", remedy: "" }),
                        )
                      const { problem } = prompt
                      given.push(keyOf({ problem, seed, sample }))
                      return Effect.succeed({
                        ask,
                        problem,
                        sample,
                        text: scriptedText(seed, problem, sample),
                        finish: "stop",
                        promptTokens: 3,
                        tokens: 5,
                        logProb: -1.5,
                      })
                    }),
                  ),
                ),
              { concurrency: 2 },
            ),
          ),
      }
    }),
  )
