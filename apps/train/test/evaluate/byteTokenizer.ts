/**
 * A tokenizer that knows every byte and nothing else, with Qwen's control tokens: any text is writable, a token a byte.
 */

import { getOrElseW } from "fp-ts/lib/Either.js"
import { addedToken, byteLevel } from "../../src/model/CharacterTokenizer.ts"
import { type FolderTokenizer, folderTokenizer } from "../../src/model/tokenizer/readTokenizer.ts"

/** GPT-2's names of the bytes: printable ones are themselves, the others are moved behind 255. */
const byteNames = (): ReadonlyArray<string> => {
  const isPrintable = (byte: number): boolean =>
    (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || (byte >= 174 && byte <= 255)
  let moved = 256
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(isPrintable(byte) ? byte : moved++))
}

/** The control tokens, with ids from 256. */
export const controls = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"] as const

/** The contents of the tokenizer's two files. */
export const byteTokenizer = (): {
  readonly tokenizer: object
  readonly tokenizerConfig: Readonly<Record<string, unknown>>
} => ({
  tokenizer: byteLevel(
    controls.map((content, i) => addedToken(256 + i, content, true)),
    Object.fromEntries(byteNames().map((name, byte) => [name, byte])),
  ),
  tokenizerConfig: {
    tokenizer_class: "PreTrainedTokenizerFast",
    pad_token: "<|endoftext|>",
    eos_token: "<|im_end|>",
    bos_token: null,
    unk_token: null,
    clean_up_tokenization_spaces: false,
  },
})

/** ChatML, as a chat template. */
export const chatMl =
  "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}" +
  "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"

/** The tokenizer of a folder that has these files. */
export const tokenizerWith = (chatTemplate: string | undefined): FolderTokenizer => {
  const { tokenizer, tokenizerConfig } = byteTokenizer()
  return getOrElseW((problem: string): never => {
    throw new Error(problem)
  })(folderTokenizer({ tokenizerJson: tokenizer, tokenizerConfig, chatTemplate }))
}
