/**
 * From a line of `rapo score` to what is scored. Pure.
 *
 *     {"id", "ids"}                      every token after the first
 *     {"id", "prompt", "completion"}     the completion's tokens; each of the two a text, or a list of ids
 *     {"id", "messages", "completion"}   the same, after a conversation by the chat template
 *
 * A prompt and a completion are what the model reads, as they stand: control tokens that they name are control tokens. Messages
 * are words. The two parts are encoded apart, so that a completion's tokens do not depend on how it joins the prompt.
 */
import * as E from "fp-ts/lib/Either.js"
import { type Fault, type Row, has, idsField, rowOf, textField } from "../jsonl/rows.ts"
import type { Qwen2Config } from "../model/Qwen2Config.ts"
import type { UnencodableText } from "../model/tokenizer/Encodings.ts"
import type { FolderTokenizer } from "../model/tokenizer/readTokenizer.ts"
import { chatIds, showUnwritable } from "../tokenize/tokenizeRow.ts"
import type { Scorable } from "./scoreSequences.ts"

/** What the rows are read for. */
export interface About {
  readonly config: Qwen2Config
  readonly tokenizer: FolderTokenizer | undefined
}

/** A line that can be scored. */
export interface ScoreRow extends Scorable {
  readonly id: string | number
}

/** See the module header. */
export const scoreRow = (about: About, line: string, number: number): E.Either<Fault, ScoreRow> =>
  E.chain((row: Row): E.Either<Fault, ScoreRow> => {
    const room = about.config.max_position_embeddings
    const parts = partsOf(about, row)
    if (E.isLeft(parts)) return parts
    const { before, after } = parts.right
    const ids = [...before, ...after]
    if (ids.length > room) return E.left(`has ${ids.length} tokens, more than the model's ${room}`)
    return E.right({ id: row.id, ids, from: before.length })
  })(rowOf(line, number))

// numerics

interface Parts {
  readonly before: ReadonlyArray<number>
  readonly after: ReadonlyArray<number>
}

const partsOf = (about: About, row: Row): E.Either<Fault, Parts> => {
  if (has(row, "ids")) {
    const ids = idsField(row, "ids", about.config.vocab_size)
    return E.chain((all: ReadonlyArray<number>): E.Either<Fault, Parts> =>
      all.length === 0 ? E.left("ids: is empty") : E.right({ before: all.slice(0, 1), after: all.slice(1) }),
    )(ids)
  }
  if (!has(row, "prompt") && !has(row, "messages")) return E.left("has neither ids, nor a prompt or messages")
  const before = has(row, "messages") ? conversation(about, row) : tokens(about, row, "prompt")
  if (E.isLeft(before)) return before
  if (before.right.length === 0)
    return E.left("prompt: is empty, and the completion's first token has no probability without one")
  return E.map((after: ReadonlyArray<number>): Parts => ({ before: before.right, after }))(
    tokens(about, row, "completion"),
  )
}

/** Why a text has no tokens. */
export const noTokenizer = "the model's folder has no tokenizer: give token ids"

/** The messages of a row, by the chat template, up to where the assistant's turn begins. They are words. */
export const conversation = ({ tokenizer }: About, row: Row): E.Either<Fault, ReadonlyArray<number>> =>
  tokenizer === undefined
    ? E.left(`messages: ${noTokenizer}`)
    : chatIds(tokenizer, { generationPrompt: true, literal: true }, row)

/** A field that is a text or a list of ids. */
export const tokens = (
  { config, tokenizer }: About,
  row: Row,
  name: string,
): E.Either<Fault, ReadonlyArray<number>> => {
  if (Array.isArray(row.fields[name])) return idsField(row, name, config.vocab_size)
  return E.chain((text: string) =>
    tokenizer === undefined
      ? E.left(`${name}: ${noTokenizer}`)
      : E.mapLeft((error: UnencodableText) => `${name}: ${showUnwritable(error)}`)(
          tokenizer.encodings.reference(text),
        ),
  )(textField(row, name))
}
