/**
 * The control token that ends an assistant's turn in a tokenizer's chat template.
 *
 *     render([user: …, assistant: words])  =  … words <|im_end|> …        the first control token behind the words
 *
 * A chat model's files list it among the tokens that end a text. A base model's often do not (Qwen2.5's name <|endoftext|> alone), and
 * though it ends its turns as the template shows it, it would then go on with a user's.
 */
import * as E from "fp-ts/lib/Either.js"
import { cut } from "../../model/tokenizer/ControlTokens.ts"
import { freeMark } from "../../model/tokenizer/masking.ts"
import type { FolderTokenizer } from "../../model/tokenizer/readTokenizer.ts"

/** See the module header; undefined where there is no template, or none that ends a turn so. */
export const turnEnd = ({ encodings, template }: FolderTokenizer): number | undefined => {
  if (E.isLeft(template)) return undefined
  // Words that nothing else in the rendered text can be, and that no template strips.
  const words = freeMark([template.right.source])
  if (words === undefined) return undefined
  const rendered = template.right.render({
    messages: [
      { role: "user", content: "1" },
      { role: "assistant", content: words },
    ],
    generationPrompt: false,
  })
  if (E.isLeft(rendered) || !rendered.right.includes(words)) return undefined
  const behind = rendered.right.slice(rendered.right.lastIndexOf(words) + words.length)
  return cut(behind, encodings.controls).find((part) => part._tag === "Control")?.id
}
