/**
 * `rapo data`: what a data set holds, and which of its records cannot be used.
 */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import { fields, skipInvalid } from "./datasetFlags.ts"
import { json } from "./options.ts"

/** See the module header. */
export const data = Command.make(
  "data",
  {
    files: Argument.String("file").pipe(
      Argument.withDescription("A data set as JSONL, JSON or Parquet (may be repeated)"),
      Argument.atLeast(1),
    ),
    fields: fields(),
    skipInvalid,
    json: json("A line of JSON for each file: path, sha256, problems, leftOut"),
  },
  Effect.fn(function* ({ files, fields, skipInvalid, json }) {
    const { describeDataset, readDataset } = yield* Effect.promise(() => import("../data/readDataset.ts"))
    const { fieldsOf } = yield* Effect.promise(() => import("../evaluate/questions.ts"))
    const names = yield* fieldsOf(fields)
    for (const file of files) {
      const dataset = yield* readDataset(file, names, skipInvalid)
      if (json) {
        const { path, sha256, questions, faults } = dataset
        const leftOut = faults.map(({ place, problem }) => ({ place, problem }))
        yield* Console.log(JSON.stringify({ path, sha256, problems: questions.length, leftOut }))
      } else for (const sentence of describeDataset(dataset)) yield* Console.log(sentence)
    }
  }),
).pipe(
  Command.withDescription(
    "Read data sets as training and evaluation read them: how many problems there are, and by name and line each record that " +
      "is left out, because its answer is empty or cannot be read by the verifier, or because its problem stands there twice.",
  ),
  Command.withShortDescription("What a data set holds, and what of it cannot be used"),
  Command.withExamples([
    {
      command: "rapo data data/gsm8k/main/test-00000-of-00001.parquet",
      description: "A data set of the Hub",
    },
    {
      command: "rapo data mine.jsonl --fields problem=text,answer=result",
      description: "Other names of fields",
    },
  ]),
)
