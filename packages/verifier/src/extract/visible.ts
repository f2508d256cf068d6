/**
 * The part of a response that is addressed to the reader.
 */
import { type Span } from "./span.ts"

/** What ends a model's thoughts, in the formats of R1 and of TRL. */
const ends = ["</think>", "</REASONING_END>"] as const

/** What begins the next turn of a chat, or ends the text. */
const turns = ["<|im_start|>", "<|im_end|>", "<|endoftext|>", "<|eot_id|>", "</s>"] as const

/** Minerva's prompt teaches models this sentence; it says nothing. */
const courtesy = "I hope it is correct."

/** See the module header. Where nothing but blanks would be left, the whole. */
export const visible = (response: string): Span => {
  let start = 0
  let end = response.length
  if (response.includes("</"))
    for (const mark of ends) {
      const at = response.lastIndexOf(mark)
      if (at >= 0 && !isBlank(response, at + mark.length, end)) start = Math.max(start, at + mark.length)
    }
  for (const mark of turns) {
    const at = response.indexOf(mark, start)
    if (at >= 0 && at < end && !isBlank(response, start, at)) end = at
  }
  const polite = response.lastIndexOf(courtesy, end)
  if (polite > start && isBlank(response, polite + courtesy.length, end) && !isBlank(response, start, polite))
    end = polite
  return { start, end }
}

const isBlank = (text: string, start: number, end: number): boolean => text.slice(start, end).trim() === ""
