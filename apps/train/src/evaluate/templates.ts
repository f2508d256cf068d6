/**
 * Prompt templates: how a problem becomes what a model reads.
 *
 *     text      what a model without a conversation reads, control tokens written out
 *     messages  the conversation that it renders, for servers that render it themselves
 *
 * | name         | what it is                                                                               |
 * |--------------|------------------------------------------------------------------------------------------|
 * | `qwen-boxed` | Qwen's chat form with a request for a \boxed{} answer: SimpleRL-Zoo, arXiv 2503.18892    |
 * | `plain`      | the problem and nothing else                                                             |
 * | `r1`         | the base-model prompt of DeepSeek-R1-Zero, arXiv 2501.12948, table 1                     |
 *
 * or a file of one's own, with {problem} where the problem goes.
 */
import type { Message, Prompt } from "./Sampler.ts"

// model

/** In the text and in the messages' contents, `{problem}` stands for the problem. */
export interface Template {
  readonly name: string
  readonly text: string
  readonly messages: ReadonlyArray<Message>
}

/** What a template replaces. */
export const hole = "{problem}"

// constructors

const qwenSystem = "You are a helpful assistant."
/** A problem with the request that SimpleRL-Zoo puts behind it. */
export const boxedRequest = (problem: string): string =>
  `${problem}\nPlease reason step by step, and put your final answer within \\boxed{}.`
const qwenUser = boxedRequest(hole)

const r1System =
  "A conversation between User and Assistant. The user asks a question, and the Assistant solves it. The assistant first " +
  "thinks about the reasoning process in the mind and then provides the user with the answer. The reasoning process and " +
  "answer are enclosed within <think> </think> and <answer> </answer> tags, respectively, i.e., <think> reasoning process " +
  "here </think> <answer> answer here </answer>."

/** The built-in templates. */
export const templates: ReadonlyArray<Template> = [
  {
    name: "qwen-boxed",
    text:
      `<|im_start|>system\n${qwenSystem}<|im_end|>\n` +
      `<|im_start|>user\n${qwenUser}<|im_end|>\n<|im_start|>assistant\n`,
    messages: [
      { role: "system", content: qwenSystem },
      { role: "user", content: qwenUser },
    ],
  },
  { name: "plain", text: hole, messages: [{ role: "user", content: hole }] },
  {
    name: "r1",
    text: `${r1System} User: ${hole}. Assistant:`,
    messages: [
      { role: "system", content: r1System },
      { role: "user", content: hole },
    ],
  },
]

/** The template of a file's content; undefined when there is no place for the problem. */
export const templateOf = (name: string, text: string): Template | undefined =>
  text.includes(hole) ? { name, text, messages: [{ role: "user", content: hole }] } : undefined

// destructors

/**
 * The control tokens that end a response in this form, besides those that the model's files name: <|im_end|>, where the text ends turns
 * with it. A base model's own files name the end of a text only, and it would write the next turn too.
 */
export const endsOf = ({ text }: Template): ReadonlyArray<string> =>
  turnEnds.filter((end) => text.includes(end))

/** Of ChatML, which Qwen's models are trained on. */
const turnEnds: ReadonlyArray<string> = ["<|im_end|>"]

// combinators

/** The prompt of a problem. */
export const promptOf = ({ text, messages }: Template, id: string, problem: string): Prompt => {
  // Not by a pattern's replacement text: the problem's own $& and $1 stay what they are.
  const fill = (part: string): string => part.split(hole).join(problem)
  const parts = text.split(hole)
  return {
    problem: id,
    text: fill(text),
    messages: messages.map(({ role, content }) => ({ role, content: fill(content) })),
    problemAt: parts.slice(1).map((_, i) => {
      const before = parts.slice(0, i + 1).reduce((length, part) => length + part.length, 0)
      const start = before + i * problem.length
      return { start, end: start + problem.length }
    }),
  }
}
