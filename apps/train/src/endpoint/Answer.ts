/**
 * What a server answered: the responses in the body of a successful request, and the message of a refusal.
 *
 * Servers differ in what they add and leave out, so only what makes a response is demanded: its text, and why it ended. Choices
 * without them are left out, and asked for again; an answer without any response is a fault.
 */
import { Option, Schema } from "effect"
import * as Either from "fp-ts/lib/Either.js"
import type { Sample } from "../evaluate/Sampler.ts"
import type { Unusable } from "./Fault.ts"
import type { Api } from "./Settings.ts"

// model

/** One response. */
export interface Choice {
  readonly text: string
  readonly finish: Sample["finish"]
  readonly tokens: number | undefined
  /** The sum over the response's tokens, in nats, as the server gives it. */
  readonly logProb: number | undefined
}

/** At least one response, and the length of the prompt. */
export interface Answer {
  readonly choices: ReadonlyArray<Choice>
  readonly promptTokens: number | undefined
}

// constructors

/** The responses in the body of an answer. */
export const readAnswer = (api: Api, body: string): Either.Either<Unusable, Answer> => {
  const unusable = (problem: string): Either.Either<Unusable, never> =>
    Either.left({ _tag: "Unusable", problem })
  const json = Either.tryCatch((): unknown => JSON.parse(body), String)
  if (Either.isLeft(json)) return unusable(`it is not JSON (${json.left})`)
  const envelope = decodeEnvelope(json.right)
  if (Option.isNone(envelope)) return unusable(`it has no list "choices": ${excerpt(body)}`)
  const { choices, usage } = envelope.value
  if (choices.length === 0) return unusable(`its list "choices" is empty`)
  const read = choices.map(readers[api])
  const whole = read.flatMap((choice) => (Either.isRight(choice) ? [choice.right] : []))
  const broken = read.find(Either.isLeft)
  if (whole.length === 0) return unusable(broken?.left ?? "")
  return Either.right({
    promptTokens: usage?.prompt_tokens ?? undefined,
    // The server counts the tokens of all choices together: that is a response's length where there is one.
    choices:
      choices.length === 1
        ? whole.map((choice) => ({ ...choice, tokens: usage?.completion_tokens ?? choice.tokens }))
        : whole,
  })
}

/** What a refusing server says, in one line of bounded length. */
export const readMessage = (body: string): string => {
  const json = Either.tryCatch((): unknown => JSON.parse(body), String)
  if (Either.isLeft(json)) return excerpt(body)
  const refusal = decodeRefusal(json.right)
  if (Option.isNone(refusal)) return excerpt(body)
  const { error, detail, message } = refusal.value
  const said = typeof error === "object" && error !== null ? error.message : (error ?? message ?? detail)
  return said === undefined ? excerpt(body) : excerpt(typeof said === "string" ? said : JSON.stringify(said))
}

// numerics

const Count = Schema.optional(Schema.NullOr(Schema.Int))

const decodeEnvelope = Schema.decodeUnknownOption(
  Schema.Struct({
    choices: Schema.Array(Schema.Unknown),
    usage: Schema.optional(Schema.NullOr(Schema.Struct({ prompt_tokens: Count, completion_tokens: Count }))),
  }),
)

const Text = Schema.optional(Schema.NullOr(Schema.String))

const decodeChat = Schema.decodeUnknownOption(
  Schema.Struct({
    message: Schema.Struct({ content: Text, reasoning_content: Text, reasoning: Text }),
    finish_reason: Text,
    logprobs: Schema.Unknown.pipe(Schema.optional),
  }),
)

const decodeCompletion = Schema.decodeUnknownOption(
  Schema.Struct({ text: Text, finish_reason: Text, logprobs: Schema.Unknown.pipe(Schema.optional) }),
)

const decodeChatLogProbs = Schema.decodeUnknownOption(
  Schema.Struct({ content: Schema.Array(Schema.Struct({ logprob: Schema.Finite })) }),
)

const decodeCompletionLogProbs = Schema.decodeUnknownOption(
  Schema.Struct({ token_logprobs: Schema.Array(Schema.Finite) }),
)

const decodeRefusal = Schema.decodeUnknownOption(
  Schema.Struct({
    error: Schema.optional(
      Schema.Union([Schema.String, Schema.Struct({ message: Schema.String }), Schema.Null]),
    ),
    message: Schema.optional(Schema.String),
    detail: Schema.Unknown.pipe(Schema.optional),
  }),
)

const readers: Readonly<Record<Api, (choice: unknown) => Either.Either<string, Choice>>> = {
  chat: (choice) => {
    const read = decodeChat(choice)
    if (Option.isNone(read)) return Either.left("a choice has no message")
    const { message, finish_reason, logprobs } = read.value
    const scores = Option.map(decodeChatLogProbs(logprobs), ({ content }) =>
      content.map(({ logprob }) => logprob),
    )
    return finished(chatText(message), finish_reason, scores)
  },
  completions: (choice) => {
    const read = decodeCompletion(choice)
    if (Option.isNone(read)) return Either.left("a choice has no text")
    const { text, finish_reason, logprobs } = read.value
    const scores = Option.map(decodeCompletionLogProbs(logprobs), ({ token_logprobs }) => token_logprobs)
    return finished(text ?? undefined, finish_reason, scores)
  },
}

/** A response with its reasoning, which some servers take out of it: put back as the model wrote it. */
const chatText = (message: {
  readonly content?: string | null | undefined
  readonly reasoning_content?: string | null | undefined
  readonly reasoning?: string | null | undefined
}): string | undefined => {
  const reasoning = message.reasoning_content ?? message.reasoning ?? undefined
  if (reasoning === undefined) return message.content ?? undefined
  return `<think>${reasoning}${message.content == null ? "" : `</think>${message.content}`}`
}

const finished = (
  text: string | undefined,
  reason: string | null | undefined,
  scores: Option.Option<ReadonlyArray<number>>,
): Either.Either<string, Choice> => {
  if (text === undefined) return Either.left("a choice has no content")
  const finish = finishes.get(reason ?? "")
  if (finish === undefined)
    return Either.left(`a choice has the finish_reason ${JSON.stringify(reason ?? null)}`)
  return Either.right({
    text,
    finish,
    tokens: Option.isSome(scores) ? scores.value.length : undefined,
    logProb: Option.isSome(scores) ? scores.value.reduce((sum, score) => sum + score, 0) : undefined,
  })
}

/** How servers call it: OpenAI's names, and those of text-generation-inference. Anything else is not known to be complete. */
const finishes: ReadonlyMap<string, Sample["finish"]> = new Map([
  ["stop", "stop"],
  ["eos_token", "stop"],
  ["stop_sequence", "stop"],
  ["length", "length"],
  ["content_filter", "other"],
  ["tool_calls", "other"],
  ["function_call", "other"],
])

/** The beginning of a text, in one line. */
const excerpt = (text: string): string => {
  const line = text.replaceAll(/\s+/g, " ").trim()
  return line.length <= longestMessage ? line : `${line.slice(0, longestMessage)}…`
}

/** Enough for a sentence or two; a server's error page is longer. */
const longestMessage = 300
