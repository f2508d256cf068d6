/**
 * `rapo eval` as a function: questions, models, samples, and what follows from them.
 *
 *     one model:      out/                     the folder of its evaluation
 *     several models: out/<model>/             one for each,
 *                     out/<model>-against-<first>/   and its comparison with the first
 */
import { Effect, Layer, Path } from "effect"
import { availableParallelism } from "node:os"
import { Progress } from "../cli/Progress.ts"
import { ConfigError } from "../errors.ts"
import { lockFolder } from "../storage/lockFolder.ts"
import { openRunFolder } from "../storage/RunFolder.ts"
import { versions } from "../versions.ts"
import type { Computing } from "../workers/Workers.ts"
import type { Evaluation } from "./EvaluationRecord.ts"
import { evaluate } from "./evaluate.ts"
import { type ModelRequest, modelNames, modelSource, samplerOf } from "./models.ts"
import { type SourceRequest, obtainQuestions } from "./questions.ts"
import { readForm } from "./readForm.ts"
import { templateRecord } from "./templateRecord.ts"
import { Verifiers } from "./verify/Verifiers.ts"

// model

/** How tokens are chosen and responses end. */
export interface SamplingRequest {
  readonly temperature: number
  readonly topP: number
  readonly topK: number | undefined
  readonly minP: number | undefined
  readonly maxTokens: number | undefined
  readonly stop: ReadonlyArray<string>
}

/** What a user asks for; undefined where he leaves the choice. */
export interface EvaluationRequest {
  /** The first is the base. */
  readonly models: ReadonlyArray<ModelRequest>
  readonly source: SourceRequest
  readonly template: string | undefined
  readonly sampling: SamplingRequest
  readonly n: number
  readonly seeds: ReadonlyArray<number>
  readonly out: string
  readonly computing: Computing
}

// combinators

/** Samples, verdicts, scores and reports of every model; the folders that have a report, comparisons last. */
export const runEvaluation = Effect.fn("runEvaluation")(function* (request: EvaluationRequest) {
  const path = yield* Path.Path
  const folders = yield* drawAll(request)
  // Loaded here: a report needs what sampling does not.
  const { writeEvaluation } = yield* Effect.promise(() => import("./writeEvaluation.ts"))
  for (const folder of folders) yield* writeEvaluation(folder)
  const [base, ...others] = folders
  if (base === undefined || others.length === 0) return folders
  const { writeComparison } = yield* Effect.promise(() => import("./writeComparison.ts"))
  const comparisons = yield* Effect.forEach(others, (folder) => {
    const out = path.join(request.out, `${path.basename(folder)}-against-${path.basename(base)}`)
    return writeComparison(base, folder, out).pipe(Effect.as(out))
  })
  return [...folders, ...comparisons]
}, Effect.scoped)

/** The folders of the models' evaluations, in their order; they are this process's own until the scope ends. */
const drawAll = Effect.fn("drawAll")(function* (request: EvaluationRequest) {
  const progress = yield* Progress
  const path = yield* Path.Path
  const asked = yield* obtainQuestions(request.source)
  const form = yield* readForm(request.template ?? asked.template)
  for (const note of asked.notes) yield* progress.say(note)
  const names = modelNames(request.models)
  if (names.length === 0) return yield* noModel
  // Of all models before the first is asked: what is wrong with the last one is not told hours later.
  const begun = yield* Effect.forEach(request.models, (model, i) =>
    Effect.gen(function* () {
      const name = names[i] ?? ""
      const folder = names.length === 1 ? request.out : path.join(request.out, name)
      const { maxTokens, topK, minP, ...sampling } = request.sampling
      const evaluation: Evaluation = {
        schema: "rapo-evaluation-settings-1",
        model: yield* modelSource(model, name),
        source: asked.source,
        problems: asked.questions.map(({ id, answer }) => ({ id, answer })),
        template: yield* templateRecord(model, form),
        sampling: {
          ...sampling,
          topK: topK ?? null,
          ...(minP === undefined ? {} : { minP }),
          maxTokens: maxTokens ?? asked.maxTokens,
        },
        n: request.n,
        seeds: request.seeds,
        versions,
      }
      return { model, name, folder, evaluation }
    }),
  )
  for (const { folder } of begun) yield* Effect.flatMap(openRunFolder(folder), ({ path }) => lockFolder(path))
  return yield* Effect.forEach(begun, ({ model, name, folder, evaluation }) => {
    // Where this machine samples, sampling has the cores.
    const judges = model._tag === "Endpoint" ? (request.computing.workers ?? availableParallelism()) : 1
    return evaluate(
      { evaluation, questions: asked.questions, judge: asked.judge, form },
      folder,
      Layer.mergeAll(samplerOf(model, name, request.computing), Verifiers.layer(judges)),
    ).pipe(Effect.as(folder))
  })
})

const noModel = new ConfigError({
  path: "rapo eval",
  field: "",
  problem: "no model is named",
  remedy: "Name a checkpoint folder, with --model, or a server, with --endpoint and --served-model.",
})
