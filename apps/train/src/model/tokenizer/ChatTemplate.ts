/**
 * Conversations as a model reads them, by the tokenizer's own chat template (Jinja, as `apply_chat_template` renders it).
 *
 * Two readings of the same rendered text:
 *
 *     reference   as transformers: the text is encoded as a whole, so a message that says <|im_end|> ends its own turn
 *     literal     only the template writes control tokens; a message's are spelt out (`masking.ts`)
 *
 * They are equal where no message names a control token (law, tested). `rapo tokenize` shows the first unless asked for the
 * second; whatever is sampled, scored or trained on uses the second.
 */
import { Template } from "@huggingface/jinja"
import * as E from "fp-ts/lib/Either.js"
import { type Part, cut } from "./ControlTokens.ts"
import type { Encodings, UnencodableText } from "./Encodings.ts"
import { type Breaking, type Json, freeMark, mask, stringsOf, unmask } from "./masking.ts"

// model

/** What a template renders. */
export interface Conversation {
  /** Records with a role and a content, and whatever else the template reads. */
  readonly messages: ReadonlyArray<Json>
  readonly tools?: ReadonlyArray<Json> | undefined
  /** Whether the text ends where the assistant's turn begins. */
  readonly generationPrompt: boolean
}

/** A parsed template. */
export interface ChatTemplate {
  readonly source: string
  readonly render: (conversation: Conversation) => E.Either<UnrenderableChat, string>
}

/** The template refuses the conversation, or is itself broken. */
export interface UnrenderableChat {
  readonly _tag: "UnrenderableChat"
  readonly problem: string
}

// constructors

/** The template of a Jinja text; `specials` are the names that it may ask for, such as `eos_token`. */
export const chatTemplate = (
  source: string,
  specials: Readonly<Record<string, string>>,
): E.Either<UnrenderableChat, ChatTemplate> =>
  E.map((template: Template): ChatTemplate => ({
    source,
    render: ({ messages, tools, generationPrompt }) =>
      E.tryCatch(
        () =>
          template.render({
            ...specials,
            messages: [...messages],
            tools: tools === undefined ? null : [...tools],
            add_generation_prompt: generationPrompt,
          }),
        unrenderable,
      ),
  }))(E.tryCatch(() => new Template(source), unrenderable))

// combinators

/** The ids of a conversation as transformers encodes it: see the module header. */
export const referenceChat = (
  { reference }: Pick<Encodings, "reference">,
  template: ChatTemplate,
  conversation: Conversation,
): E.Either<UnrenderableChat | UnencodableText, ReadonlyArray<number>> =>
  E.chainW(reference)(template.render(conversation))

/** The ids of a conversation in which the messages are words and nothing else: see the module header. */
export const literalChat = (
  { ordinary, controls }: Pick<Encodings, "ordinary" | "controls">,
  template: ChatTemplate,
  conversation: Conversation,
): E.Either<UnrenderableChat | UnencodableText, ReadonlyArray<number>> => {
  const words: Json = [conversation.messages, conversation.tools ?? []]
  const mark = freeMark([template.source, ...stringsOf(words)])
  if (mark === undefined)
    return E.left({
      _tag: "UnrenderableChat",
      problem: "its text holds all noncharacters from U+FDD0 to U+FDEF",
    })
  const partsUnder = (breaking: Breaking): E.Either<UnrenderableChat, ReadonlyArray<Part>> => {
    const masked = mask(controls, mark, breaking)
    return E.map((text: string) => cut(text, controls))(
      template.render({
        ...conversation,
        messages: conversation.messages.map(masked),
        tools: conversation.tools?.map(masked),
      }),
    )
  }
  const [few, every] = [partsUnder("names"), partsUnder("beginnings")]
  if (E.isLeft(few)) return few
  // They differ when the template joined pieces of a message, and a name with them.
  const parts = E.isRight(every) && idsOf(every.right) !== idsOf(few.right) ? every.right : few.right
  const ids: Array<number> = []
  for (const part of parts) {
    const own = part._tag === "Control" ? E.right([part.id]) : ordinary(unmask(part.text, mark))
    if (E.isLeft(own)) return own
    for (const id of own.right) ids.push(id)
  }
  return E.right(ids)
}

// numerics

const unrenderable = (cause: unknown): UnrenderableChat => ({
  _tag: "UnrenderableChat",
  problem: cause instanceof Error ? cause.message : String(cause),
})

const idsOf = (parts: ReadonlyArray<Part>): string =>
  parts.flatMap((part) => (part._tag === "Control" ? [part.id] : [])).join()
