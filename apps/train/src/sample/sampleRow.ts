/**
 * From a line of `rapo sample --input` to what is asked. Pure.
 *
 *     {"id", "ids"}        token ids
 *     {"id", "prompt"}     what the model reads, as it stands: control tokens that it names are control tokens
 *     {"id", "messages"}   a conversation, by the chat template; the messages are words
 *     {"id", "problem"}    a problem, by --template; it is words
 *
 * A response ends with the tokens that the model's files name; to messages and problems, also where the form ends a turn.
 */
import * as E from "fp-ts/lib/Either.js"
import type { Message, Prompt } from "../evaluate/Sampler.ts"
import { promptIds } from "../evaluate/local/promptIds.ts"
import { type PromptForm, promptIn } from "../evaluate/PromptForm.ts"
import { type Fault, type Row, has, recordsField, rowOf, textField } from "../jsonl/rows.ts"
import { type About, conversation, noTokenizer, tokens } from "../score/scoreRow.ts"

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

/** Token ids, and the form that they were made by, where there is one. */
export interface IdsInForm {
  readonly ids: ReadonlyArray<number>
  readonly form: PromptForm | undefined
}

/** Rows as token ids, for a model on this machine. */
export const asIds =
  (about: About, form: PromptForm): Reader<IdsInForm> =>
  (row) =>
    E.chain((prompt: IdsInForm): E.Either<Fault, IdsInForm> => {
      const room = about.config.max_position_embeddings
      const { length } = prompt.ids
      if (length === 0) return E.left("has no tokens, and there is nothing to continue")
      return length < room
        ? E.right(prompt)
        : E.left(`has ${length} tokens, and the model's ${room} leave no room for an answer`)
    })(idsOf(about, form, row))

/** Rows as text and messages, for a server. */
export const asPrompt =
  (form: PromptForm, api: "chat" | "completions"): Reader<Prompt> =>
  (row) => {
    if (has(row, "ids")) return E.left("ids: servers are asked with text")
    const problem = String(row.id)
    if (has(row, "problem"))
      return E.map((text: string) => promptIn(form, problem, text))(textField(row, "problem"))
    if (has(row, "messages") && api === "completions")
      return E.left("messages: a server renders them with --api chat alone")
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

const idsOf = (about: About, form: PromptForm, row: Row): E.Either<Fault, IdsInForm> => {
  const inForm =
    (own: PromptForm | undefined) =>
    (ids: ReadonlyArray<number>): IdsInForm => ({ ids, form: own })
  const { tokenizer } = about
  for (const name of ["ids", "prompt"])
    if (has(row, name)) return E.map(inForm(undefined))(tokens(about, row, name))
  if (has(row, "messages")) return E.map(inForm({ _tag: "Chat" }))(conversation(about, row))
  if (!has(row, "problem")) return E.left("has no ids, prompt, messages or problem")
  return E.chain((text: string): E.Either<Fault, IdsInForm> =>
    tokenizer === undefined
      ? E.left(`problem: ${noTokenizer}`)
      : E.bimap(
          (why: string) => `problem: ${why}`,
          inForm(form),
        )(promptIds(tokenizer, form)(String(row.id), text)),
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
