/**
 * From a line of `rapo tokenize` to its ids. Pure.
 */
import * as E from "fp-ts/lib/Either.js"
import { type Fault, type Row, has, recordsField, rowOf, textField } from "../jsonl/rows.ts"
import { type UnrenderableChat, literalChat, referenceChat } from "../model/tokenizer/ChatTemplate.ts"
import type { UnencodableText } from "../model/tokenizer/Encodings.ts"
import type { FolderTokenizer } from "../model/tokenizer/readTokenizer.ts"

/** How lines are read. */
export interface TokenizeOptions {
  /** Whether a conversation ends where the assistant's turn begins, for lines that do not say so themselves. */
  readonly generationPrompt: boolean
  /** Whether names of control tokens in texts and messages are spelt out; else they are read as transformers reads them. */
  readonly literal: boolean
}

/** What is printed for a line. */
export interface Tokenized {
  readonly id: string | number
  readonly ids: ReadonlyArray<number>
}

/** The ids of a line: of its text, or of its messages (and tools) by the tokenizer's chat template. */
export const tokenizeRow = (
  tokenizer: FolderTokenizer,
  options: TokenizeOptions,
  line: string,
  number: number,
): E.Either<Fault, Tokenized> =>
  E.chain((row: Row): E.Either<Fault, Tokenized> =>
    E.map((ids: ReadonlyArray<number>): Tokenized => ({ id: row.id, ids }))(
      has(row, "messages") ? chatIds(tokenizer, options, row) : textIds(tokenizer, options, row),
    ),
  )(rowOf(line, number))

/** The ids of a row's conversation. */
export const chatIds = (
  { encodings, template }: FolderTokenizer,
  { generationPrompt, literal }: TokenizeOptions,
  row: Row,
): E.Either<Fault, ReadonlyArray<number>> => {
  if (E.isLeft(template)) return E.left(`messages: ${template.left.problem}`)
  const messages = recordsField(row, "messages")
  const tools = has(row, "tools") ? recordsField(row, "tools") : E.right(undefined)
  if (E.isLeft(messages)) return messages
  if (E.isLeft(tools)) return tools
  const own = row.fields["add_generation_prompt"] ?? generationPrompt
  if (typeof own !== "boolean") return E.left("add_generation_prompt: is neither true nor false")
  const conversation = { messages: messages.right, tools: tools.right, generationPrompt: own }
  return E.mapLeft((error: UnrenderableChat | UnencodableText) => `messages: ${showUnwritable(error)}`)(
    (literal ? literalChat : referenceChat)(encodings, template.right, conversation),
  )
}

/** Why a prompt has no ids, in words. */
export const showUnwritable = (error: UnrenderableChat | UnencodableText): string =>
  error._tag === "UnrenderableChat"
    ? `the chat template does not render it: ${error.problem}`
    : `the tokenizer cannot write ${JSON.stringify(error.text.length > 60 ? `${error.text.slice(0, 60)}…` : error.text)}`

// numerics

const textIds = (
  { encodings }: FolderTokenizer,
  { literal }: TokenizeOptions,
  row: Row,
): E.Either<Fault, ReadonlyArray<number>> =>
  E.chain((text: string) =>
    E.mapLeft((error: UnencodableText) => `text: ${showUnwritable(error)}`)(
      literal ? encodings.ordinary(text) : encodings.reference(text),
    ),
  )(textField(row, "text"))
