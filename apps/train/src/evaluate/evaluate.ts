/**
 * An evaluation: every problem is asked n times for each seed, every response judged and kept at once.
 *
 *     missing samples → sampler → verifiers → samples.ndjson
 *
 * A stream with back pressure: a sampler that is faster than verification waits. What is in the file is never asked again, so
 * an evaluation that was stopped, in whatever way, is continued by starting it again.
 *
 * Laws (tested)
 * 1. When it ends, the file holds exactly the samples of all (problem, seed, index), each once.
 * 2. Stopped and continued, the set of lines is that of an evaluation that was not.
 */
import { Effect, type Layer, Stream } from "effect"
import { Progress } from "../cli/Progress.ts"
import type { Question } from "../data/Question.ts"
import { type Evaluation, type StoredSample, keyOf } from "./EvaluationRecord.ts"
import { type PromptForm, promptIn } from "./PromptForm.ts"
import { Sampler, SamplerError, type Sample } from "./Sampler.ts"
import { type SampleStore, openStore } from "./store/openStore.ts"
import type { Judge } from "./verify/judge.ts"
import { Verifiers } from "./verify/Verifiers.ts"

// model

/** What is to be done. The settings hold the names of the questions, in their order. */
export interface Plan {
  readonly evaluation: Evaluation
  readonly questions: ReadonlyArray<Question>
  readonly judge: Judge
  readonly form: PromptForm
}

/** What a sampler is asked: samples of one problem under one seed. */
interface Portion {
  readonly question: Question
  readonly seed: number
  readonly indices: ReadonlyArray<number>
}

// combinators

/** Draws and judges what the folder lacks. `services` are made only when something is lacking: a model takes time to load. */
export const evaluate = <E, R>(
  plan: Plan,
  folder: string,
  services: Layer.Layer<Sampler | Verifiers, E, R>,
) =>
  Effect.scoped(
    Effect.gen(function* () {
      const progress = yield* Progress
      const store = yield* openStore(folder, plan.evaluation)
      const portions = missing(plan, store.known)
      const total = countOf(portions)
      if (store.isRepaired)
        yield* progress.say(`${folder}: the last line was cut short; its sample is drawn again`)
      if (store.known.size > 0)
        yield* progress.say(`${folder}: ${store.known.size} samples are there already, ${total} are missing`)
      if (total > 0) yield* complete(plan, store, portions).pipe(Effect.provide(services))
    }),
  )

const complete = Effect.fnUntraced(function* (
  plan: Plan,
  store: SampleStore,
  portions: ReadonlyArray<Portion>,
) {
  const sampler = yield* Sampler
  const verifiers = yield* Verifiers
  const progress = yield* Progress
  const { evaluation, judge } = plan
  const written = new Set(store.known)
  let tokens = 0
  const asks = portions.map(({ question, seed, indices }) => ({
    prompt: promptIn(plan.form, question.id, question.problem),
    seed,
    indices,
  }))
  const keep = Effect.fnUntraced(function* (sample: Sample, advance: (units: number) => void) {
    const portion = portions[sample.ask]
    if (portion === undefined) return yield* Effect.die(`bug: ${sampler.name} answered what nobody asked`)
    const { question, seed } = portion
    const { verdict, answer } = yield* verifiers.judge({ judge, question, response: sample.text })
    const line = stored(sample, seed, verdict, answer)
    // Marked before it is written: a line is never written twice.
    if (written.has(keyOf(line))) return yield* Effect.die(`bug: ${sampler.name} gave ${keyOf(line)} twice`)
    written.add(keyOf(line))
    yield* store.append(line)
    tokens += sample.tokens ?? 0
    advance(1)
  })
  yield* progress
    .stage(
      `sampling ${sampler.name}`,
      "samples",
      countOf(portions),
      (advance) =>
        sampler.sample(asks, samplingSettings(evaluation)).pipe(
          Stream.mapEffect((sample) => keep(sample, advance), {
            concurrency: verifiers.concurrency,
            unordered: true,
          }),
          Stream.runDrain,
        ),
      () => (tokens === 0 ? "" : `${tokens} tokens`),
    )
    .pipe(
      Effect.onInterrupt(() =>
        progress.say(
          `${written.size - store.known.size} new samples are kept in ${store.folder}; the same command goes on`,
        ),
      ),
    )
  const lost = missing(plan, written)[0]
  if (lost !== undefined)
    return yield* new SamplerError({
      path: sampler.name,
      field: `problem ${lost.question.id}`,
      problem: `${lost.indices.length} of its samples with seed ${lost.seed} never came`,
      remedy: "Start the same command again: it asks for what is missing.",
    })
})

// destructors

const countOf = (portions: ReadonlyArray<Portion>): number =>
  portions.reduce((sum, { indices }) => sum + indices.length, 0)

/** The samples that are not known, seed by seed, problem by problem. */
const missing = ({ evaluation, questions }: Plan, known: ReadonlySet<string>): ReadonlyArray<Portion> =>
  evaluation.seeds.flatMap((seed) =>
    questions.flatMap((question): ReadonlyArray<Portion> => {
      const indices = Array.from({ length: evaluation.n }, (_, sample) => sample).filter(
        (sample) => !known.has(keyOf({ problem: question.id, seed, sample })),
      )
      return indices.length === 0 ? [] : [{ question, seed, indices }]
    }),
  )

const samplingSettings = ({ sampling }: Evaluation) => ({ ...sampling, topK: sampling.topK ?? undefined })

const stored = (
  { problem, sample, text, finish, tokens, promptTokens, logProb }: Sample,
  seed: number,
  verdict: StoredSample["verdict"],
  answer: string | null,
): StoredSample => ({
  problem,
  sample,
  seed,
  text,
  finish,
  tokens: tokens ?? null,
  promptTokens: promptTokens ?? null,
  logProb: logProb ?? null,
  verdict,
  answer,
})
