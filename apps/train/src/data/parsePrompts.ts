/**
 * Problems without reference answers, to be sampled and not judged: records with a problem, or plain strings.
 */
import * as E from "fp-ts/lib/Either.js"
import { type Fields, isRecord, valueOf } from "./Fields.ts"
import type { Question } from "./Question.ts"
import { type DatasetFault, type Entry, fault, recordsOf } from "./records.ts"

/** What is asked. */
export type Asked = Pick<Question, "id" | "problem">

/** The problems of a text in JSON or JSONL. **Fails with** the first fault. */
export const parsePrompts = (text: string, fields: Fields): E.Either<DatasetFault, ReadonlyArray<Asked>> =>
  E.traverseArray(({ place, number, value }: Entry) =>
    E.chain((given: unknown) => {
      const record = isRecord(given) ? given : {}
      const problem = typeof given === "string" ? given : valueOf(record, fields.problem)
      return problem === undefined
        ? E.left(
            fault(
              "malformed",
              place,
              fields.problem.join(" or "),
              "is missing",
              "A line is a JSON string, or a record with a problem: name its field, with --fields problem=….",
            ),
          )
        : E.right({ id: valueOf(record, fields.id) ?? String(number), problem })
    })(value),
  )(recordsOf(text))
