/**
 * From a line of `rapo sample --input` to what is asked. Pure.
 *
 *     {"id", "ids"}        token ids
 *     {"id", "prompt"}     what the model reads, as it stands: control tokens that it names are control tokens
 *     {"id", "messages"}   a conversation, by the chat template; the messages are words
 *     {"id", "problem"}    a problem, by --template; it is words
 */
import * as E from "fp-ts/lib/Either.js"
import type { Message, Prompt } from "../evaluate/Sampler.ts"
import { promptTokens } from "../evaluate/local/promptTokens.ts"
import { type Template, promptOf } from "../evaluate/templates.ts"
import { type Fault, type Row, has, recordsField, rowOf, textField } from "../jsonl/rows.ts"
import type { UnencodableText } from "../model/tokenizer/Encodings.ts"
import { type About, tokens } from "../score/scoreRow.ts"
import { chatIds, showUnwritable } from "../tokenize/tokenizeRow.ts"

// model

/** A line that can be asked, as whoever answers wants it. */
export interface Asked<A> {
  readonly id: string | number
  readonly prompt: A
}

/** Reads the prompt of a row. */
export type Reader<A> = (row: Row) => E.Either<Fault, A>

// constructors

/** A line, read. */
export const sampleRow =
  <A>(read: Reader<A>) =>
  (line: string, number: number): E.Either<Fault, Asked<A>> =>
    E.chain((row: Row) => E.map((prompt: A): Asked<A> => ({ id: row.id, prompt }))(read(row)))(
      rowOf(line, number),
    )

/** Rows as token ids, for a model on this machine. */
export const asIds =
  (about: About, template: Template): Reader<ReadonlyArray<number>> =>
  (row) =>
    E.chain((ids: ReadonlyArray<number>): E.Either<Fault, ReadonlyArray<number>> => {
      const room = about.config.max_position_embeddings
      if (ids.length === 0) return E.left("has no tokens, and there is nothing to continue")
      return ids.length < room
        ? E.right(ids)
        : E.left(`has ${ids.length} tokens, and the model's ${room} leave no room for an answer`)
    })(idsOf(about, template, row))

/** Rows as text and messages, for a server. */
export const asPrompt =
  (template: Template): Reader<Prompt> =>
  (row) => {
    if (has(row, "ids")) return E.left("ids: servers are asked with text")
    const problem = String(row.id)
    if (has(row, "problem"))
      return E.map((text: string) => promptOf(template, problem, text))(textField(row, "problem"))
    if (has(row, "messages"))
      return E.chain((records: Parameters<typeof messagesOf>[0]) =>
        E.map((messages: ReadonlyArray<Message>): Prompt => ({ problem, text: "", messages }))(
          messagesOf(records),
        ),
      )(recordsField(row, "messages"))
    return E.map((text: string): Prompt => ({ problem, text, messages: [{ role: "user", content: text }] }))(
      textField(row, "prompt"),
    )
  }

// numerics

const noTokenizer = "the model's folder has no tokenizer: give token ids"

const idsOf = (about: About, template: Template, row: Row): E.Either<Fault, ReadonlyArray<number>> => {
  const { tokenizer } = about
  if (has(row, "ids")) return tokens(about, row, "ids")
  if (has(row, "prompt")) return tokens(about, row, "prompt")
  if (has(row, "messages"))
    return tokenizer === undefined
      ? E.left(`messages: ${noTokenizer}`)
      : chatIds(tokenizer, { generationPrompt: true, literal: true }, row)
  if (!has(row, "problem")) return E.left("has no ids, prompt, messages or problem")
  return E.chain((text: string) =>
    tokenizer === undefined
      ? E.left(`problem: ${noTokenizer}`)
      : E.mapLeft((error: UnencodableText) => `problem: ${showUnwritable(error)}`)(
          promptTokens(tokenizer.encodings, promptOf(template, String(row.id), text)),
        ),
  )(textField(row, "problem"))
}

const roles = ["system", "user", "assistant"] as const

const messagesOf = (records: ReadonlyArray<unknown>): E.Either<Fault, ReadonlyArray<Message>> =>
  E.traverseArray((record: unknown): E.Either<Fault, Message> => {
    const { role, content } = record as { readonly role?: unknown; readonly content?: unknown }
    const known = roles.find((each) => each === role)
    return known !== undefined && typeof content === "string"
      ? E.right({ role: known, content })
      : E.left("messages: each has a role (system, user or assistant) and a content that is a string")
  })(records)
