/**
 * The files of an experiment as sets of questions, each read once, with a word on every record that is left out, and its hash.
 */
import { Effect, Path } from "effect"
import { Progress } from "../../cli/Progress.ts"
import type { DataExperiment } from "../../config/DataExperiment.ts"
import type { Question } from "../../data/Question.ts"
import { describeDataset, readDataset } from "../../data/readDataset.ts"
import type { QuestionSet, SplitRequest } from "../../data/splitQuestions.ts"
import type { ContentOf } from "../../storage/RunStart.ts"
import { fieldsOf } from "../../evaluate/questions.ts"

/** See the module header. */
export const readSets = Effect.fn("readSets")(function* ({ data }: DataExperiment, file: string) {
  const path = yield* Path.Path
  const progress = yield* Progress
  const fields = yield* fieldsOf(data.fields ?? "")
  const validation = typeof data.validation === "number" ? [] : data.validation
  const named = [...data.train, ...validation, ...data.test.map((set) => set.file), ...data.hard]
  const contents = new Map<string, ReadonlyArray<Question>>()
  const files: Array<ContentOf> = []
  for (const name of new Set(named)) {
    const dataset = yield* readDataset(path.resolve(path.dirname(file), name), fields, false)
    for (const sentence of describeDataset({ ...dataset, path: name })) yield* progress.say(sentence)
    contents.set(name, dataset.questions)
    files.push({ file: name, sha256: dataset.sha256 })
  }
  const setOf = (name: string, source: string): QuestionSet => ({
    name,
    questions: contents.get(source) ?? [],
  })
  const ofFile = (source: string): QuestionSet => setOf(path.parse(source).name, source)
  return {
    train: data.train.map(ofFile),
    validation: typeof data.validation === "number" ? data.validation : validation.map(ofFile),
    test: data.test.map(({ name, file: source }) => setOf(name, source)),
    hard: data.hard.map(ofFile),
    limit: data.limit,
    files,
  } satisfies SplitRequest & { readonly files: ReadonlyArray<ContentOf> }
})
